/** Compacts logs some time after their turns ended (L8), piece by piece, so that nothing else waits for it. */
import type { Logger } from '../log.ts';
import { StoreMissing } from '../store/store.ts';
import type { Timers } from './coalescer.ts';
import { takeDue, type Ending } from './compaction-plan.ts';

/** A piece, some hundred events, is removed in about a millisecond. */
const PIECE_BYTES = 64 * 1024;
/** Between two pieces everything else has its turn, milliseconds. */
const PAUSE_MS = 5;
/** It looks at most this often, milliseconds. */
const TICK_MS = 1000;

export interface Compactor {
  /** A turn ended at `seq`; `at`: when, milliseconds since the epoch. */
  ended(logId: string, seq: number, at: number): void;
  /** Leaves no timer; resolves when nothing is under way. Twice is fine. */
  close(): Promise<void>;
}

export interface CompactorDeps {
  /** See `Store.compact`. */
  compact(logId: string, upTo: number, maxBytes: number): Promise<number>;
  /** How long the events of a turn stay after its end, milliseconds. */
  graceMs: number;
  timers: Timers;
  now: () => number;
  logger: Logger;
}

export function createCompactor(deps: CompactorDeps): Compactor {
  const { timers, graceMs } = deps;
  let endings: Ending[] = [];
  let working: Promise<void> | null = null;
  let timer: unknown = null;
  /** When what the timer waits for is due. */
  let armedFor = 0;
  let endPause = (): void => {};
  let closed = false;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (closed) return resolve();
      const pausing = timers.set(resolve, ms);
      endPause = () => {
        timers.clear(pausing);
        resolve();
      };
    });

  const compact = async (logId: string, upTo: number): Promise<void> => {
    try {
      for (;;) {
        const gone = await deps.compact(logId, upTo, PIECE_BYTES);
        if (gone >= upTo || closed) return;
        await pause(PAUSE_MS);
        if (closed) return;
      }
    } catch (error) {
      // Deleted meanwhile.
      if (error instanceof StoreMissing) return;
      deps.logger.warn({ err: error, logId }, 'a log could not be compacted; it is tried again');
      endings.push({ logId, seq: upTo, dueAt: deps.now() + graceMs });
    }
  };

  const work = async (): Promise<void> => {
    const due = takeDue(endings, deps.now());
    endings = due.later;
    for (const [logId, upTo] of due.now) {
      if (closed) return;
      await compact(logId, upTo);
      await pause(PAUSE_MS);
    }
  };

  const arm = (): void => {
    if (closed || working !== null) return;
    const now = deps.now();
    const due = takeDue(endings, now);
    const at = due.now.size > 0 ? now : due.nextAt;
    if (at === null || (timer !== null && at >= armedFor)) return;
    if (timer !== null) timers.clear(timer);
    armedFor = at;
    timer = timers.set(
      () => {
        timer = null;
        working = work().finally(() => {
          working = null;
          arm();
        });
      },
      Math.max(TICK_MS, at - now),
    );
  };

  return {
    ended(logId, seq, at) {
      endings.push({ logId, seq, dueAt: at + graceMs });
      arm();
    },
    async close() {
      closed = true;
      if (timer !== null) timers.clear(timer);
      timer = null;
      endPause();
      await working;
    },
  };
}
