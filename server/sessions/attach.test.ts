/** Readers of a log that is written and compacted at the same moments: the real store, log and stream parts. */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { SnapshotReason, StreamFrames } from '../../shared/api.ts';
import { formatCursor } from '../../shared/cursor.ts';
import type { EventBody, SessionEvent } from '../../shared/events.ts';
import { applyEvent, foldEvents } from '../../shared/reducer.ts';
import { emptyState, type SessionState } from '../../shared/state.ts';
import { createEventStream } from '../http/event-stream.ts';
import { createLogPart, startPoint, type StreamPart } from '../http/stream-parts.ts';
import { createStreamRegistry } from '../http/stream-registry.ts';
import { createHandTimers } from '../http/testing/hand-timers.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';
import { silentLogger } from '../testing/silent-logger.ts';
import { openSessionLog, type SessionLog } from './session-log.ts';
import type { LogFeed } from './service.ts';
import { scheduled } from './testing/scheduled.ts';

const LOG = 'log';
/** Larger than what an idle log keeps in memory: such readers are served from the store. */
const LARGE = 'long text '.repeat(4_000);

const ops = fc.array(
  fc.record({
    /** How many of the waiting calls come back before it. */
    after: fc.nat(10),
    op: fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('say' as const), large: fc.boolean() }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('begin' as const) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('end' as const) }) },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('attach' as const),
          /** Where from, in parts of the log's length; null without a cursor. */
          from: fc.option(fc.constantFrom(0, 0.5, 1)),
          /** How often it lets others run before it reads on. */
          slow: fc.nat(8),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('compact' as const),
          maxBytes: fc.constantFrom(1, 50_000, 1_000_000),
          /** By somebody this log knows nothing of. */
          elsewhere: fc.boolean(),
        }),
      },
    ),
  }),
  { minLength: 5, maxLength: 40 },
);
type Op = (typeof ops extends fc.Arbitrary<infer T> ? T : never)[number]['op'];
type Deed = Exclude<Op, { kind: 'attach' }>;

const HISTORY: Deed[] = [
  { kind: 'begin' },
  { kind: 'say', large: true },
  { kind: 'say', large: true },
  { kind: 'end' },
];

const seen = { storeReads: 0, compactedAtStart: 0, compactedLater: 0, turnsGone: 0 };

test('[L4] [L5] [L6] [L8] random appends, attaches, compactions and slow readers: no gap, no repeat, the fold of all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), ops, async (scheduler, list) => {
      const real = openSqliteStore({ file: ':memory:' });
      const all: SessionEvent[] = [];
      const { append, entriesAfter } = real;
      real.append = async (step) => {
        await append(step);
        for (const { json } of step.entries) all.push(JSON.parse(json) as SessionEvent);
      };
      real.entriesAfter = (...args) => {
        seen.storeReads += 1;
        return entriesAfter(...args);
      };
      const store = scheduled(real, scheduler);
      const log = await scheduler.waitFor(openLog(real, store));
      // A turn that has ended already: from the first moment on there is something to compact.
      for (const op of HISTORY) await scheduler.waitFor(take(op, log, store));
      const readers: Promise<SessionState>[] = [];
      const done = new AbortController();
      const work: Promise<unknown>[] = [];
      for (const { after, op } of list) {
        for (let n = 0; n < after && scheduler.count() > 0; n += 1) {
          await scheduler.waitOne();
          // Appends that are due at once are committed together, a little later.
          await new Promise((resolve) => setImmediate(resolve));
        }
        if (op.kind === 'attach') readers.push(follow(log.feed, all, op, scheduler, done.signal));
        else work.push(take(op, log, store));
      }
      await scheduler.waitFor(Promise.all(work));
      done.abort();
      const states = await scheduler.waitFor(Promise.all(readers));
      const folded = foldEvents(emptyState(LOG), all);
      expect(log.state).toEqual(folded);
      for (const state of states) expect(state).toEqual(folded);
      seen.turnsGone += (await real.compactedSeq(LOG)) > 0 ? 1 : 0;
      // What a server finds when it starts again.
      const again = await openSessionLog(depsOf(real), await recordOf(real));
      expect(again.state).toEqual(folded);
      await real.close();
    }),
    { numRuns: 300 },
  );
  // A run in which nothing met would prove nothing.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
}, 120_000);

const depsOf = (store: Store) => ({ store, now: () => 0, onRecord: () => {} });

async function recordOf(store: Store) {
  const record = await store.session('local', 's');
  if (record === null) throw new Error('no session');
  return record;
}

async function openLog(real: Store, store: Store): Promise<SessionLog> {
  const record = await real.createSession({
    id: 's',
    logId: LOG,
    owner: 'local',
    title: '',
    titleSource: 'none',
    agentId: 'a',
    cwd: '/',
    createdAt: 0,
  });
  return openSessionLog(depsOf(store), record);
}

async function take(op: Deed, log: SessionLog, store: Store): Promise<unknown> {
  if (op.kind === 'compact') {
    const { endedSeq } = log.state;
    const { maxBytes } = op;
    if (endedSeq === 0) return null;
    return op.elsewhere ? store.compact(LOG, endedSeq, maxBytes) : log.compact(endedSeq, maxBytes);
  }
  return log.transact((state) => ({ events: eventsFor(op, state), result: null }));
}

function eventsFor(op: Op, state: SessionState): EventBody[] {
  const turnId = state.live?.turnId ?? null;
  if (op.kind === 'begin' && turnId === null) {
    const next = `t${state.started}`;
    return [
      { type: 'turn.queued', turnId: next, key: next, prompt: [], mode: 'queue' },
      { type: 'turn.started', turnId: next },
    ];
  }
  if (turnId === null) return [];
  if (op.kind === 'end') return [{ type: 'turn.ended', turnId, reason: 'end_turn' }];
  if (op.kind !== 'say') return [];
  const content = { type: 'text' as const, text: op.large ? LARGE : `${state.seq} ` };
  return [{ type: 'update', turnId, update: { sessionUpdate: 'agent_message_chunk', content } }];
}

/** A stream's reader: what it gets is folded, and each event must follow. Leaves when all is written and read. */
async function follow(
  feed: LogFeed,
  all: readonly SessionEvent[],
  { from, slow }: { from: number | null; slow: number },
  scheduler: fc.Scheduler,
  done: AbortSignal,
): Promise<SessionState> {
  const seq = from === null ? null : Math.floor(feed.lastSeq * from);
  const start = startPoint(feed, seq === null ? null : formatCursor({ logId: LOG, seq }));
  const part = createLogPart(feed, start, 'stays');
  // Who names a cursor has what is before it.
  let state = foldEvents(emptyState(LOG), start.kind === 'after' ? all.slice(0, start.seq) : []);
  let reads = 0;
  for (;;) {
    for (let n = 0; n < slow; n += 1) await scheduler.schedule(Promise.resolve(), 'slow reader');
    const bytes = await part.read(1024);
    reads += 1;
    for (const frame of framesOf(bytes)) {
      const next = decode(frame);
      if (next.kind === 'snapshot') {
        if (next.reason === 'compacted')
          seen[reads === 1 ? 'compactedAtStart' : 'compactedLater'] += 1;
        ({ state } = next);
      } else {
        const applied = applyEvent(state, next.event);
        if (applied.kind !== 'applied') throw new Error(`${applied.kind} at ${next.event.seq}`);
        ({ state } = applied);
      }
    }
    if (bytes !== null || part.state === 'more') continue;
    if (done.aborted && state.seq === feed.lastSeq) return state;
    await changed(part, done);
  }
}

test('[L4] [L5] [L8] what a stream is about to read is compacted: a snapshot with the reason, then it goes on', async () => {
  const store = openSqliteStore({ file: ':memory:' });
  const first = await openLog(store, store);
  const said: Deed[] = Array.from({ length: 50 }, () => ({ kind: 'say', large: true }));
  for (const op of [{ kind: 'begin' } as const, ...said, { kind: 'end' } as const]) {
    await take(op, first, store);
  }
  // As after a restart: what a reader lacks is read from the store.
  const log = await openSessionLog(depsOf(store), await recordOf(store));
  await take({ kind: 'begin' }, log, store);
  const stream = createEventStream(
    {
      streams: createStreamRegistry(Infinity),
      timers: createHandTimers(),
      random: () => 0.5,
      log: silentLogger,
    },
    {
      kind: 'session',
      holder: { principal: 'local', signIn: null, valid: () => true },
      parts: [createLogPart(log.feed, { kind: 'after', seq: 0 }, 'ends')],
      sessionIds: () => ['s'],
    },
  );
  const chunks: string[] = [];
  let ended = false;
  // Full after each chunk: the next one comes when it is asked for.
  stream.start({
    write(bytes) {
      chunks.push(new TextDecoder().decode(bytes));
      return false;
    },
    end() {
      ended = true;
    },
  });
  const next = async (): Promise<string> => {
    const before = chunks.length;
    stream.resume();
    await vi.waitFor(() => expect(chunks.length).toBeGreaterThan(before));
    return chunks.at(-1) ?? '';
  };
  expect(await next()).toMatch(/^id: log:1\n/);
  const { entriesAfter } = store;
  store.entriesAfter = async (...args) => {
    store.entriesAfter = entriesAfter;
    const { endedSeq } = log.state;
    expect(await store.compact(LOG, endedSeq, 1e9)).toBe(endedSeq);
    return entriesAfter(...args);
  };
  const [told] = framesOf(new TextEncoder().encode(await next())).map(decode);
  expect(told).toEqual({ kind: 'snapshot', reason: 'compacted', state: log.state });
  await take({ kind: 'end' }, log, store);
  expect(await next()).toContain('turn.ended');
  stream.resume();
  expect(ended).toBe(true);
  await store.close();
});

/** The frames of a chunk. */
function framesOf(bytes: Uint8Array | null): string[] {
  const text = new TextDecoder().decode(bytes ?? new Uint8Array());
  return text.split('\n\n').filter((frame) => frame !== '');
}

/** Resolves when the part may have changed, or when all is done. */
function changed(part: StreamPart, done: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      leave();
      done.removeEventListener('abort', finish);
      resolve();
    };
    const leave = part.subscribe(finish);
    if (done.aborted) finish();
    else done.addEventListener('abort', finish, { once: true });
  });
}

type Decoded =
  | { kind: 'snapshot'; reason: SnapshotReason; state: SessionState }
  | { kind: 'event'; event: SessionEvent };

function decode(text: string): Decoded {
  const data = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '') as unknown;
  return text.startsWith('event: snapshot')
    ? { kind: 'snapshot', ...(data as StreamFrames['snapshot']) }
    : { kind: 'event', event: data as SessionEvent };
}
