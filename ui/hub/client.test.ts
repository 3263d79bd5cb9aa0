import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ok } from '../../shared/errors.ts';
import type { PaneDelta } from '../../shared/hub-api.ts';
import type { DirectoryDelta } from '../../shared/directory.ts';
import { createClientWorld, type ClientWorld } from '../testing/client-world.ts';
import type { FakeTimers } from '../testing/fake-env.ts';
import type { FakeHub } from '../testing/fake-hub.ts';
import { makeSnapshot } from '../testing/hub-fixtures.ts';
import { emptyState } from '../../shared/state.ts';
import type { HubClient } from './client.ts';
import { ASK_MS, COMMAND_MS, HELLO_MS, QUIET_MS, SILENCE_MS, type Link } from './link.ts';

let world: ClientWorld;
let hub: FakeHub;
let timers: FakeTimers;
let client: HubClient;
let links: Link[];
let got: ClientWorld['got'];

beforeEach(() => {
  world = createClientWorld();
  ({ hub, timers, client, links, got } = world);
  world.visible = false;
});
afterEach(() => world.close());

const state = () => world.state();
const attached = () => world.attached();
const start = () => world.start();
const directory = (version: number): DirectoryDelta => ({
  version,
  reset: true,
  rows: [],
  removed: [],
});

describe('handshake', () => {
  test('[H12] hello comes first, then attach with a port of its own', async () => {
    await start();
    expect(hub.hellos).toEqual([{ protocol: 1, build: 'page-build' }]);
    expect(hub.attaches).toEqual([
      {
        tabId: 'tab-1',
        attachment: 1,
        directoryVersion: 0,
        watch: { watchId: 1, sessionId: 's1', cursor: null },
      },
    ]);
    expect(links.map((link) => link.state)).toEqual(['connecting', 'attached']);
  });

  test('[H12] a hub of another protocol is not attached to, in a worker or in the page, and the tab says so', async () => {
    hub.protocol = 2;
    client.start();
    await vi.waitFor(() => expect(state()).toBe('outdated'));
    expect(hub.attaches).toEqual([]);
    expect(hub.places.map(({ kind }) => kind)).toEqual(['worker', 'page']);
    expect(hub.closed).toBe(2);
    expect(timers.count).toBe(0);
  });

  test('[H12] a batch of another hub: attach again, from the beginning of its directory', async () => {
    await start();
    hub.send({ directory: directory(7) });
    await vi.waitFor(() => expect(hub.acks).toEqual([1]));
    hub.hubId = 'hub-2';
    hub.send({ connection: { state: 'live' } });
    await vi.waitFor(() => expect(hub.attaches).toHaveLength(2));
    expect(hub.attaches[1]?.directoryVersion).toBe(0);
    expect(got).toEqual([directory(7)]);
    expect(hub.acks).toEqual([1]);
  });

  test('a hub that does not answer in time is tried again, and the tab says so', async () => {
    hub.mood = 'silent';
    client.start();
    await vi.waitFor(() => {
      if (state() === 'connecting') timers.advance(HELLO_MS);
      expect(state()).toBe('waiting');
    });
    expect(links.at(-1)).toMatchObject({ attempt: 1, error: { code: 'timeout' } });
    await vi.waitFor(() => expect(hub.closed).toBe(1));
    hub.mood = 'well';
    timers.advance(250);
    expect(links.at(-1)).toEqual({ state: 'connecting', attempt: 2 });
    await attached();
  });

  test('a worker whose script fails is tried again, and the tab says why', async () => {
    hub.mood = 'broken';
    client.start();
    await vi.waitFor(() => expect(state()).toBe('waiting'));
    expect(links.at(-1)).toMatchObject({
      error: { code: 'unavailable', message: expect.stringContaining('could not be loaded') },
    });
    hub.mood = 'well';
    client.retry();
    await attached();
  });

  test('a connection that comes after its attempt was given up is closed', async () => {
    client.start();
    client.suspend();
    await vi.waitFor(() => expect(hub.closed).toBe(1));
    expect(hub.hellos).toEqual([]);
  });
});

describe('deliveries', () => {
  test('[H4] a batch is acknowledged after the sink has it', async () => {
    await start();
    const pane: PaneDelta = {
      watchId: 1,
      kind: 'snapshot',
      reason: 'start',
      state: emptyState('l'),
    };
    hub.send({ connection: { state: 'live' }, directory: directory(3), pane });
    await vi.waitFor(() => expect(hub.acks).toEqual([1]));
    expect(got).toEqual([{ state: 'live' }, directory(3), pane]);
  });

  test('[T4] the build that the server runs is told', async () => {
    await start();
    hub.send({ serverBuild: 'newer' });
    await vi.waitFor(() => expect(hub.acks).toEqual([1]));
    expect(world.builds).toEqual(['newer']);
  });

  test('[H5] a ping is acknowledged', async () => {
    await start();
    hub.send({});
    await vi.waitFor(() => expect(hub.acks).toEqual([1]));
    expect(got).toEqual([]);
  });

  test('the same hub is told the directory version that the tab holds', async () => {
    await start();
    hub.send({ directory: directory(9) });
    await vi.waitFor(() => expect(hub.acks).toEqual([1]));
    client.suspend();
    client.resume();
    await attached();
    expect(hub.attaches[1]?.directoryVersion).toBe(9);
  });

  test('a changed watch is told; a hub that does not know the tab is attached to again', async () => {
    await start();
    client.rewatch();
    await vi.waitFor(() => expect(hub.watches).toHaveLength(1));
    expect(hub.watches[0]?.watchId).toBe(2);
    expect(hub.attaches).toHaveLength(1);
    hub.knowsTab = false;
    client.rewatch();
    await vi.waitFor(() => expect(hub.attaches).toHaveLength(2));
  });

  test('[H5] after silence the tab asks whether it is still attached', async () => {
    await start();
    timers.advance(QUIET_MS - 1);
    hub.send({});
    await vi.waitFor(() => expect(hub.acks).toEqual([1]));
    timers.advance(SILENCE_MS - 1);
    expect(world.watchId).toBe(1);
    timers.advance(1);
    await vi.waitFor(() => expect(hub.watches).toHaveLength(1));
  });

  test('[H5] a tab that thaws asks only when it heard nothing for a while', async () => {
    await start();
    client.probe();
    expect(world.watchId).toBe(1);
    timers.advance(QUIET_MS);
    hub.knowsTab = false;
    client.probe();
    await vi.waitFor(() => expect(hub.attaches).toHaveLength(2));
  });

  test('[H5] the batch that waited for a frozen tab proves no lease: it asks, attaches at its cursor, and shows no difference', async () => {
    await start();
    hub.send({});
    await vi.waitFor(() => expect(hub.acks).toEqual([1]));
    expect(world.watchId).toBe(1);
    const shown = [...links];
    world.cursor = 'log-1:42';
    hub.knowsTab = false;
    timers.advance(QUIET_MS);
    hub.send({});
    await vi.waitFor(() => expect(hub.attaches).toHaveLength(2));
    expect(hub.attaches[1]).toMatchObject({ watch: { watchId: 3, cursor: 'log-1:42' } });
    expect(hub.watches).toMatchObject([{ watchId: 2, cursor: 'log-1:42' }]);
    const n = hub.send({});
    await vi.waitFor(() => expect(hub.acks).toContain(n));
    expect(links).toEqual(shown);
    expect(hub.connections).toBe(1);
    expect(world.watchId).toBe(3);
  });

  test('[H5] [T4] a tab whose attaching anew is not answered looks for another hub', async () => {
    await start();
    hub.knowsTab = false;
    hub.attachHangs = true;
    client.rewatch();
    await vi.waitFor(() => expect(hub.attaches).toHaveLength(2));
    timers.advance(HELLO_MS);
    await vi.waitFor(() => expect(state()).toBe('waiting'));
  });
});

describe('page life', () => {
  test('[T1] suspend detaches by message and closes both ports; resume attaches at the cursor', async () => {
    await start();
    const deliveries = world.ports[0];
    const closed = vi.fn<() => void>();
    if (deliveries !== undefined) deliveries.close = new Proxy(deliveries.close, { apply: closed });
    client.suspend();
    expect(closed).toHaveBeenCalledOnce();
    expect(hub.closed).toBe(1);
    expect(timers.count).toBe(0);
    expect(state()).toBe('suspended');
    await vi.waitFor(() => expect(hub.detached).toEqual(['tab-1']));

    world.cursor = 'log-1:42';
    client.resume();
    await attached();
    expect(hub.attaches[1]).toMatchObject({
      tabId: 'tab-1',
      attachment: 2,
      watch: { cursor: 'log-1:42' },
    });
  });

  test('[O13] a command in the last moment before the page is put aside still reaches the hub', async () => {
    client.start();
    await vi.waitFor(() => expect(state()).toBe('attached'));
    const result = client.commands.patchSession('s', { draft: 'half' });
    client.suspend();
    await vi.waitFor(() => expect(hub.detached).toHaveLength(1));
    expect(hub.commands.calls).toEqual([{ name: 'patchSession', args: ['s', { draft: 'half' }] }]);
    expect(await result).toMatchObject({ ok: false, error: { code: 'timeout' } });
  });

  test('resume without suspend does nothing', async () => {
    await start();
    client.resume();
    expect(hub.connections).toBe(1);
    expect(state()).toBe('attached');
  });

  test('[H11] close detaches and leaves no timer; twice is a no-op', async () => {
    await start();
    client.close();
    client.close();
    expect(timers.count).toBe(0);
    expect(hub.closed).toBe(1);
    expect(links.filter((link) => link.state === 'closed')).toHaveLength(1);
    await vi.waitFor(() => expect(hub.detached).toEqual(['tab-1']));
    client.start();
    client.resume();
    client.retry();
    expect(state()).toBe('closed');
  });

  test('[H11] close while connecting leaves no timer', async () => {
    hub.mood = 'silent';
    client.start();
    const command = client.commands.agents();
    client.close();
    expect(await command).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(timers.count).toBe(0);
  });
});

describe('commands', () => {
  test('a command waits until the tab is attached', async () => {
    const command = client.commands.agents();
    client.start();
    expect(await command).toMatchObject({ ok: true });
  });

  test('a hub that does not come: nothing was sent, and the value says so', async () => {
    hub.mood = 'silent';
    client.start();
    const command = client.commands.cancel('s1', 't1');
    timers.advance(COMMAND_MS);
    expect(await command).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  });

  test('no answer in time: it may have happened, and the value says so', async () => {
    await start();
    hub.commands.answers.prompt = () => new Promise(() => {});
    const command = client.commands.prompt('s1', { prompt: 'hello', key: 'k' });
    await vi.waitFor(() => expect(hub.commands.calls).toHaveLength(1));
    timers.advance(COMMAND_MS);
    expect(await command).toMatchObject({ ok: false, error: { code: 'timeout' } });
  });

  test('[T1] a command that was on its way when the page was put aside settles', async () => {
    await start();
    hub.commands.answers.prompt = () => new Promise(() => {});
    const command = client.commands.prompt('s1', { prompt: 'hello', key: 'k' });
    await vi.waitFor(() => expect(hub.commands.calls).toHaveLength(1));
    client.suspend();
    expect(await command).toMatchObject({ ok: false, error: { code: 'timeout' } });
  });

  test('a hub that throws becomes a value', async () => {
    await start();
    hub.commands.answers.agents = () => Promise.reject(new Error('boom'));
    expect(await client.commands.agents()).toMatchObject({
      ok: false,
      error: { code: 'internal', message: expect.stringContaining('boom') },
    });
  });

  test('[O3] every command carries its ids to the hub', async () => {
    await start();
    const { commands } = client;
    await commands.createSession({ agent: 'demo' });
    await commands.patchSession('s1', { title: 'New' });
    await commands.deleteSession('s2');
    await commands.startQueued('s3', 't3');
    await commands.removeQueued('s4', 't4');
    await commands.cancel('s5', 't5');
    await commands.answer('s6', 'r6', { action: 'decline' });
    await commands.olderTurns('s7', 20);
    expect(hub.commands.calls).toEqual([
      { name: 'createSession', args: [{ agent: 'demo' }] },
      { name: 'patchSession', args: ['s1', { title: 'New' }] },
      { name: 'deleteSession', args: ['s2'] },
      { name: 'startQueued', args: ['s3', 't3'] },
      { name: 'removeQueued', args: ['s4', 't4'] },
      { name: 'cancel', args: ['s5', 't5'] },
      { name: 'answer', args: ['s6', 'r6', { action: 'decline' }] },
      { name: 'olderTurns', args: ['s7', 20] },
    ]);
  });

  test('[H8] a hub in trouble is told that somebody came to look; one that is live is not', async () => {
    await start();
    client.probe();
    hub.send({ connection: { state: 'live' } });
    await vi.waitFor(() => expect(hub.acks).toEqual([1]));
    client.probe();
    const error = { code: 'network' as const, message: 'gone' };
    hub.send({
      connection: { state: 'reconnecting', attempt: 1, since: 0, retryAt: 1, error },
    });
    await vi.waitFor(() => expect(hub.acks).toEqual([1, 2]));
    expect(hub.looks).toBe(0);
    client.probe();
    await vi.waitFor(() => expect(hub.looks).toBe(1));
  });

  test('retry asks an attached hub to connect now', async () => {
    await start();
    client.retry();
    await vi.waitFor(() => expect(hub.retries).toBe(1));
    hub.commands.answers.agents = async () => ok([]);
    expect(await client.commands.agents()).toEqual(ok([]));
  });
});

describe('how the hub does', () => {
  test('[P61] is asked as the present attachment, and as nobody while the page rests', async () => {
    hub.snapshot = makeSnapshot();
    expect(await client.inspect()).toBeNull();
    await start();
    expect(await client.inspect()).toEqual(hub.snapshot);
    expect(hub.inspections).toEqual([['tab-1', 1]]);
    client.suspend();
    expect(await client.inspect()).toBeNull();
    expect(hub.inspections).toHaveLength(1);
  });

  test('[P61] is not known when no answer comes in time', async () => {
    await start();
    hub.die();
    const asked = client.inspect();
    await vi.waitFor(() => expect(timers.count).toBeGreaterThan(0));
    timers.advance(ASK_MS);
    expect(await asked).toBeNull();
  });
});
