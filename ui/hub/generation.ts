/**
 * Which worker, of those of one script, the tabs of a browser use. The number is part of the worker's name. It says
 * nothing of sessions (O2). Kept in localStorage: Web Locks bar the back/forward cache (T2), and of tabs that notice
 * a dead hub at the same time all come to the same number, without a message between them.
 */
import type { KeyValue } from '../env.ts';

export interface Generations {
  current(): number;
  /** The one to use after `failed` did not answer: another tab's choice if it was faster, else the next. */
  after(failed: number): number;
}

const KEY = 'tabcast.hub';

/** @param storage null where there is none: the tab then counts for itself */
export function createGenerations(storage: KeyValue | null): Generations {
  let own = 0;
  const current = () => {
    try {
      const stored = Number(storage?.getItem(KEY) ?? 0);
      if (Number.isSafeInteger(stored) && stored > own) own = stored;
    } catch {
      // Access may be refused at any time, by a setting of the browser.
    }
    return own;
  };
  return {
    current,
    after(failed) {
      own = Math.max(current(), failed + 1);
      try {
        storage?.setItem(KEY, String(own));
      } catch {
        // Full or refused: this tab alone moves on.
      }
      return own;
    },
  };
}

/** @param generation 0 is the first */
export function workerName(generation: number): string {
  return generation === 0 ? 'tabcast' : `tabcast-${generation}`;
}
