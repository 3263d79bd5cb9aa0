import { afterEach, expect, test } from 'vitest';
import { settled } from './testing/fake-clock.ts';
import { createWorld, expectClean, expectPanes, type World } from './testing/world.ts';

let world: World;

afterEach(() => {
  expectClean(world);
});

const worldOf = (...sessionIds: string[]): World => (world = createWorld(sessionIds));
const expectLive = (...sessionIds: string[]): void => expectPanes(world, sessionIds);

test('[H10] what is sent again is dropped', async () => {
  const { server, open } = worldOf('a');
  server.prompt('a');
  await open('a');
  for (let n = 0; n < 10; n += 1) {
    server.say('a', `${n} `);
    server.carrying('a').forEach((stream) => stream.repeat('log-a', 4));
    await settled();
  }
  expectLive('a');
  expect(server.asked('/api/sessions/a/events')).toBe(1);
});

test('[H10] a gap asks for a snapshot', async () => {
  const { server, open } = worldOf('a');
  server.prompt('a');
  const tab = await open('a');
  server.skipNext('a');
  server.say('a', 'lost ');
  server.say('a', 'and found');
  await settled();
  expectLive('a');
  expect(server.requests.at(-1)?.url.search).toBe('');
  expect(tab.batches.at(-1)?.pane).toMatchObject({ kind: 'snapshot', reason: 'behind' });
});

test('[H10] a gap of a session that rides in the lane costs the others nothing', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const { server, open } = worldOf(...names);
  for (const name of names) server.prompt(name);
  for (const name of names) await open(name);
  expect(server.carrying('e').map(({ kind }) => kind)).toEqual(['lane']);
  server.skipNext('e');
  server.say('e', 'lost ');
  server.say('e', 'found');
  server.say('d', 'x');
  await settled();
  expectLive(...names);
});

test('[H10] a gap that never heals is asked about ever more seldom', async () => {
  const { server, open, clock } = worldOf('a');
  server.prompt('a');
  await open('a');
  server.fault = ({ url }) => {
    if (!url.pathname.endsWith('/a/events')) return null;
    const state = server.state('a');
    const update = {
      sessionUpdate: 'agent_message_chunk',
      content: { type: 'text', text: '?' },
    };
    const event = { seq: state.seq + 7, at: 0, type: 'update', turnId: null, update };
    const body = `event: snapshot\ndata: ${JSON.stringify({ reason: 'start', state })}\n\nid: log-a:${event.seq}\ndata: ${JSON.stringify(event)}\n\n`;
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
  server.carrying('a').forEach((stream) => stream.drop());
  await clock.advance(60_000);
  const first = server.asked('/api/sessions/a/events');
  expect(first).toBeLessThan(20);
  await clock.advance(60_000);
  expect(server.asked('/api/sessions/a/events') - first).toBeLessThan(15);
  server.fault = null;
  await clock.advance(60_000);
  expectLive('a');
});

test('a restored database: an idle log that is ahead of the server is loaded anew', async () => {
  const { server, open, clock } = worldOf('a', 'b');
  server.prompt('a');
  const tab = await open('a');
  server.say('a', 'x');
  server.end('a');
  await settled();
  server.restore('a', 2);
  server.end('a');
  server.dropAll();
  await clock.advance(10_000);
  expectLive('a');
  expect(
    tab.batches.some(({ pane }) => pane?.kind === 'snapshot' && pane.reason === 'future'),
  ).toBe(true);
});

test('a restored database: a running log that is ahead gets a snapshot', async () => {
  const { server, open, clock } = worldOf('a');
  server.prompt('a');
  await open('a');
  for (let n = 0; n < 5; n += 1) server.say('a', 'x');
  await settled();
  server.restore('a', 3);
  server.dropAll();
  await clock.advance(10_000);
  expectLive('a');
  server.say('a', 'new');
  await settled();
  expectLive('a');
});

test('[O4] an event of one session never changes the pane of another', async () => {
  const { server, open } = worldOf('a', 'b');
  server.prompt('a');
  server.prompt('b');
  const a = await open('a');
  const before = a.batches.filter(({ pane }) => pane !== undefined).length;
  server.say('b', 'not for you');
  server.end('b');
  // A stream that speaks of another session is not believed.
  const event = {
    seq: 3,
    at: 0,
    type: 'update',
    turnId: 'turn-1',
    update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'forged' } },
  };
  server.prompt('b');
  await settled();
  const [stream] = server.carrying('b');
  stream?.raw(`id: log-a:3\ndata: ${JSON.stringify(event)}\n\n`);
  await settled();
  expect(a.batches.filter(({ pane }) => pane !== undefined)).toHaveLength(before);
  expectLive('a');
});

test('[O12] no pane is left busy when its session became idle unseen', async () => {
  const { server, open, clock } = worldOf('a', 'b');
  server.prompt('a');
  const tab = await open('a');
  await tab.show('b');
  server.fault = () => 'fail';
  server.dropAll();
  await settled();
  server.end('a');
  server.fault = null;
  await clock.advance(60_000);
  await tab.show('a');
  await clock.advance(1_000);
  expect(tab.rows.get('log-a')?.status).toBe('idle');
  expect(tab.state?.live).toBeNull();
  expectLive('a');
});

test('idle logs are kept up to a bound, and of those not shown only the fold', async () => {
  const names = Array.from({ length: 60 }, (_, n) => `s${n}`);
  const { server, open } = worldOf(...names);
  server.prompt('s0');
  const tab = await open('s0');
  server.say('s0', 'x');
  server.end('s0');
  await settled();
  expect(world.hub.inspect().logs).toEqual([{ logId: 'log-s0', seq: 4, tail: 2 }]);
  for (const name of names) {
    await tab.show(name);
    await settled();
  }
  const { logs } = world.hub.inspect();
  expect(logs).toHaveLength(51);
  expect(logs.every(({ tail }) => tail === 0)).toBe(true);
});
