/** Timers that fire when the test says so. */
import type { Timers } from '../timers.ts';

export interface ManualTimers extends Timers {
  /** Fires what is due within `ms`, in order. */
  advance(ms: number): void;
  readonly pending: number;
}

export function createManualTimers(): ManualTimers {
  let now = 0;
  const waiting = new Set<{ run: () => void; at: number }>();
  return {
    set(run, ms) {
      const timer = { run, at: now + ms };
      waiting.add(timer);
      return timer;
    },
    clear(timer) {
      waiting.delete(timer as { run: () => void; at: number });
    },
    advance(ms) {
      now += ms;
      for (const timer of [...waiting].sort((a, b) => a.at - b.at)) {
        if (timer.at <= now && waiting.delete(timer)) timer.run();
      }
    },
    get pending() {
      return waiting.size;
    },
  };
}
