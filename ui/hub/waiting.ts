/** Commands that came while there was nobody to send them to. */
import type { Timers } from '../env.ts';

export interface Waiting<T> {
  /** @returns null when it took longer than `ms`, or will never be */
  wait(ms: number): Promise<T | null>;
  /** To all that wait now. Leaves no timer. */
  tell(arrived: T | null): void;
}

/** Nobody waits at first. */
export function createWaiting<T>(timers: Pick<Timers, 'setTimeout' | 'clearTimeout'>): Waiting<T> {
  let waiting = new Set<(arrived: T | null) => void>();
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const settle = (arrived: T | null) => {
          timers.clearTimeout(timer);
          waiting.delete(settle);
          resolve(arrived);
        };
        const timer = timers.setTimeout(() => settle(null), ms);
        waiting.add(settle);
      }),
    tell(arrived) {
      const all = waiting;
      waiting = new Set();
      for (const settle of all) settle(arrived);
    },
  };
}
