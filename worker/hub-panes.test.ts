import { afterEach, expect, test } from 'vitest';
import { settled } from './testing/fake-clock.ts';
import { jsonResponse } from './testing/fake-fetch.ts';
import { createFakePort } from './testing/fake-port.ts';
import { createWorld, expectClean, expectPanes, type World } from './testing/world.ts';

let world: World;

afterEach(() => {
  expectClean(world);
});

const worldOf = (...sessionIds: string[]): World => (world = createWorld(sessionIds));
const expectLive = (...sessionIds: string[]): void => expectPanes(world, sessionIds);

test('an unknown session is missing; one that is deleted becomes it', async () => {
  const { server, open } = worldOf('a');
  const tabs = [await open('a'), await open('nope')];
  expect(tabs.map(({ trouble }) => trouble)).toEqual([null, 'missing']);
  server.remove('a');
  await settled();
  expect(tabs.map(({ trouble }) => trouble)).toEqual(['missing', 'missing']);
  expect(world.hub.inspect().logs).toEqual([]);
  expect(tabs[0]?.rows.size).toBe(0);
});

test('a running session that is deleted: stream and log go', async () => {
  const { server, open, clock } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  server.hold('lane');
  server.remove('a');
  await clock.advance(10_000);
  // Told by its own stream (404), before the lane says so.
  expect(tab.trouble).toBe('missing');
  expect(world.hub.inspect()).toMatchObject({ own: [], logs: [] });
  server.release();
  await settled();
  expect(tab.trouble).toBe('missing');
});

test('an id that is none is never sent', async () => {
  const { server, open } = worldOf('a');
  const tab = await open('../agents');
  await tab.show('');
  await settled();
  expect(tab.trouble).toBe('missing');
  expect(server.requests.map(({ url }) => url.pathname)).toEqual(['/api/events', '/healthz']);
});

test('a session that was missing appears', async () => {
  const { server, open } = worldOf('a');
  const tab = await open('b');
  expect(tab.trouble).toBe('missing');
  server.create('b');
  await settled();
  expect(tab.trouble).toBeNull();
  expectLive('b');
});

test('a load that fails is told and repeated until it works', async () => {
  const { server, open, clock } = worldOf('a');
  server.fault = ({ url }) =>
    url.pathname === '/api/sessions/a' ? jsonResponse(503, {}, { 'retry-after': '7' }) : null;
  const tab = await open('a');
  expect(tab.trouble).toMatchObject({ code: 'unavailable' });
  await clock.advance(6_900);
  expect(server.asked('/api/sessions/a')).toBe(1);
  server.fault = null;
  await clock.advance(1_000);
  expect(tab.trouble).toBeNull();
  expectLive('a');
});

test('a running session whose stream fails from the start is told so', async () => {
  const { server, open, clock } = worldOf('a');
  await open(null);
  server.fault = ({ url }) => (url.pathname.endsWith('/a/events') ? 'fail' : null);
  server.prompt('a');
  await settled();
  const tab = await open('a');
  await clock.advance(3_000);
  expect(tab.trouble).toMatchObject({ code: 'network' });
  server.fault = null;
  await clock.advance(60_000);
  expect(tab.trouble).toBeNull();
  expectLive('a');
});

test('a stream that is refused for good is told, and not asked for again and again', async () => {
  const { server, open, clock } = worldOf('a');
  await open(null);
  const error = { code: 'bad_request', message: 'no' };
  server.fault = ({ url }) => (url.pathname.includes('/a') ? jsonResponse(400, { error }) : null);
  server.prompt('a');
  const tab = await open('a');
  await clock.advance(120_000);
  expect(tab.trouble).toEqual(error);
  expect(server.asked('/api/sessions/a/events')).toBeLessThan(4);
  server.fault = null;
  await world.hub.api.retry();
  await settled();
  expectLive('a');
});

test('a tab at a cursor gets the tail only; with another cursor a snapshot with its reason', async () => {
  const { server, open, hub } = worldOf('a');
  server.prompt('a');
  await open('a');
  for (let n = 0; n < 3; n += 1) server.say('a', `${n}`);
  await settled();
  const firstPane = async (cursor: string | null) => {
    const port = createFakePort();
    const watch = { watchId: 1, sessionId: 'a', cursor };
    await hub.api.attach({ tabId: 'probe', attachment: 1, directoryVersion: 0, watch }, port);
    return port.inbox[0]?.pane;
  };
  expect(await firstPane('log-a:3')).toMatchObject({
    kind: 'events',
    events: [{ seq: 5, span: 2 }],
  });
  expect(await firstPane('log-a:5')).toMatchObject({ kind: 'events', events: [] });
  expect(await firstPane(null)).toMatchObject({ kind: 'snapshot', reason: 'start' });
  expect(await firstPane('log-a:1')).toMatchObject({ kind: 'snapshot', reason: 'behind' });
  expect(await firstPane('log-b:1')).toMatchObject({ kind: 'snapshot', reason: 'other-log' });
  expect(await firstPane('log-a:9')).toMatchObject({ kind: 'snapshot', reason: 'future' });
  expect(await firstPane('?')).toMatchObject({ kind: 'snapshot', reason: 'malformed' });
});

test('a rotated id: rows follow, the old id still shows the session', async () => {
  const { server, open } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  server.rotate('a', 'a2');
  server.say('a2', 'x');
  await settled();
  expect(tab.rows.get('log-a')).toMatchObject({ id: 'a2', aliases: ['a'] });
  expectLive('a');
  await open('a2');
  expectLive('a2');
  expect(server.asked('/api/sessions/a/events')).toBe(1);
});

test('a new session has its row at once, and the first answer of the lane does not take it away', async () => {
  const { server, open, hub } = worldOf();
  server.hold('lane');
  const tab = await open(null);
  const created = await hub.api.createSession({});
  await settled();
  const row = created.ok ? created.value : null;
  expect([...tab.rows.values()]).toEqual([row]);
  await tab.show(row?.id ?? null);
  await settled();
  expect(tab.trouble).toBeNull();
  // The lane's `rows` is from before the session was made.
  server.release();
  await settled();
  expect([...tab.rows.values()]).toEqual([row]);
  expect(tab.trouble).toBeNull();
});

test('no sessions at all is told, too', async () => {
  const { open } = worldOf();
  const tab = await open(null);
  const directories = tab.batches.flatMap(({ directory }) => directory ?? []);
  expect(directories).toEqual([{ version: 0, reset: true, rows: [], removed: [] }]);
});

test('[H12] the first call is a handshake; every batch echoes the hub', async () => {
  const { open, hub } = worldOf('a');
  const hello = await hub.api.hello({ protocol: 99, build: 'other' });
  expect(hello).toEqual({ protocol: 1, build: 'test', hubId: 'hub-1-1' });
  const tab = await open('a');
  await world.clock.advance(20_000);
  expect(tab.batches.length).toBeGreaterThan(2);
  expect(tab.batches.every(({ hubId }) => hubId === hello.hubId)).toBe(true);
});

test('[H2] a stream that waited for a load is opened when the load is given up', async () => {
  const { server, open, clock } = worldOf('a', 'b');
  server.fault = ({ url }) => (url.pathname === '/api/sessions/a' ? 'hang' : null);
  server.prompt('a');
  const tab = await open('a');
  expect(world.upstreams()).toEqual([]);
  await tab.show('b');
  await settled();
  expect(world.upstreams()).toEqual(['log-a']);
  await clock.advance(1_000);
  expect(server.asked('/api/sessions/a')).toBe(1);
});

test('an answer about another session is an error, and not asked for again and again', async () => {
  const { server, open, clock } = worldOf('a', 'b');
  server.fault = ({ url }) => {
    if (url.pathname !== '/api/sessions/a') return null;
    const state = server.state('b');
    return jsonResponse(200, { row: server.row('b'), cursor: 'log-b:0', state });
  };
  const tab = await open('a');
  await clock.advance(60_000);
  expect(tab.trouble).toMatchObject({ code: 'unavailable' });
  expect(tab.state).toBeNull();
  expect(server.asked('/api/sessions/a')).toBeLessThan(20);
  server.fault = null;
  await clock.advance(60_000);
  expectLive('a');
});

test('a 404 from before the session was made is not believed', async () => {
  const { server, open, clock } = worldOf();
  server.fault = ({ url }) => (url.pathname === '/api/sessions/a' ? 'hang' : null);
  const tab = await open('a');
  const asked = server.requests.find(({ url }) => url.pathname === '/api/sessions/a');
  server.fault = null;
  server.create('a');
  await settled();
  asked?.respond(jsonResponse(404, { error: { code: 'not_found', message: 'No.' } }));
  await clock.advance(1_000);
  expect(tab.trouble).toBeNull();
  expectLive('a');
  expect(server.asked('/api/sessions/a')).toBe(2);
});

test('[L13] a session that the storage does not give now is asked for again', async () => {
  const { server, open, clock } = worldOf('a');
  const error = { code: 'storage', message: 'The disk gives errors.' };
  server.fault = ({ url }) =>
    url.pathname === '/api/sessions/a' ? jsonResponse(507, { error }) : null;
  const tab = await open('a');
  expect(tab.trouble).toEqual(error);
  server.fault = null;
  await clock.advance(60_000);
  expectLive('a');
});
