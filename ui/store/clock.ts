/** What time it is, as often as words on the page depend on it. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Timers } from '../env.ts';

export interface Clock {
  /** Milliseconds since the epoch, moved on the minute. */
  readonly now: ReadonlySignal<number>;
  /** When today began, in the reader's time zone. */
  readonly today: ReadonlySignal<number>;
  /** The page came into view: a computer that slept ran no timer. */
  read(): void;
  /** Leaves no timer; twice is fine. */
  close(): void;
}

const MINUTE_MS = 60_000;

export function createClock(timers: Timers): Clock {
  const now = signal(timers.now());
  let timer: number | null = null;
  let closed = false;
  const read = () => {
    if (timer !== null) timers.clearTimeout(timer);
    timer = null;
    if (closed) return;
    now.value = timers.now();
    timer = timers.setTimeout(read, MINUTE_MS - (now.value % MINUTE_MS));
  };
  read();
  return {
    now,
    today: computed(() => dayOf(now.value)),
    read,
    close() {
      closed = true;
      read();
    },
  };
}

/** When the day of that moment began, or one that many days later; days of 23 and 25 hours count as one. */
export function dayOf(at: number, later = 0): number {
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + later).getTime();
}
