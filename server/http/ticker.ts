/** Timers that share one of the real ones: ten thousand streams set twenty thousand, and need them to the second. */
import { inSlices } from '../slices.ts';
import type { CancelTimer, Timers } from './timers.ts';

const TICK_MS = 1000;

interface Entry {
  run: () => void;
  /** Where it waits; null once it has run or was cancelled. */
  slot: Set<Entry> | null;
}

/**
 * They run up to a second before their time, never after it; less than a second is a second. The real timer is
 * set only while it is needed.
 */
export function createTicker(timers: Timers): Timers {
  const slots = new Map<number, Set<Entry>>();
  let now = 0;
  let count = 0;
  let stop: CancelTimer = () => {};

  const put = (entry: Entry, ticks: number): void => {
    if (count === 0) stop = timers.every(TICK_MS, tick);
    count += 1;
    const slot = slots.get(now + ticks) ?? new Set();
    slots.set(now + ticks, slot.add(entry));
    entry.slot = slot;
  };
  const remove = (entry: Entry): void => {
    if (entry.slot === null) return;
    entry.slot.delete(entry);
    entry.slot = null;
    count -= 1;
    if (count === 0) stop();
  };
  const tick = (): void => {
    now += 1;
    const slot = slots.get(now);
    slots.delete(now);
    inSlices(slot ?? [], (entry) => entry.run());
  };

  const ticksOf = (ms: number): number => Math.max(1, Math.floor(ms / TICK_MS));
  return {
    after(ms, run) {
      const entry: Entry = {
        slot: null,
        run() {
          remove(entry);
          run();
        },
      };
      put(entry, ticksOf(ms));
      return () => remove(entry);
    },
    every(ms, run) {
      const ticks = ticksOf(ms);
      const entry: Entry = {
        slot: null,
        run() {
          remove(entry);
          put(entry, ticks);
          run();
        },
      };
      put(entry, ticks);
      return () => remove(entry);
    },
  };
}
