import { afterEach, expect, test } from 'vitest';
import { HEARTBEAT_MS } from '../shared/api.ts';
import { TRIM_MS } from './streams.ts';
import { PARK_MS } from './tabs.ts';
import { settled } from './testing/fake-clock.ts';
import { jsonResponse } from './testing/fake-fetch.ts';
import { createWorld, expectClean, expectPanes, type World } from './testing/world.ts';

let world: World;

afterEach(() => {
  expectClean(world);
});

const worldOf = (...sessionIds: string[]): World => (world = createWorld(sessionIds));
const expectLive = (...sessionIds: string[]): void => expectPanes(world, sessionIds);

test('[H1] nine tabs on one running session share one stream', async () => {
  const { server, open } = worldOf('a');
  server.prompt('a');
  for (let n = 0; n < 9; n += 1) await open('a');
  for (let n = 1; n <= 50; n += 1) {
    server.say('a', `${n} `);
    await settled();
    expect(server.carrying('a')).toHaveLength(1);
  }
  expect(server.streams()).toHaveLength(2);
  expect(server.asked('/api/sessions/a/events')).toBe(1);
  expectLive('a');
});

test('[H2] a running session has a stream, shown or not; an idle one has none', async () => {
  const { server, open, upstreams } = worldOf('a', 'b');
  server.prompt('b');
  await open('a');
  expect(upstreams()).toEqual(['log-b']);
  server.prompt('a');
  await settled();
  expect(upstreams().toSorted()).toEqual(['log-a', 'log-b']);
  server.end('b');
  await settled();
  expect(upstreams()).toEqual(['log-a']);
  server.end('a');
  await settled();
  expect(upstreams()).toEqual([]);
  expectLive('a');
});

test('[H9] no reconnect after the turn ended with nothing queued', async () => {
  const { server, open, clock } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  server.say('a', 'x');
  server.end('a');
  await clock.advance(60_000);
  expect(server.asked('/api/sessions/a/events')).toBe(1);
  expect(tab.state?.live).toBeNull();
  expect(tab.rows.get('log-a')?.status).toBe('idle');
});

test('[H9] the next queued prompt comes over the same stream', async () => {
  const { server, open } = worldOf('a');
  server.prompt('a');
  await open('a');
  server.prompt('a');
  server.end('a');
  server.say('a', 'second');
  await settled();
  expect(server.asked('/api/sessions/a/events')).toBe(1);
  expectLive('a');
});

test('[H9] 204 means nothing more to come, and is believed', async () => {
  const { server, open, clock } = worldOf('a');
  server.prompt('a');
  await open('a');
  server.hold('lane');
  server.carrying('a').forEach((stream) => stream.drop());
  server.fault = ({ url }) =>
    url.pathname.endsWith('/a/events') ? new Response(null, { status: 204 }) : null;
  await clock.advance(60_000);
  // Once at the start, once after the drop.
  expect(server.asked('/api/sessions/a/events')).toBe(2);
  server.fault = null;
  server.end('a');
  server.release();
  await clock.advance(60_000);
  expectLive('a');
});

test('[H9] an end in a reconnect gap reaches the pane', async () => {
  const { server, open, clock } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  server.fault = () => 'fail';
  server.dropAll();
  await settled();
  server.say('a', 'last words');
  server.end('a');
  server.prompt('a');
  server.end('a');
  server.fault = null;
  await clock.advance(60_000);
  expectLive('a');
  expect(tab.state?.turns).toHaveLength(2);
  expect(world.upstreams()).toEqual([]);
});

test('[H2] the row says idle before the end of the log is here', async () => {
  const { server, open, clock } = worldOf('a');
  server.prompt('a');
  await open('a');
  server.hold('own');
  server.say('a', 'x');
  server.end('a');
  await settled();
  expect(server.carrying('a')).toHaveLength(1);
  server.release();
  await settled();
  expectLive('a');
  await clock.advance(5_000);
  expect(server.asked('/api/sessions/a/events')).toBe(1);
});

test('[H2] the end of the log is here before the row says idle', async () => {
  const { server, open, clock } = worldOf('a');
  server.prompt('a');
  await open('a');
  server.hold('lane');
  server.end('a');
  await clock.advance(5_000);
  expectLive('a');
  expect(server.asked('/api/sessions/a/events')).toBe(1);
  server.release();
  await settled();
  server.prompt('a');
  server.say('a', 'again');
  await settled();
  expectLive('a');
  expect(server.asked('/api/sessions/a/events')).toBe(2);
});

test('[O5] going back to a running session costs no stream and no request', async () => {
  const { server, open } = worldOf('a', 'b');
  server.prompt('a');
  server.prompt('b');
  const tab = await open('a');
  await tab.show('b');
  server.say('a', 'behind your back');
  await settled();
  const before = server.requests.length;
  await tab.show('a');
  await settled();
  expect(server.requests).toHaveLength(before);
  expectLive('a');
  // Only the tail was sent: the tab had the rest.
  expect(tab.batches.at(-1)?.pane).toMatchObject({ kind: 'events' });
});

test('[O5] an idle session is loaded once', async () => {
  const { server, open } = worldOf('a', 'b');
  server.prompt('a');
  server.end('a');
  const tab = await open('a');
  await tab.show('b');
  await tab.show('a');
  await open('a');
  expect(server.asked('/api/sessions/a')).toBe(1);
  expect(server.asked('/api/sessions/a/events')).toBe(0);
  expectLive('a');
});

test('a pane does not wait for the directory, and a running session is not loaded twice', async () => {
  const { server, open } = worldOf('a');
  server.prompt('a');
  server.hold('lane');
  await open('a');
  expectLive('a');
  server.release();
  await settled();
  expect(server.asked('/api/sessions/a')).toBe(1);
  const asked = server.requests.filter(({ url }) => url.pathname.endsWith('/events'));
  expect(asked.at(-1)?.url.search).toBe('?cursor=log-a:2');
});

test('[H3] at most one lane and three own streams; the others ride in the lane', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `s${n}`);
  const { server, open, clock } = worldOf(...names);
  server.budget = 4;
  for (const name of names) server.prompt(name);
  for (const name of names) await open(name);
  for (const name of names) server.say(name, name);
  await settled();
  expectLive(...names);
  for (const name of names) expect(server.carrying(name)).toHaveLength(1);
  // Riders that ended leave the lane, and move up when it is connected anew.
  for (const name of names.slice(0, 17)) server.end(name);
  await clock.advance(TRIM_MS + 100);
  for (const name of names.slice(0, 17)) expect(server.carrying(name)).toHaveLength(0);
  for (const name of names.slice(17)) {
    expect(server.carrying(name).map(({ kind }) => kind)).toEqual(['own']);
  }
  for (const name of names.slice(17)) server.say(name, 'more');
  await settled();
  expectLive(...names);
});

/** Sessions by how the server brings them. */
const placed = (names: readonly string[]): Record<'own' | 'lane', number> => {
  const kinds = names.flatMap((name) => world.server.carrying(name).map(({ kind }) => kind));
  return {
    own: kinds.filter((kind) => kind === 'own').length,
    lane: kinds.filter((kind) => kind === 'lane').length,
  };
};

test('[H3] over HTTP/2 every running session has its own stream; sessions move under a live log', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `s${n}`);
  const { server, open, speak } = worldOf(...names);
  for (const name of names) server.prompt(name);
  for (const name of names) await open(name);
  const before = world.tabs.map(({ batches }) => batches.length);
  for (const [protocol, own] of [
    ['http/1.1', 3],
    ['h2', 20],
    ['http/1.1', 3],
    ['h3', 20],
  ] as const) {
    for (const name of names) server.say(name, `${protocol} `);
    speak(protocol);
    // Said before the streams that moved are back.
    for (const name of names) server.say(name, `${own} `);
    await settled();
    expect(placed(names)).toEqual({ own, lane: 20 - own });
    expect(world.hub.inspect().protocol).toBe(protocol);
    expectLive(...names);
  }
  // Each tab went on at its cursor: nothing was sent whole again.
  for (const [n, { batches }] of world.tabs.entries()) {
    const panes = batches.slice(before[n]).flatMap(({ pane }) => pane?.kind ?? []);
    expect(new Set(panes)).toEqual(new Set(['events']));
  }
});

test('[H3] over HTTP/2 beyond 64 the rest is in the lane', async () => {
  const names = Array.from({ length: 70 }, (_, n) => `s${n}`);
  const { server, open, clock, speak } = worldOf(...names);
  for (const name of names) server.prompt(name);
  speak('h2');
  await open('s69');
  expect(placed(names)).toEqual({ own: 64, lane: 6 });
  expect(placed(['s69'])).toEqual({ own: 1, lane: 0 });
  for (const name of names.slice(0, 10)) server.end(name);
  await clock.advance(TRIM_MS + 100);
  expect(placed(names)).toEqual({ own: 60, lane: 0 });
});

test('[H3] watched sessions get the own streams, after a while, and nothing is sent twice', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const { server, open, clock } = worldOf(...names);
  server.budget = 4;
  for (const name of names) server.prompt(name);
  const tab = await open('a');
  const other = await open('f');
  await clock.advance(TRIM_MS + 100);
  expect(placed(['a', 'f'])).toEqual({ own: 2, lane: 0 });
  await tab.show('d');
  await other.show('e');
  const requests = server.requests.length;
  server.say('d', 'at once');
  await clock.advance(TRIM_MS - 100);
  // A look costs nothing: who goes back at once finds all as it was.
  expectLive('d');
  expect(server.requests).toHaveLength(requests);
  await clock.advance(200);
  expect(placed(['d', 'e'])).toEqual({ own: 2, lane: 0 });
  expect(placed(names)).toEqual({ own: 3, lane: 3 });
  for (const name of names) server.say(name, 'more');
  await settled();
  expectLive('d', 'e');
  const settledAt = server.requests.length;
  await clock.advance(5 * TRIM_MS);
  expect(server.requests).toHaveLength(settledAt);
});

test('[H3] the protocol is asked for by one short request, and again after trouble', async () => {
  const { server, open, clock, speak } = worldOf('a');
  server.prompt('a');
  await open('a');
  expect(server.asked('/healthz')).toBe(1);
  speak('h2');
  for (const stream of server.streams()) stream.end();
  await open('a');
  await clock.advance(20_000);
  expect(server.asked('/healthz')).toBe(1);
  server.fault = () => 'fail';
  server.dropAll();
  await clock.advance(1_000);
  server.fault = null;
  await clock.advance(60_000);
  const asked = server.asked('/healthz');
  expect(asked).toBeGreaterThan(1);
  await clock.advance(60_000);
  expect(server.asked('/healthz')).toBe(asked);
  expect(world.hub.inspect().protocol).toBe('h2');
});

test('[H8] a 401 stops everything and tells every tab', async () => {
  const { server, open, clock } = worldOf('a', 'b');
  server.prompt('a');
  const tabs = [await open('a'), await open('b')];
  server.signedIn = false;
  server.dropAll();
  await clock.advance(1_000);
  const before = server.requests.length;
  await clock.advance(120_000);
  expect(server.requests).toHaveLength(before);
  for (const tab of tabs) {
    expect(tab.connection).toEqual({ state: 'signed-out' });
    // It goes on where it was: what it shows stays, and no one who comes now is told of it.
    expect(tab.rows.size).toBe(2);
    expect(tab.trouble).toBeNull();
  }
  server.signedIn = true;
  server.say('a', 'meanwhile');
  await open('a');
  await clock.advance(1_000);
  for (const tab of world.tabs) expect(tab.connection).toEqual({ state: 'live' });
  expectLive('a', 'b');
});

test('[H8] a command that is answered 401 signs out, a late one from before signing in does not', async () => {
  const { server, open, hub } = worldOf('a');
  const tab = await open('a');
  server.fault = ({ method }) => (method === 'POST' ? 'hang' : null);
  const late = hub.api.prompt('a', { prompt: 'x', key: 'k1' });
  await settled();
  const parked = server.requests.at(-1);
  server.fault = null;
  server.signedIn = false;
  const result = await hub.api.prompt('a', { prompt: 'x', key: 'k2' });
  expect(result).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
  await settled();
  expect(tab.connection).toEqual({ state: 'signed-out' });
  server.signedIn = true;
  await hub.api.retry();
  await settled();
  expect(tab.connection).toEqual({ state: 'live' });
  const error = { code: 'unauthorized', message: 'Sign in.' };
  parked?.respond(jsonResponse(401, { error }));
  await late;
  await settled();
  expect(tab.connection).toEqual({ state: 'live' });
});

test('[H8] a lane that is refused says so; a person may try again', async () => {
  const { server, open, clock } = worldOf('a');
  const error = { code: 'forbidden', message: 'Not from here.' };
  server.fault = ({ url }) =>
    url.pathname === '/api/events' ? jsonResponse(403, { error }) : null;
  const tab = await open(null);
  await clock.advance(120_000);
  expect(server.asked('/api/events')).toBe(1);
  expect(tab.connection).toEqual({ state: 'refused', error });
  server.fault = null;
  await world.hub.api.retry();
  await settled();
  expect(tab.connection).toEqual({ state: 'live' });
});

test('[H8] connection trouble is told with its reason, and its end', async () => {
  const { server, open, clock } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  expect(tab.connection).toEqual({ state: 'live' });
  server.fault = () => 'fail';
  const lost = clock.now();
  server.dropAll();
  await clock.advance(20_000);
  expect(tab.connection).toMatchObject({
    state: 'reconnecting',
    since: lost,
    error: { code: 'network' },
  });
  server.fault = null;
  server.say('a', 'x');
  await world.hub.api.retry();
  await settled();
  expect(tab.connection).toEqual({ state: 'live' });
  expectLive('a');
});

test('[H8] while somebody looks no backoff is waited out; every stream follows the lane', async () => {
  const { server, open, clock, hub } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  server.fault = () => 'fail';
  server.dropAll();
  await clock.advance(60_000);
  server.fault = null;
  server.say('a', 'x');
  let waited = 0;
  for (; tab.connection?.state !== 'live' && waited < 30_000; waited += 500) {
    await hub.api.look();
    await clock.advance(500);
  }
  expect(waited).toBeLessThanOrEqual(2_500);
  expectLive('a');
});

test('[H7] a half-open connection is given up after 2.5 heartbeats, and nothing is lost', async () => {
  const { server, open, clock } = worldOf('a');
  server.prompt('a');
  await open('a');
  await clock.advance(30_000);
  expect(server.asked('/api/sessions/a/events')).toBe(1);
  for (const stream of server.streams()) stream.mute();
  server.say('a', 'unheard');
  await clock.advance(2.5 * HEARTBEAT_MS + 5_000);
  expect(server.asked('/api/sessions/a/events')).toBe(2);
  expectLive('a');
});

test('[H7] [L9] a message that hangs in a silent network is given up when the server is reached again', async () => {
  const { server, open, clock, hub } = worldOf('a');
  const tab = await open('a');
  server.fault = () => 'hang';
  for (const stream of server.streams()) stream.mute();
  await clock.advance(2.5 * HEARTBEAT_MS + 5_000);
  expect(tab.connection?.state).toBe('reconnecting');
  const sent = hub.api.prompt('a', { prompt: 'hi', key: 'k', mode: 'queue' });
  await clock.advance(5_000);
  server.fault = ({ method }) => (method === 'POST' ? 'hang' : null);
  let waited = 0;
  for (; tab.connection?.state !== 'live' && waited < 20_000; waited += 500) {
    await hub.api.look();
    await clock.advance(500);
  }
  expect(waited).toBeLessThan(20_000);
  expect(await sent).toMatchObject({ ok: false, error: { code: 'timeout' } });
});

test('[H7] after a clock jump the sockets are not trusted', async () => {
  const { server, open, clock } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  clock.jump(3_600_000);
  for (const stream of server.streams()) stream.mute();
  server.say('a', 'while asleep');
  await clock.advance(5_000);
  expectLive('a');
  expect(tab.port.closed).toBe(false);
  expect(world.hub.inspect().tabs).toHaveLength(1);
});

test('a rotated connection goes on without a word', async () => {
  const { server, open, clock } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  await clock.advance(600_000);
  for (const stream of server.streams()) stream.end();
  server.say('a', 'x');
  await settled();
  expectLive('a');
  expect(tab.batches.filter(({ connection }) => connection !== undefined)).toHaveLength(2);
});

test('no tab for 20 s: nothing is connected any more; the next tab finds the logs', async () => {
  const { server, open, clock, timers } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  await tab.detach();
  server.say('a', 'x');
  await clock.advance(PARK_MS - 1_000);
  expect(world.upstreams()).toEqual(['log-a']);
  await clock.advance(2_000);
  expect(server.streams()).toHaveLength(0);
  expect(timers.pending).toBe(0);
  server.say('a', 'y');
  await tab.attach();
  await settled();
  expectLive('a');
  expect(server.requests.at(-1)?.url.search).toBe('?cursor=log-a:3');
});

const problemFrame = (problem: object | null): string =>
  `event: problem\ndata: ${JSON.stringify({ problem })}\n\n`;
const laneOf = ({ server }: World) => server.streams().find(({ kind }) => kind === 'lane');

test('[L13] what the server says is wrong with it reaches every tab, until it says that it is over', async () => {
  const { open, server } = worldOf('a');
  const [one, two] = [await open('a'), await open(null)];
  const problem = { code: 'storage', message: 'The disk is full.' };
  laneOf(world)?.raw(problemFrame(problem));
  await settled();
  for (const tab of [one, two]) expect(tab.connection).toEqual({ state: 'live', problem });
  const late = await open('a');
  expect(late.connection).toEqual({ state: 'live', problem });
  laneOf(world)?.raw(problemFrame(null));
  await settled();
  for (const tab of [one, two, late]) expect(tab.connection).toEqual({ state: 'live' });
  // Or the stream begins anew: a server that still has it says so.
  laneOf(world)?.raw(problemFrame(problem));
  await settled();
  laneOf(world)?.end();
  await world.clock.advance(5_000);
  expect(one.connection).toEqual({ state: 'live' });
  expect(server.streams().length).toBeGreaterThan(0);
  expectLive('a');
});

test('[L14] a server that said it goes is gone for that reason, and a lost one for its own', async () => {
  const { open, server, clock } = worldOf('a');
  const tab = await open('a');
  const stopping = { code: 'unavailable', message: 'tabcast is restarting.' };
  laneOf(world)?.raw(problemFrame(stopping));
  await settled();
  server.fault = () => 'fail';
  server.dropAll();
  await clock.advance(3_000);
  expect(tab.connection).toMatchObject({ state: 'reconnecting', error: stopping });
  server.fault = null;
  await clock.advance(60_000);
  expect(tab.connection).toEqual({ state: 'live' });
  laneOf(world)?.raw(problemFrame({ code: 'storage', message: 'The disk is full.' }));
  await settled();
  server.fault = () => 'fail';
  server.dropAll();
  await clock.advance(3_000);
  expect(tab.connection).toMatchObject({ state: 'reconnecting', error: { code: 'network' } });
  server.fault = null;
  await clock.advance(60_000);
  expectLive('a');
});
