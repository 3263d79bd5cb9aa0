import { expect, test, vi } from 'vitest';
import type { SharedWorkerLike, SharedWorkerOptions } from '../env.ts';
import { createConnectHub, type HubModule, type Place } from './connect.ts';

const never = () => Promise.reject<HubModule>(new Error('not to be imported'));

const first: Place = { kind: 'worker', generation: 0 };

function fakeWorker() {
  const made: { url: string; options: SharedWorkerOptions }[] = [];
  const { port1, port2 } = new MessageChannel();
  let fail: ((event: Event) => void) | null = null;
  class FakeWorker implements SharedWorkerLike {
    readonly port = port1;
    constructor(url: string, options: SharedWorkerOptions) {
      made.push({ url, options });
    }
    addEventListener(_type: 'error', run: (event: Event) => void) {
      fail = run;
    }
  }
  return { made, port1, port2, FakeWorker, fail: (event: Event) => fail?.(event) };
}

test('the worker is always made with the same options', async () => {
  const { made, port1, port2, FakeWorker } = fakeWorker();
  const connect = createConnectHub({
    url: '/hub.js',
    SharedWorker: FakeWorker,
    importHub: never,
    createChannel: () => new MessageChannel(),
  });
  const connection = await connect(first, () => {});
  expect(connection.port).toBe(port1);
  connection.close();
  connection.close();
  expect(made).toEqual([
    { url: '/hub.js', options: { type: 'module', name: 'tabcast', extendedLifetime: true } },
  ]);
  port2.close();
});

test('a worker that fails is told, with its message if it has one', async () => {
  const { port2, FakeWorker, fail } = fakeWorker();
  const onError = vi.fn<(message: string) => void>();
  const connect = createConnectHub({
    url: '/hub.js',
    SharedWorker: FakeWorker,
    importHub: never,
    createChannel: () => new MessageChannel(),
  });
  const connection = await connect(first, onError);
  fail(new Event('error'));
  fail(Object.assign(new Event('error'), { message: 'boom' }));
  expect(onError.mock.calls).toEqual([['its script could not be loaded'], ['boom']]);
  connection.close();
  port2.close();
});

test('[T3] without SharedWorker the same hub is connected to in this page', async () => {
  const channel = new MessageChannel();
  const hubPorts: MessagePort[] = [];
  const importHub = vi.fn<(url: string) => Promise<HubModule>>(async () => ({
    connect: (port) => hubPorts.push(port),
  }));
  const connect = createConnectHub({
    url: '/hub.js',
    SharedWorker: null,
    importHub,
    createChannel: () => channel,
  });
  const connection = await connect(first, () => {});
  expect(importHub).toHaveBeenCalledWith('/hub.js');
  expect(hubPorts).toEqual([channel.port1]);
  const answer = new Promise((resolve) => {
    channel.port1.addEventListener('message', (event) => resolve(event.data));
    channel.port1.start();
  });
  connection.port.postMessage('hello');
  expect(await answer).toBe('hello');
  connection.close();
});

test('[T3] a script that lost its export is an error that says so', async () => {
  const connect = createConnectHub({
    url: '/hub.js',
    SharedWorker: null,
    importHub: async () => ({}),
    createChannel: () => new MessageChannel(),
  });
  await expect(connect(first, () => {})).rejects.toThrow('exports no connect');
});

test('[T4] the worker after one that failed has another name', async () => {
  const { made, port2, FakeWorker } = fakeWorker();
  const connect = createConnectHub({
    url: '/hub.js',
    SharedWorker: FakeWorker,
    importHub: never,
    createChannel: () => new MessageChannel(),
  });
  const connection = await connect({ kind: 'worker', generation: 2 }, () => {});
  expect(made.map(({ options }) => options.name)).toEqual(['tabcast-2']);
  expect(connection.inPage).toBe(false);
  connection.close();
  port2.close();
});

test('[T4] the page runs the hub where it is asked to; what failed to load is loaded by another address', async () => {
  const { made, port1, port2, FakeWorker } = fakeWorker();
  const asked: string[] = [];
  let fails = true;
  const connect = createConnectHub({
    url: '/hub.js',
    SharedWorker: FakeWorker,
    async importHub(url) {
      asked.push(url);
      if (fails) throw new Error('not found');
      return { connect: (port) => port.close() };
    },
    createChannel: () => new MessageChannel(),
  });
  const page: Place = { kind: 'page' };
  await expect(connect(page, () => {})).rejects.toThrow('not found');
  fails = false;
  for (const connection of [await connect(page, () => {}), await connect(page, () => {})]) {
    expect(connection.inPage).toBe(true);
    connection.close();
  }
  expect(asked).toEqual(['/hub.js', '/hub.js?again=1']);
  expect(made).toEqual([]);
  port1.close();
  port2.close();
});
