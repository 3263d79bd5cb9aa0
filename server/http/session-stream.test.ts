import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HEARTBEAT_MS } from '../../shared/api.ts';
import type { SessionEvent } from '../../shared/events.ts';
import { foldEvents } from '../../shared/reducer.ts';
import { emptyState, type SessionState } from '../../shared/state.ts';
import { numbersOf, readStream } from './testing/read-stream.ts';
import { createTestApp } from './testing/test-app.ts';

/** A session whose turn has counted to `count`. */
function running(count: number) {
  const test = createTestApp();
  const session = test.service.add('s1');
  const { log } = session;
  log.setActive(true);
  log.append(
    { type: 'turn.queued', turnId: 't1', key: 'k', prompt: [], mode: 'queue' },
    { type: 'turn.started', turnId: 't1' },
  );
  log.count('t1', 1, count);
  const events = async (query = '', headers: Record<string, string> = {}) =>
    test.request(`/api/sessions/s1/events${query}`, { headers });
  const endTurn = (): void => {
    log.append({ type: 'turn.ended', turnId: 't1', reason: 'end_turn' });
    log.setActive(false);
  };
  return { ...test, session, log, events, endTurn };
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('headers, the first bytes at once, then what follows the cursor', async () => {
  const { events, log } = running(3);
  const response = await events('?cursor=log-s1:2');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  const stream = readStream(response);
  expect(await stream.chunk()).toBe('retry: 1000\n\n');
  const frames = await stream.frames(3);
  expect(numbersOf(frames)).toEqual([1, 2, 3]);
  expect(frames.map(({ id }) => id)).toEqual(['log-s1:3', 'log-s1:4', 'log-s1:5']);
  log.count('t1', 4, 4);
  expect(numbersOf(await stream.frames(1))).toEqual([4]);
  await stream.cancel();
});

describe('[L4] a cursor that can not be served gets a snapshot and why', () => {
  test.each([
    ['', 'start'],
    ['?cursor=', 'start'],
    ['?cursor=nonsense', 'malformed'],
    ['?cursor=log-s1:-1', 'malformed'],
    ['?cursor=log-other:1', 'other-log'],
    ['?cursor=log-s1:99', 'future'],
    ['?cursor=log-s1:1', 'compacted'],
  ])('%s: %s', async (query, reason) => {
    const { events, log } = running(3);
    log.compact(3);
    const stream = readStream(await events(query));
    const [frame] = await stream.frames(1);
    expect(frame).toMatchObject({ event: 'snapshot', id: 'log-s1:5' });
    expect(JSON.parse(frame?.data ?? '')).toEqual({ reason, state: log.state() });
    log.count('t1', 4, 5);
    expect(numbersOf(await stream.frames(2))).toEqual([4, 5]);
    await stream.cancel();
  });

  test('the header of a reconnecting EventSource wins over the query', async () => {
    const { events } = running(3);
    const stream = readStream(await events('?cursor=log-s1:0', { 'last-event-id': 'log-s1:4' }));
    expect(numbersOf(await stream.frames(1))).toEqual([3]);
    await stream.cancel();
  });

  test('a reader so slow that its events were compacted meanwhile', async () => {
    const { events, log } = running(3);
    const stream = readStream(await events('?cursor=log-s1:2'));
    await stream.chunk();
    log.count('t1', 4, 9);
    log.compact(8);
    const [frame] = await stream.frames(1);
    expect(JSON.parse(frame?.data ?? '')).toMatchObject({ reason: 'compacted' });
    expect(frame?.id).toBe('log-s1:11');
    await stream.cancel();
  });
});

describe('[L5] attaching is atomic', () => {
  const step = fc.record({ append: fc.integer({ min: 0, max: 9 }), ticks: fc.nat(4) });

  test('no gap and no repeat, wherever the appends fall', async () => {
    let live = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(30),
        fc.array(step, { maxLength: 20 }),
        fc.array(step, { maxLength: 20 }),
        fc.option(fc.nat(40)),
        async (before, unread, whileReading, cursor) => {
          const { events, log, endTurn } = running(before);
          let counted = before;
          const play = async (steps: typeof unread): Promise<void> => {
            for (const { append, ticks } of steps) {
              log.count('t1', counted + 1, counted + append);
              counted += append;
              for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
            }
          };
          const from = cursor === null ? null : Math.min(cursor, log.feed.lastSeq);
          const stream = readStream(await events(from === null ? '' : `?cursor=log-s1:${from}`));
          await play(unread);
          const reading = stream.rest();
          await play(whileReading);
          endTurn();
          let state =
            from === null ? null : foldEvents(emptyState('log-s1'), log.events.slice(0, from));
          for (const { event, data } of await reading) {
            if (event === 'snapshot') {
              expect(state).toBeNull();
              ({ state } = JSON.parse(data) as { state: SessionState });
              continue;
            }
            const next = JSON.parse(data) as SessionEvent;
            expect(next.seq).toBe((state?.seq ?? -1) + 1);
            live += 1;
            state = foldEvents(state ?? emptyState('log-s1'), [next]);
          }
          expect(state).toEqual(log.state());
        },
      ),
      { numRuns: 200 },
    );
    // The run did something: most events came as events, not in snapshots.
    expect(live).toBeGreaterThan(1000);
  });
});

describe('[H2] an idle session has no stream', () => {
  test('204 when idle and up to date', async () => {
    const { events, endTurn, log, streams } = running(2);
    endTurn();
    const response = await events('', { 'last-event-id': `log-s1:${log.feed.lastSeq}` });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect(streams.counts().sessions).toEqual({});
  });

  test('[H9] the stream ends with the turn, after its last event', async () => {
    const { events, endTurn, log, timers, streams } = running(2);
    const stream = readStream(await events('?cursor=log-s1:0'));
    await stream.frames(4);
    const rest = stream.rest();
    endTurn();
    expect((await rest).map(({ id }) => id)).toEqual([`log-s1:${log.feed.lastSeq}`]);
    expect(timers.count).toBe(0);
    expect(log.waiting).toBe(0);
    expect(streams.counts().sessions).toEqual({});
  });

  test('idle with something to say: it is said, then the stream ends', async () => {
    const { events, endTurn } = running(2);
    endTurn();
    expect(numbersOf(await readStream(await events('?cursor=log-s1:2')).rest())).toEqual([1, 2]);
    const [snapshot, ...more] = await readStream(await events()).rest();
    expect(snapshot?.event).toBe('snapshot');
    expect(more).toEqual([]);
  });

  test('a session that is about to run keeps its reader', async () => {
    const { events, endTurn, log } = running(1);
    endTurn();
    log.setActive(true);
    const stream = readStream(await events(`?cursor=log-s1:${log.feed.lastSeq}`));
    await stream.chunk();
    log.append({ type: 'turn.queued', turnId: 't2', key: 'k2', prompt: [], mode: 'queue' });
    expect(await stream.frames(1)).toHaveLength(1);
    await stream.cancel();
  });

  test('a deleted session ends its streams', async () => {
    const { events, service, session } = running(1);
    const stream = readStream(await events());
    await stream.frames(1);
    const rest = stream.rest();
    service.remove(session);
    expect(await rest).toEqual([]);
  });
});

describe('a stream costs its position', () => {
  test('the reader sets the pace: nothing is read ahead of it', async () => {
    const { events, log } = running(5000);
    const stream = readStream(await events('?cursor=log-s1:0'));
    await stream.chunk();
    expect(log.reads).toBe(0);
    const chunk = await stream.chunk();
    const reads = log.reads;
    expect(chunk?.length).toBeLessThan(70_000);
    log.count('t1', 5001, 9000);
    await Promise.resolve();
    expect(log.reads).toBe(reads);
    expect(log.largestRead).toBeLessThanOrEqual(64 * 1024);
    await stream.cancel();
  });

  test('many small frames go out as few chunks', async () => {
    const { events, endTurn } = running(1000);
    endTurn();
    const stream = readStream(await events('?cursor=log-s1:2'));
    let chunks = 0;
    while ((await stream.chunk()) !== null) chunks += 1;
    expect(chunks).toBeLessThan(6);
  });

  test('a body that nobody reads leaves no timer and is not counted', async () => {
    const { events, request, timers, streams, log } = running(1);
    await events();
    const head = await request('/api/sessions/s1/events', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(timers.count).toBe(0);
    expect(log.waiting).toBe(0);
    expect(streams.counts()).toEqual({ lanes: 0, own: 0, sessions: {} });
  });

  test('a reader that leaves is let go of at once', async () => {
    const { events, timers, streams, log } = running(1);
    const stream = readStream(await events());
    await stream.frames(1);
    const pending = stream.chunk();
    await expect.poll(() => log.waiting).toBe(1);
    expect(streams.counts().sessions).toEqual({ s1: 1 });
    await stream.cancel();
    expect(await pending).toBeNull();
    expect(streams.counts().sessions).toEqual({});
    expect(timers.count).toBe(0);
    expect(log.waiting).toBe(0);
  });
});

describe('the life of a stream', () => {
  test('a comment every heartbeat, also while nothing happens', async () => {
    const { events, timers } = running(1);
    const stream = readStream(await events());
    await stream.frames(1);
    for (let beat = 0; beat < 3; beat += 1) {
      const chunk = stream.chunk();
      timers.advance(HEARTBEAT_MS);
      expect(await chunk).toBe(':\n\n');
    }
    await stream.cancel();
  });

  test('heartbeats do not pile up for a reader that does not read', async () => {
    const { events, timers, log } = running(1);
    const stream = readStream(await events());
    await stream.frames(1);
    timers.advance(5 * HEARTBEAT_MS);
    expect(await stream.chunk()).toBe(':\n\n');
    log.count('t1', 2, 2);
    expect(numbersOf(await stream.frames(1))).toEqual([2]);
    await stream.cancel();
  });

  test.each([
    [0, 8],
    [0.5, 9],
    // To the second, and before its time.
    [0.999, 599 / 60],
  ])('it is rotated before ten minutes (random %f: %f minutes)', async (random, minutes) => {
    const app = createTestApp({ random: () => random });
    const { log } = app.service.add('s1');
    log.setActive(true);
    const stream = readStream(await app.request('/api/sessions/s1/events'));
    await stream.frames(1);
    app.timers.advance(minutes * 60_000 - 1);
    expect(await stream.chunk()).toBe(':\n\n');
    app.timers.advance(1);
    expect(await stream.rest()).toEqual([]);
    expect(app.timers.count).toBe(0);
  });

  test('drain ends all, and later ones are refused', async () => {
    const { events, streams, timers, request } = running(1);
    const open = [readStream(await events()), readStream(await events())];
    await Promise.all(open.map(async (stream) => stream.frames(1)));
    const late = await events();
    streams.drain();
    for (const stream of open) expect(await stream.rest()).toEqual([]);
    expect(await readStream(late).rest()).toEqual([]);
    expect(timers.count).toBe(0);
    expect(streams.counts()).toEqual({ lanes: 0, own: 0, sessions: {} });
    const refused = await request('/api/events');
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { code: 'unavailable' } });
  });

  test('a failing log ends the stream, and is logged', async () => {
    const { events, log, logged, timers } = running(1);
    const stream = readStream(await events('?cursor=log-s1:0'));
    await stream.chunk();
    log.failNextRead(new Error('disk'));
    expect(await stream.rest()).toEqual([]);
    expect(logged).toMatchObject([{ level: 'error', message: 'event stream failed' }]);
    expect(timers.count).toBe(0);
  });

  test('[O9] it is counted under the canonical id of the moment', async () => {
    const { events, session, streams } = running(1);
    const stream = readStream(await events());
    await stream.frames(1);
    expect(streams.counts().sessions).toEqual({ s1: 1 });
    session.setRow({ id: 's2', aliases: ['s1'] });
    expect(streams.counts().sessions).toEqual({ s2: 1 });
    await stream.cancel();
  });
});

test('[O9] an alias names the same stream', async () => {
  const { request, session } = running(2);
  session.setRow({ id: 's2', aliases: ['s1'] });
  const stream = readStream(await request('/api/sessions/s1/events?cursor=log-s1:2'));
  expect(numbersOf(await stream.frames(2))).toEqual(range(1, 2));
  await stream.cancel();
});
