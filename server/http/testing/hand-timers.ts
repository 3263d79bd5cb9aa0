/** Timers that move only when told. */
import type { Timers } from '../timers.ts';

export interface HandTimers extends Timers {
  /** Moves the clock, running what comes due on the way, in order. */
  advance(ms: number): void;
  /** How many are set. */
  readonly count: number;
}

export function createHandTimers(): HandTimers {
  const timers = new Set<{ due: number; every: number | null; run: () => void }>();
  let now = 0;
  const set = (ms: number, every: number | null, run: () => void): (() => void) => {
    const timer = { due: now + ms, every, run };
    timers.add(timer);
    return () => {
      timers.delete(timer);
    };
  };
  return {
    after: (ms, run) => set(ms, null, run),
    every: (ms, run) => set(ms, ms, run),
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
        if (next === undefined) break;
        now = next.due;
        if (next.every === null) timers.delete(next);
        else next.due += next.every;
        next.run();
      }
      now = end;
    },
    get count() {
      return timers.size;
    },
  };
}
