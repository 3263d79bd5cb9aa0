import { afterEach, expect, test, vi } from 'vitest';
import { browserEnv } from './env.ts';
import { createProtocol } from './protocol.ts';
import { settled } from './testing/fake-clock.ts';
import { createFakeEnv } from './testing/fake-env.ts';
import { createFakeFetch, jsonResponse } from './testing/fake-fetch.ts';

afterEach(() => vi.unstubAllGlobals());

function setUp() {
  const net = createFakeFetch();
  const { env, tellProtocol } = createFakeEnv(net.fetch);
  const budgets: number[] = [];
  const protocol = createProtocol(env, () => budgets.push(protocol.ownStreams));
  return { net, env, tellProtocol, budgets, protocol };
}

test('[H3] HTTP/1.1 is assumed; each change of the budget is told once', () => {
  const { tellProtocol, budgets, protocol } = setUp();
  expect([protocol.name, protocol.ownStreams]).toEqual([null, 3]);
  for (const name of ['http/1.1', 'h2', 'h2', 'h3', 'http/1.0', 'h3-29', 'hq', 'spdy/3.1']) {
    tellProtocol(name);
    expect(protocol.name).toBe(name);
  }
  expect(budgets).toEqual([64, 3, 64, 3]);
  protocol.close();
  protocol.close();
  tellProtocol('h2');
  expect(budgets).toHaveLength(4);
});

test('[H3] one question at a time, none once it is answered, and another one after a doubt', async () => {
  const { net, protocol } = setUp();
  protocol.find();
  protocol.find();
  expect(net.requests.map(({ url }) => url.pathname)).toEqual(['/healthz']);
  net.last().respond(jsonResponse(200, {}));
  await settled();
  protocol.find();
  expect(net.requests).toHaveLength(1);
  protocol.doubt();
  protocol.find();
  expect(net.requests).toHaveLength(2);
  net.last().fail();
  await settled();
  protocol.find();
  expect(net.requests).toHaveLength(3);
  protocol.doubt();
  expect(net.last().aborted).toBe(true);
  await settled();
  protocol.find();
  protocol.close();
  expect(net.requests.map(({ aborted }) => aborted)).toEqual([false, false, true, true]);
  protocol.find();
  expect(net.requests).toHaveLength(4);
});

test('[H3] where the browser does not tell, nothing is asked', () => {
  const { net, env } = setUp();
  const protocol = createProtocol({ ...env, hearProtocol: null }, () => {});
  protocol.find();
  expect(net.requests).toEqual([]);
  expect(protocol.ownStreams).toBe(3);
});

test('[H3] the newest request to the API counts, not a file, a failed one or an old stream that ends', () => {
  vi.stubGlobal('location', { origin: 'https://tabcast.test' });
  vi.stubGlobal('PerformanceObserver', undefined);
  expect(browserEnv('test').hearProtocol).toBeNull();

  class Entry {
    initiatorType = 'fetch';
    name = 'https://tabcast.test/api/events';
    startTime = 0;
    nextHopProtocol = 'h2';
  }
  let tell = (_entries: Entry[]): void => {};
  const disconnect = vi.fn<() => void>();
  vi.stubGlobal('PerformanceResourceTiming', Entry);
  vi.stubGlobal(
    'PerformanceObserver',
    class {
      disconnect = disconnect;
      constructor(run: (list: { getEntries(): Entry[] }) => void) {
        tell = (entries) => run({ getEntries: () => entries });
      }
      observe(options: unknown): void {
        expect(options).toEqual({ type: 'resource' });
      }
    },
  );
  const heard: string[] = [];
  const cancel = browserEnv('test').hearProtocol?.((name) => heard.push(name));
  const entry = (patch: Partial<Entry>): Entry => Object.assign(new Entry(), patch);
  tell([entry({ startTime: 5, nextHopProtocol: 'http/1.1' })]);
  tell([
    entry({ startTime: 6, initiatorType: 'script' }),
    entry({ startTime: 6, name: 'https://tabcast.test.evil.example/' }),
    entry({ startTime: 6, nextHopProtocol: '' }),
    entry({ startTime: 4 }),
  ]);
  expect(heard).toEqual(['http/1.1']);
  tell([entry({ startTime: 7 })]);
  expect(heard).toEqual(['http/1.1', 'h2']);
  cancel?.();
  expect(disconnect).toHaveBeenCalledTimes(1);
});
