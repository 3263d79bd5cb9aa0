import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventBody } from '../../shared/events.ts';
import { foldEvents } from '../../shared/reducer.ts';
import type { SessionState } from '../../shared/state.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import { createMemoryStore } from '../store/testing/memory.ts';
import type { Store } from '../store/store.ts';
import { openSessionLog, type SessionLog } from './session-log.ts';
import { decodeFrames } from './testing/world.ts';

/** A store that answers only when the schedule lets it: every call is a point where others may run. */
function scheduled(store: Store, scheduler: fc.Scheduler): Store {
  return new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name) as unknown;
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) =>
        scheduler
          .schedule(Promise.resolve(), String(name))
          .then(() => method.apply(target, args) as unknown);
    },
  });
}

async function newLog(store: Store, wrapped: Store): Promise<SessionLog> {
  const record = await store.createSession({
    id: 's',
    logId: 'log',
    owner: 'local',
    title: '',
    titleSource: 'none',
    agentId: 'a',
    cwd: '/',
    createdAt: 0,
  });
  return openSessionLog({ store: wrapped, now: () => 0, onRecord: () => {} }, record);
}

const delta = (text: string): EventBody => ({
  type: 'update',
  turnId: 't',
  update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
});

const nextChange = (log: SessionLog): Promise<void> =>
  new Promise((resolve) => {
    const leave = log.feed.subscribe(() => {
      leave();
      resolve();
    });
  });

/** A reader as the streams are: a snapshot or a cursor, then read and wait in turn. */
async function follow(log: SessionLog, from: SessionState, until: number): Promise<SessionState> {
  let state = from;
  while (state.seq < until) {
    const read = await log.feed.read(state.seq, 64);
    // Nothing to read although there is more would be a gap; waiting for it would never end.
    if (read.bytes.byteLength === 0) {
      expect(state.seq).toBe(log.feed.lastSeq);
      await nextChange(log);
    }
    state = foldEvents(state, decodeFrames(read.bytes));
    expect(state.seq).toBe(read.seq);
    // Nothing is read before it is committed.
    expect(read.seq).toBeLessThanOrEqual(log.feed.lastSeq);
  }
  return state;
}

const stores: [string, () => Store][] = [
  ['memory', createMemoryStore],
  ['sqlite', () => openSqliteStore({ file: ':memory:' })],
];

test.each(stores)(
  '[L5] a reader that attaches at any moment has no gap and no repeat (%s)',
  async (_name, openStore) => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(14), { minLength: 1, maxLength: 5 }),
        async (scheduler, batches, attachAt) => {
          const store = openStore();
          const log = await openInSchedule(store, scheduler);
          await scheduler.waitFor(log.transact(() => ({ events: START, result: undefined })));
          const total = START.length + batches.reduce((sum, size) => sum + size, 0);
          const readers: Promise<SessionState>[] = [];
          const writes: Promise<void>[] = [];
          for (const [index, size] of batches.entries()) {
            if (attachAt.includes(index)) {
              readers.push(follow(log, log.feed.snapshot(), total));
            }
            const events = Array.from({ length: size }, (_, n) => delta(`${index}.${n} `));
            writes.push(log.transact(() => ({ events, result: undefined })));
            if (index % 3 === 0 && scheduler.count() > 0) await scheduler.waitOne();
          }
          readers.push(follow(log, log.feed.snapshot(), total));
          await scheduler.waitFor(Promise.all([...readers, ...writes]));
          for (const reader of readers) expect(await reader).toEqual(log.state);
          await store.close();
        },
      ),
      { numRuns: 60 },
    );
  },
);

const START: EventBody[] = [
  { type: 'turn.queued', turnId: 't', key: 'k', prompt: [], mode: 'queue' },
  { type: 'turn.started', turnId: 't' },
];

async function openInSchedule(store: Store, scheduler: fc.Scheduler): Promise<SessionLog> {
  return scheduler.waitFor(newLog(store, scheduled(store, scheduler)));
}

test('[L4] a cursor of another log or of the future is refused with its reason', async () => {
  const store = createMemoryStore();
  const log = await newLog(store, store);
  await log.transact(() => ({ events: START, result: undefined }));
  expect(log.feed.refuses('log', 2)).toBeNull();
  expect(log.feed.refuses('log', 0)).toBeNull();
  expect(log.feed.refuses('log', 3)).toBe('future');
  expect(log.feed.refuses('other', 1)).toBe('other-log');
});

test('[L2] a write that fails publishes nothing, and the next one takes its place', async () => {
  const store = createMemoryStore();
  const log = await newLog(store, store);
  await log.transact(() => ({ events: START, result: undefined }));
  const { append } = store;
  store.append = () => Promise.reject(new Error('disk full'));
  await expect(
    log.transact(() => ({ events: [delta('lost')], result: undefined })),
  ).rejects.toThrow('disk full');
  expect(log.feed.lastSeq).toBe(2);
  store.append = append;
  await log.transact(() => ({ events: [delta('kept')], result: undefined }));
  expect(log.state.live?.parts).toMatchObject([{ text: 'kept' }]);
  const read = await log.feed.read(2, 1000);
  expect(decodeFrames(read.bytes)).toMatchObject([{ seq: 3 }]);
});

test('a decision that refuses harms no other decision of the same write', async () => {
  const store = createMemoryStore();
  const log = await newLog(store, store);
  const decided = await Promise.allSettled([
    log.transact(() => ({ events: START, result: 'first' })),
    log.transact(() => {
      throw new Error('no');
    }),
    log.transact((state) => ({ events: [delta('x')], result: state.seq })),
  ]);
  expect(decided).toMatchObject([{ value: 'first' }, { status: 'rejected' }, { value: 2 }]);
});

test('[L8] readers far behind are served from the store, the near ones from memory', async () => {
  const store = createMemoryStore();
  const log = await newLog(store, store);
  await log.transact(() => ({ events: START, result: undefined }));
  let reads = 0;
  const { entriesAfter } = store;
  store.entriesAfter = (...args) => {
    reads += 1;
    return entriesAfter(...args);
  };
  for (let n = 0; n < 300; n += 1) {
    const events = Array.from({ length: 10 }, () => delta('some words of an answer '));
    await log.transact(() => ({ events, result: undefined }));
  }
  await log.feed.read(log.feed.lastSeq - 100, 1_000_000);
  expect(reads).toBe(0);
  expect(
    await follow(
      log,
      { ...log.state, seq: 0, live: null, queue: [], started: 0 },
      log.feed.lastSeq,
    ),
  ).toEqual(log.state);
  expect(reads).toBeGreaterThan(0);
});
