/** A clock that stands still until a test moves it. */
import type { Cancel } from '../env.ts';

/** Timers of one owner: what the hub leaves behind must not be mixed up with the world's own. */
export interface Timers {
  after(ms: number, run: () => void): Cancel;
  readonly pending: number;
  /** Its owner is dead: none of its timers runs, and it gets no new ones. */
  kill(): void;
}

export interface FakeClock {
  /** Milliseconds since the epoch, as the wall shows them. */
  now(): number;
  /** Milliseconds that really passed. */
  readonly elapsed: number;
  timers(): Timers;
  /** Lets time pass: timers run in order, and everything they cause runs before the next. */
  advance(ms: number): Promise<void>;
  /** The wall clock jumps; no timer notices (a machine that slept, a clock that was set). */
  jump(ms: number): void;
}

export function createFakeClock(start = 1_700_000_000_000): FakeClock {
  let elapsed = 0;
  let offset = start;
  let count = 0;
  const queue = new Map<number, { at: number; run: () => void; owner: object }>();

  const next = (until: number): [number, { at: number; run: () => void }] | undefined => {
    let first: [number, { at: number; run: () => void }] | undefined;
    for (const entry of queue) {
      if (entry[1].at <= until && (first === undefined || entry[1].at < first[1].at)) first = entry;
    }
    return first;
  };

  return {
    now: () => offset + elapsed,
    get elapsed() {
      return elapsed;
    },
    timers() {
      const owner = {};
      let dead = false;
      return {
        after(ms, run) {
          if (dead) return () => {};
          count += 1;
          const id = count;
          queue.set(id, { at: elapsed + Math.max(ms, 0), run, owner });
          return () => {
            queue.delete(id);
          };
        },
        get pending() {
          return [...queue.values()].filter((timer) => timer.owner === owner).length;
        },
        kill() {
          dead = true;
          for (const [id, timer] of queue) if (timer.owner === owner) queue.delete(id);
        },
      };
    },
    async advance(ms) {
      const until = elapsed + ms;
      await settled();
      for (let due = next(until); due !== undefined; due = next(until)) {
        const [id, timer] = due;
        queue.delete(id);
        elapsed = Math.max(elapsed, timer.at);
        timer.run();
        await settled();
      }
      elapsed = until;
    },
    jump(ms) {
      offset += ms;
    },
  };
}

/** Resolves when every promise that can settle without a timer or the network has settled. */
export function settled(): Promise<void> {
  // A macrotask begins only when the queue of microtasks is empty.
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
