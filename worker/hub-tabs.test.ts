import { afterEach, expect, test } from 'vitest';
import { BUILD_HEADER } from '../shared/api.ts';
import { settled } from './testing/fake-clock.ts';
import { jsonResponse } from './testing/fake-fetch.ts';
import { createFakePort } from './testing/fake-port.ts';
import { createWorld, expectClean, expectPanes, shown, type World } from './testing/world.ts';

let world: World;

afterEach(() => {
  expectClean(world);
});

const worldOf = (...sessionIds: string[]): World => (world = createWorld(sessionIds));
const expectLive = (...sessionIds: string[]): void => expectPanes(world, sessionIds);

test('[H4] a frozen tab costs one batch; thawed, it has everything in the next', async () => {
  const { server, open } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  const other = await open('a');
  tab.frozen = true;
  for (let n = 0; n < 1_500; n += 1) {
    server.say('a', `${n} `);
    if (n % 100 === 0) await settled();
  }
  await settled();
  expect(tab.port.inbox).toHaveLength(1);
  expect(shown(other.state)).toEqual(shown(server.state('a')));
  const taken = tab.batches.length;
  tab.frozen = false;
  tab.pump();
  await settled();
  expect(tab.batches).toHaveLength(taken + 2);
  expect(tab.batches.at(-1)?.pane).toMatchObject({ kind: 'events' });
  expectLive('a');
});

test('[H4] a frozen tab that lacks more than is kept gets one snapshot', async () => {
  const { server, open } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  tab.frozen = true;
  for (let n = 0; n < 5_000; n += 1) server.say('a', `${n} `);
  await settled();
  tab.frozen = false;
  tab.pump();
  await settled();
  expect(tab.batches.at(-1)?.pane).toMatchObject({ kind: 'snapshot', reason: 'behind' });
  expectLive('a');
});

test('[H5] a silent tab is dropped after its lease and leaves nothing; it may come back', async () => {
  const { server, open, clock, hub } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  await open(null);
  tab.frozen = true;
  await clock.advance(24_000);
  expect(hub.inspect().tabs).toHaveLength(2);
  server.say('a', 'x');
  await clock.advance(21_000);
  expect(hub.inspect().tabs).toHaveLength(1);
  expect(tab.port).toMatchObject({ closed: true, onmessage: null });
  tab.frozen = false;
  expect(await hub.api.watch(tab.tabId, 1, null)).toBe(false);
  const before = tab.state?.seq;
  await tab.attach();
  await settled();
  expect(before).toBe(2);
  expectLive('a');
  expect(tab.batches.at(-1)?.pane).toMatchObject({ kind: 'events' });
});

test('[H5] pings keep a quiet tab, and a machine that slept drops none', async () => {
  const { open, clock, hub } = worldOf('a');
  const tab = await open('a');
  await clock.advance(600_000);
  expect(hub.inspect().tabs).toHaveLength(1);
  const pings = tab.batches.filter((batch) => Object.keys(batch).length === 2);
  expect(pings).toHaveLength(60);
  clock.jump(36_000_000);
  await clock.advance(5_000);
  expect(hub.inspect().tabs).toHaveLength(1);
});

test('[T4] every tab is told which build the server runs, once and when it changes', async () => {
  const { server, open, hub } = worldOf('a');
  const one = await open('a');
  const told = (): unknown[] =>
    [one, two].map(({ batches }) => batches.flatMap(({ serverBuild }) => serverBuild ?? []));
  const answerFrom = async (build: string): Promise<void> => {
    server.fault = () => jsonResponse(200, { agents: [] }, { [BUILD_HEADER]: build });
    await hub.api.agents();
    server.fault = null;
    await settled();
  };
  await answerFrom('older');
  const two = await open(null);
  await answerFrom('older');
  expect(told()).toEqual([['older'], ['older']]);
  await answerFrom('newer');
  expect(told()).toEqual([
    ['older', 'newer'],
    ['older', 'newer'],
  ]);
});

test('[T4] [H3] a hub of another build than the server’s keeps one connection: the newer hub needs the others', async () => {
  const { server, open, hub } = worldOf('a', 'b');
  for (const sessionId of ['a', 'b']) {
    server.prompt(sessionId);
    await open(sessionId);
  }
  expect(server.streams()).toHaveLength(3);
  for (const [build, streams] of [
    ['test', 3],
    ['newer', 1],
  ] as const) {
    server.fault = ({ url }) =>
      url.pathname === '/api/agents'
        ? jsonResponse(200, { agents: [] }, { [BUILD_HEADER]: build })
        : null;
    await hub.api.agents();
    await settled();
    expect(server.streams()).toHaveLength(streams);
  }
  for (const sessionId of ['a', 'b']) {
    server.say(sessionId, 'still here');
    server.end(sessionId);
  }
  await settled();
  expectLive('a', 'b');
});

test('[H6] a tab whose port throws harms no other', async () => {
  const { server, open, hub } = worldOf('a');
  server.prompt('a');
  const tabs = [await open('a'), await open('a'), await open('a')];
  const [, sick] = tabs;
  if (sick !== undefined) sick.port.broken = true;
  server.say('a', 'x');
  await settled();
  expect(hub.inspect().tabs.map(({ tabId }) => tabId)).toEqual(['tab-1', 'tab-3']);
  expect(sick?.port.closed).toBe(true);
  expect(tabs[0]?.state).toEqual(server.state('a'));
  expect(tabs[2]?.state).toEqual(server.state('a'));
});

test('attaching again replaces, and the old port is closed', async () => {
  const { server, open, hub } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  const { port } = tab;
  server.say('a', 'x');
  await settled();
  await tab.attach();
  await settled();
  expect(port.closed).toBe(true);
  expect(hub.inspect().tabs).toHaveLength(1);
  expectLive('a');
  await tab.detach();
  await tab.detach();
  expect(hub.inspect().tabs).toEqual([]);
});

test('an ack of another number is ignored', async () => {
  const { server, open, hub } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  tab.frozen = true;
  server.say('a', 'x');
  await settled();
  for (const stale of [{ ack: 0 }, { ack: 99 }, {}, null, 'ack', { ack: '3' }]) {
    tab.port.send(stale);
  }
  server.say('a', 'y');
  await settled();
  expect(tab.port.inbox).toHaveLength(1);
  expect(hub.inspect().tabs[0]?.inFlight).toBe(tab.port.inbox[0]?.n);
});

test('deliveries for an older watch never come after the new one', async () => {
  const { server, open } = worldOf('a', 'b');
  server.prompt('a');
  server.prompt('b');
  const tab = await open('a');
  tab.frozen = true;
  server.say('a', 'x');
  await tab.show('b');
  server.say('a', 'y');
  await tab.show('a');
  server.say('b', 'z');
  await settled();
  tab.frozen = false;
  tab.pump();
  await settled();
  const watchIds = tab.batches.flatMap(({ pane }) => (pane === undefined ? [] : pane.watchId));
  expect(watchIds).toEqual(watchIds.toSorted((x, y) => x - y));
  expectLive('a');
});

test('[H11] close leaves no timer, port or connection; twice is a no-op', async () => {
  const { server, open, hub, timers } = worldOf('a', 'b');
  server.prompt('a');
  const tabs = [await open('a'), await open('b'), await open('nope')];
  server.fault = ({ method }) => (method === 'POST' ? 'hang' : null);
  const command = hub.api.prompt('a', { prompt: 'x', key: 'k' });
  await settled();
  hub.close();
  hub.close();
  expect(timers.pending).toBe(0);
  expect(server.streams()).toEqual([]);
  expect(tabs.every(({ port }) => port.closed && port.onmessage === null)).toBe(true);
  expect(await command).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  const port = createFakePort();
  await hub.api.attach({ tabId: 't', attachment: 1, directoryVersion: 0, watch: null }, port);
  await hub.api.retry();
  expect(port).toMatchObject({ closed: true, inbox: [] });
  expect(await hub.api.agents()).toMatchObject({ ok: false });
  expect(timers.pending).toBe(0);
  expect(server.streams()).toEqual([]);
});
