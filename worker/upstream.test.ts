import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createFakeEnv } from './testing/fake-env.ts';
import { createFakeFetch, jsonResponse } from './testing/fake-fetch.ts';
import { settled } from './testing/fake-clock.ts';
import type { Frame } from './frames.ts';
import { ANSWER_MS } from './upstream-machine.ts';
import type { UpstreamState } from './upstream-state.ts';
import { createUpstream } from './upstream.ts';

let leftOver = (): number => 0;

afterEach(() => {
  expect(leftOver()).toBe(0);
});

function setUp(onFrames: (frames: Frame[]) => boolean = () => true) {
  const net = createFakeFetch();
  const { env, clock, timers } = createFakeEnv(net.fetch);
  const batches: Frame[][] = [];
  const states: UpstreamState['name'][] = [];
  let cursor = 0;
  const upstream = createUpstream(env, {
    path: () => `/events?cursor=${cursor}`,
    onFrames(frames) {
      batches.push(frames);
      for (const frame of frames) if (frame.kind === 'event') cursor = frame.event.seq;
      return onFrames(frames);
    },
    onState: (state) => states.push(state.name),
  });
  leftOver = () => timers.pending;
  return { net, clock, timers, upstream, batches, states };
}

const eventOf = (seq: number, text = 'x') => ({
  seq,
  at: 1,
  type: 'update',
  turnId: 't',
  update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
});
const wire = (seq: number, text?: string): string =>
  `id: log:${seq}\ndata: ${JSON.stringify(eventOf(seq, text))}\n\n`;
const seqs = (batches: Frame[][]): number[] =>
  batches.flat().flatMap((frame) => (frame.kind === 'event' ? frame.event.seq : []));

test('frames that come together are handed over together', async () => {
  const { net, upstream, batches, states } = setUp();
  upstream.start();
  expect(net.last().headers.get('accept')).toBe('text/event-stream');
  const body = net.last().stream();
  body.push(`retry: 1000\n\n:\n\n${wire(1)}${wire(2)}`);
  await settled();
  body.push(wire(3));
  await settled();
  expect(batches.map((frames) => frames.length)).toEqual([2, 1]);
  expect(states).toEqual(['connecting', 'open']);
  upstream.close();
  expect(body.closed).toBe(true);
});

test('chunks may end within a line, a frame or a UTF-8 character', async () => {
  const text = 'für 🦊 und 漢字';
  const bytes = new TextEncoder().encode(
    `:\n\n${[1, 2, 3].map((seq) => wire(seq, text)).join('')}`,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
      const { net, upstream, batches } = setUp();
      upstream.start();
      const body = net.last().stream();
      const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      for (const [n, edge] of edges.entries()) body.push(bytes.slice(edges[n - 1] ?? 0, edge));
      await settled();
      expect(batches.flat()).toEqual(
        [1, 2, 3].map((seq) => ({
          kind: 'event',
          logId: 'log',
          event: eventOf(seq, text),
          size: JSON.stringify(eventOf(seq, text)).length,
        })),
      );
      upstream.close();
    }),
    { numRuns: 50 },
  );
});

test('an orderly end: reconnects at once, from the cursor; half a frame is none', async () => {
  const { net, upstream, batches } = setUp();
  upstream.start();
  const body = net.last().stream();
  body.push(wire(1) + wire(2).slice(0, -1));
  await settled();
  body.end();
  await settled();
  expect(seqs(batches)).toEqual([1]);
  expect(net.requests.map(({ url }) => url.search)).toEqual(['?cursor=0', '?cursor=1']);
  upstream.close();
});

test('[H8] a broken connection: reconnects after a backoff, from the cursor', async () => {
  const { net, clock, upstream, states } = setUp();
  upstream.start();
  const body = net.last().stream();
  body.push(wire(1));
  await settled();
  body.fail();
  await settled();
  expect(states.at(-1)).toBe('backoff');
  await clock.advance(500);
  expect(net.requests.map(({ url }) => url.search)).toEqual(['?cursor=0', '?cursor=1']);
  upstream.close();
});

test('[H8] a server that is down is asked ever more seldom', async () => {
  const { net, clock, upstream } = setUp();
  const answer = async (ms: number) => {
    const before = net.requests.length;
    for (let passed = 0; passed < ms; passed += 100) {
      if (!net.last().aborted) net.last().fail();
      await clock.advance(100);
    }
    return net.requests.length - before;
  };
  upstream.start();
  const early = await answer(60_000);
  const late = await answer(600_000);
  expect(early).toBeGreaterThan(3);
  expect(early).toBeLessThan(25);
  expect(late).toBeGreaterThan(20);
  expect(late).toBeLessThan(80);
  upstream.close();
});

test('[H8] an error page with status 200 is an error', async () => {
  const { net, upstream } = setUp();
  upstream.start();
  const page = new Response('<html>', { headers: { 'content-type': 'text/html' } });
  net.last().respond(page);
  await settled();
  expect(upstream.state).toMatchObject({
    name: 'backoff',
    trouble: { error: { code: 'unavailable' } },
  });
  expect(net.last().aborted).toBe(true);
  upstream.close();
});

test.each([
  [401, 'signed-out'],
  [404, 'missing'],
  [400, 'refused'],
  [410, 'refused'],
])('[H8] %i is final: %s, with what the server said', async (status, reason) => {
  const { net, clock, upstream } = setUp();
  const error = { code: 'bad_request', message: 'Because.' };
  upstream.start();
  net.last().respond(jsonResponse(status, { error }));
  await settled();
  expect(upstream.state).toMatchObject({ name: 'stopped', reason, error });
  await clock.advance(600_000);
  expect(net.requests).toHaveLength(1);
});

test('[H8] 429 waits as long as it says', async () => {
  const { net, clock, upstream } = setUp();
  upstream.start();
  net.last().respond(jsonResponse(429, {}, { 'retry-after': '40' }));
  await clock.advance(39_999);
  expect(net.requests).toHaveLength(1);
  upstream.wake();
  expect(net.requests).toHaveLength(1);
  await clock.advance(1);
  expect(net.requests).toHaveLength(2);
  upstream.close();
});

test('[H9] 204 ends it until there is a reason again', async () => {
  const { net, clock, upstream } = setUp();
  upstream.start();
  net.last().respond(new Response(null, { status: 204 }));
  await clock.advance(600_000);
  expect(upstream.state).toMatchObject({ name: 'stopped', reason: 'up-to-date' });
  expect(net.requests).toHaveLength(1);
  upstream.start();
  expect(net.requests).toHaveLength(2);
  upstream.close();
});

test('[H7] silence: in an open stream, before the head, and within an error body', async () => {
  const { net, clock, upstream } = setUp();
  upstream.start();
  await clock.advance(ANSWER_MS + 1_000);
  expect(net.requests[0]?.aborted).toBe(true);
  const body = net.last().stream();
  await clock.advance(20_000);
  body.push(':\n\n');
  await clock.advance(20_000);
  expect(net.requests).toHaveLength(2);
  await clock.advance(10_000);
  expect(net.requests).toHaveLength(3);
  expect(body.closed).toBe(true);
  const stuck = new Response(new ReadableStream(), { status: 500 });
  net.last().respond(stuck);
  await clock.advance(ANSWER_MS + 1_000);
  expect(net.requests).toHaveLength(4);
  upstream.close();
});

test('what cannot be read breaks the connection; what came before it counts', async () => {
  const { net, clock, upstream, batches } = setUp();
  upstream.start();
  net
    .last()
    .stream()
    .push(`${wire(1)}id: log:2\ndata: {"seq":\n\n${wire(3)}`);
  await settled();
  expect(seqs(batches)).toEqual([1]);
  expect(upstream.state.name).toBe('backoff');
  await clock.advance(500);
  expect(net.last().url.search).toBe('?cursor=1');
  upstream.close();
});

test('a frame without an end is bounded', async () => {
  const { net, upstream } = setUp();
  upstream.start();
  const body = net.last().stream();
  for (let n = 0; n < 34; n += 1) body.push('x'.repeat(1024 * 1024));
  await settled();
  expect(upstream.state.name).toBe('backoff');
  upstream.close();
});

test('a handler that throws costs its own connection only', async () => {
  const { net, upstream } = setUp(() => {
    throw new Error('bug');
  });
  upstream.start();
  net.last().stream().push(wire(1));
  await settled();
  expect(upstream.state.name).toBe('backoff');
  upstream.close();
});

test('late events of a replaced connection change nothing', async () => {
  const { net, upstream, batches, states } = setUp();
  upstream.start();
  const first = net.last();
  // The head is here, but its reader does not know yet.
  const late = first.stream();
  late.push(wire(9));
  upstream.changed();
  const second = net.last();
  expect(first.aborted).toBe(true);
  await settled();
  expect(late.closed).toBe(true);
  const body = second.stream();
  body.push(wire(1));
  await settled();
  first.fail();
  await settled();
  expect(seqs(batches)).toEqual([1]);
  expect(states).toEqual(['connecting', 'open']);
  upstream.close();
});

test('a connection that its own frames replace hands over no more of them', async () => {
  const { net, upstream, batches } = setUp(() => {
    upstream.gap();
    return false;
  });
  upstream.start();
  const first = net.last().stream();
  first.push(wire(1));
  first.push(wire(2));
  await settled();
  expect(seqs(batches)).toEqual([1]);
  expect(first.closed).toBe(true);
  expect(net.requests).toHaveLength(2);
  expect(upstream.state.name).toBe('connecting');
  upstream.close();
});

test('[H8] wake and retry cut a backoff short', async () => {
  const { net, clock, upstream } = setUp();
  upstream.start();
  // Backoffs of more than the second in which a wake is too early.
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    net.last().fail();
    await settled();
    upstream.retry();
  }
  for (const again of [upstream.wake, upstream.retry]) {
    net.last().fail();
    await settled();
    await clock.advance(1_000);
    expect(upstream.state.name).toBe('backoff');
    const before = net.requests.length;
    again();
    expect(net.requests).toHaveLength(before + 1);
  }
  upstream.close();
});

test('[H11] close in any state leaves nothing; twice is a no-op; nothing starts it again', async () => {
  for (const until of ['idle', 'connecting', 'open', 'backoff'] as const) {
    const { net, timers, upstream } = setUp();
    if (until !== 'idle') upstream.start();
    const body = until === 'open' ? net.last().stream() : null;
    if (until === 'backoff') net.last().fail();
    await settled();
    expect(upstream.state.name).toBe(until);
    upstream.close();
    upstream.close();
    upstream.start();
    upstream.retry();
    await settled();
    expect(timers.pending).toBe(0);
    expect(upstream.state.name).toBe('idle');
    expect(
      net.requests.every(({ aborted }, n) => aborted || (until === 'backoff' && n === 0)),
    ).toBe(true);
    expect(body?.closed ?? true).toBe(true);
  }
});
