/** What the hub says of itself to the page that shows it. */
import { afterEach, expect, test } from 'vitest';
import { SNAPSHOT_LIMITS, type HubSnapshot } from '../shared/hub-snapshot.ts';
import { settled } from './testing/fake-clock.ts';
import type { FakeTab } from './testing/fake-tab.ts';
import { createWorld, expectClean, type World } from './testing/world.ts';

let world: World;
afterEach(() => expectClean(world));

/** Every tab of these worlds has attached once. */
const inspect = async (tab: FakeTab): Promise<HubSnapshot> => {
  const snapshot = await world.hub.api.inspect(tab.tabId, 1);
  if (snapshot === null) throw new Error('the hub said nothing');
  return snapshot;
};

test('[P60] streams, lane, tabs and cursors, as they are', async () => {
  world = createWorld(['a', 'b', 'c', 'd', 'e', 'f']);
  const { server, clock } = world;
  for (const id of ['a', 'b', 'c', 'd', 'e']) server.prompt(id);
  const one = await world.open('a');
  const two = await world.open('f');
  await clock.advance(3_000);
  for (let n = 0; n < 5; n += 1) server.say('a', `${n} `);
  await settled();

  const snapshot = await inspect(one);
  expect(snapshot).toMatchObject({
    build: 'test',
    connection: { state: 'live' },
    ownStreams: 3,
    own: 3,
    riding: 2,
    tabCount: 2,
    lane: { stream: { state: 'live' } },
  });
  expect(snapshot.at - snapshot.startedAt).toBe(clock.elapsed);
  expect(snapshot.lane.bytes).toBeGreaterThan(0);
  const seats = new Map(snapshot.sessions.map(({ logId, seat }) => [logId, seat]));
  expect(seats.get('log-a')).toBe('own');
  expect(seats.get('log-f')).toBe('none');
  expect([...seats.values()].filter((seat) => seat === 'lane')).toHaveLength(2);
  const a = snapshot.sessions.find(({ logId }) => logId === 'log-a');
  const { seq } = server.state('a');
  expect(a).toMatchObject({ seq, stream: { state: 'live' } });
  expect(a?.events).toBeGreaterThanOrEqual(5);
  expect(a?.size).toBeGreaterThan(100);

  expect(snapshot.tabs.map(({ tabId, you }) => [tabId, you])).toEqual([
    ['tab-1', true],
    ['tab-2', false],
  ]);
  const level = { events: 0, ms: 0 };
  expect(snapshot.tabs[0]).toMatchObject({
    shows: { sessionId: 'a', logId: 'log-a' },
    seq,
    behind: level,
    inFlight: false,
  });
  // The other one sees itself first.
  expect((await inspect(two)).tabs[0]).toMatchObject({ tabId: 'tab-2', you: true });
});

test('[P62] a tab that does not answer is behind, by events and by time', async () => {
  world = createWorld(['a']);
  const { server, clock } = world;
  server.prompt('a');
  const one = await world.open('a');
  const slow = await world.open('a');
  slow.frozen = true;
  const before = (await inspect(one)).tabs[1];
  for (let n = 0; n < 4; n += 1) server.say('a', 'x');
  await settled();
  await clock.advance(2_000);
  const { tabs } = await inspect(one);
  expect(tabs[0]).toMatchObject({ behind: { events: 0, ms: 0 } });
  expect(tabs[1]).toMatchObject({ inFlight: true, behind: { events: 4, ms: 2_000 } });
  expect(tabs[1]?.acks).toBe(before?.acks);
});

test('[P60] a stream that is lost says when it is tried again, and why', async () => {
  world = createWorld(['a']);
  const { server, clock } = world;
  const one = await world.open('a');
  server.fault = () => 'fail';
  server.dropAll();
  await clock.advance(100);
  const { lane } = await inspect(one);
  expect(lane.stream).toMatchObject({ state: 'waiting', error: { code: 'network' } });
});

test('[P61] it is as long as its bounds, however many there are', async () => {
  const names = Array.from({ length: 12 }, (_, n) => `s${n}`);
  world = createWorld(names);
  const tabs = [];
  for (let n = 0; n < SNAPSHOT_LIMITS.tabs + 5; n += 1) {
    tabs.push(await world.open(names[n % names.length] ?? null));
  }
  const last = tabs.at(-1);
  if (last === undefined) throw new Error('no tab');
  const snapshot = await inspect(last);
  expect(snapshot.tabs).toHaveLength(SNAPSHOT_LIMITS.tabs);
  expect(snapshot.tabs[0]?.you).toBe(true);
  expect(snapshot.tabCount).toBe(SNAPSHOT_LIMITS.tabs + 5);
});

test('[P61] [A4] nothing is said to a tab that is not attached', async () => {
  world = createWorld(['a']);
  const one = await world.open('a');
  expect(await world.hub.api.inspect('another', 1)).toBeNull();
  expect(await world.hub.api.inspect(one.tabId, 2)).toBeNull();
  await one.detach();
  expect(await world.hub.api.inspect(one.tabId, 1)).toBeNull();
});
