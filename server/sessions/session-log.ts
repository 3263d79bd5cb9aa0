/**
 * One session's log: the only writer of its events (L1), its fold, and what its readers see.
 * A decision is made on the state that includes everything before it, and is published only when it is
 * durable (L2). Decisions that arrive while a write is under way are written together.
 */
import type { EventBody, SessionUpdate } from '../../shared/events.ts';
import { lastPage, type SessionState } from '../../shared/state.ts';
import type { Append, RecordPatch, SessionRecord, Store } from '../store/store.ts';
import { createAppendDraft, recordAfter, type AppendDraft } from './append-draft.ts';
import { loadState } from './load-state.ts';
import { createLogFold, type LogFold } from './log-fold.ts';
import { createLogTail, encodeFrame, joinFrames } from './log-tail.ts';
import { ServiceError, type LogChunk, type LogFeed } from './service.ts';

/** About a chunk of a stream, where events are tokens. */
const READ_PAGE = 256;
/** What an idle session keeps in memory for readers that are about to catch up with its end. */
const IDLE_TAIL_BYTES = 64 * 1024;

const NOTHING = new Uint8Array();

export interface Decision<T> {
  events: EventBody[];
  result: T;
}

export interface SessionLog {
  /** Committed. */
  readonly state: SessionState;
  readonly record: SessionRecord;
  readonly feed: LogFeed;
  /**
   * Decides and appends, in one step: `decide` sees every event before it, and throws to refuse.
   * Resolves when the events are durable and published.
   */
  transact<T>(decide: (state: SessionState) => Decision<T>): Promise<T>;
  /**
   * Appends updates of a turn; of another than the live one they are dropped (O11). `turnId` null: of no turn.
   * Costs the same whatever the turn has become. Resolves when they are durable and published.
   */
  update(turnId: string | null, updates: readonly SessionUpdate[]): Promise<void>;
  /** Decides on the record as it is then, and writes. @returns the record after that */
  patch(decide: (record: SessionRecord) => RecordPatch): Promise<SessionRecord>;
  /** Gives the session a new canonical id (O9). Written alone: a taken id must not spoil what else is due. @throws StoreConflict */
  rotate(turnId: string | null, to: string): Promise<void>;
  /** Removes the session; readers' streams end; everything after is refused. */
  delete(): Promise<void>;
}

interface Deps {
  store: Store;
  now: () => number;
  /** Called after every commit. */
  onRecord: (record: SessionRecord) => void;
}

interface Job {
  /** Null for a job that is not an append and so is done alone. */
  decide: ((draft: AppendDraft) => { events: EventBody[]; done: () => void }) | null;
  run: () => Promise<void>;
  fail: (error: unknown) => void;
}

/** Opens the log of a stored session for writing. There must be only one per session. */
export async function openSessionLog(deps: Deps, stored: SessionRecord): Promise<SessionLog> {
  const { store } = deps;
  const { logId } = stored;
  let state = createLogFold(await loadState(store, logId));
  let record = stored;
  let closed = false;
  const jobs: Job[] = [];
  let draining = false;
  const tail = createLogTail(logId, state.seq);

  const commit = (next: LogFold, nextRecord: SessionRecord, { entries, settled }: Append): void => {
    state = settled.length === 0 ? next : createLogFold(lastPage(next.full()));
    record = nextRecord;
    tail.push(entries);
    if (state.live === null) tail.trim(IDLE_TAIL_BYTES);
    deps.onRecord(record);
    tail.wake();
  };

  /** Runs the jobs at the head of the queue that are appends, as one write. */
  const appendBatch = async (batch: Job[]): Promise<void> => {
    const draft = createAppendDraft(logId, state, deps.now());
    const done: { job: Job; resolve: () => void }[] = [];
    for (const job of batch) {
      try {
        const decided = job.decide?.(draft);
        if (decided === undefined) continue;
        draft.add(decided.events);
        done.push({ job, resolve: decided.done });
      } catch (error) {
        job.fail(error);
      }
    }
    try {
      const append = draft.append();
      if (append !== null) {
        await store.append(append);
        commit(draft.fold, recordAfter(record, append), append);
      }
    } catch (error) {
      for (const { job } of done) job.fail(error);
      return;
    }
    for (const { resolve } of done) resolve();
  };

  const drain = async (): Promise<void> => {
    if (draining) return;
    draining = true;
    while (jobs.length > 0) {
      const alone = jobs.findIndex((job) => job.decide === null);
      if (alone === 0) await jobs.shift()?.run();
      else await appendBatch(jobs.splice(0, alone === -1 ? jobs.length : alone));
    }
    draining = false;
  };
  const enqueue = (job: Job): void => {
    if (closed) return job.fail(gone());
    jobs.push(job);
    void drain();
  };
  const alone = <T>(work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const run = async (): Promise<void> => {
        try {
          if (closed) throw gone();
          resolve(await work());
        } catch (error) {
          reject(error);
        }
      };
      enqueue({ decide: null, run, fail: reject });
    });

  const readStored = async (after: number, maxBytes: number): Promise<LogChunk> => {
    const frames: Uint8Array[] = [];
    let seq = after;
    let size = 0;
    for (const entry of await store.entriesAfter(logId, after, READ_PAGE)) {
      // Only what is published may be read (L2): a write may have become durable while this one waited.
      if (entry.seq > state.seq || size >= maxBytes) break;
      const frame = encodeFrame(logId, entry);
      frames.push(frame);
      size += frame.byteLength;
      ({ seq } = entry);
    }
    return { bytes: joinFrames(frames), seq };
  };
  const feed: LogFeed = {
    logId,
    get lastSeq() {
      return state.seq;
    },
    get closed() {
      return closed;
    },
    get active() {
      return !closed && state.live !== null;
    },
    read(seq, maxBytes) {
      if (closed || seq >= state.seq) return { bytes: NOTHING, seq };
      return tail.after(seq, maxBytes) ?? readStored(seq, maxBytes);
    },
    refuses(otherLog, after) {
      if (otherLog !== logId) return 'other-log';
      return after > state.seq ? 'future' : null;
    },
    snapshot: () => state.full(),
    subscribe: tail.subscribe,
  };

  return {
    get state() {
      return state.full();
    },
    get record() {
      return record;
    },
    feed,
    transact: (decide) =>
      new Promise((resolve, reject) => {
        enqueue({
          decide(draft) {
            if (closed) throw gone();
            const { events, result } = decide(draft.fold.full());
            return { events, done: () => resolve(result) };
          },
          run: async () => {},
          fail: reject,
        });
      }),
    update: (turnId, updates) =>
      new Promise((resolve, reject) => {
        enqueue({
          decide({ fold }) {
            if (closed) throw gone();
            const mine = turnId === null || fold.live?.turnId === turnId;
            const events = updates.map((update) => ({ type: 'update' as const, turnId, update }));
            return { events: mine ? events : [], done: resolve };
          },
          run: async () => {},
          fail: reject,
        });
      }),
    patch: (decide) =>
      alone(async () => {
        const patch = decide(record);
        if (Object.keys(patch).length === 0) return record;
        record = await store.patch(logId, patch);
        deps.onRecord(record);
        return record;
      }),
    rotate: (turnId, to) =>
      alone(
        () =>
          new Promise<void>((resolve, reject) => {
            const event = { type: 'session.rotated', turnId, from: record.id, to } as const;
            const decide = () => ({ events: to === record.id ? [] : [event], done: resolve });
            void appendBatch([{ decide, run: async () => {}, fail: reject }]);
          }),
      ),
    delete: () =>
      alone(async () => {
        await store.deleteSession(logId);
        closed = true;
        tail.trim(0);
        tail.wake();
      }),
  };
}

function gone(): ServiceError {
  return new ServiceError('not_found', 'This session was deleted.');
}
