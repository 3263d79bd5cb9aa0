/**
 * L7: text deltas of a turn are merged before they are appended. The first goes at once, then what comes
 * within a window is one append; anything that is not text closes the window at once.
 */
import { joinUpdates } from '../../shared/merge.ts';
import type { SessionUpdate } from '../../shared/events.ts';

export const COALESCE_MS = 25;
const MAX_DELTAS = 64;
const MAX_CHARS = 128 * 1024;

export interface Coalescer {
  push(update: SessionUpdate): void;
  /** Hands over what is pending now. */
  flush(): void;
  /** Flushes and stops the window; later updates are dropped. Twice is fine. */
  close(): void;
}

export interface Timers {
  set(run: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

export const realTimers: Timers = {
  set: (run, ms) => setTimeout(run, ms),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** @param sink gets updates in order, never an empty list */
export function createCoalescer(
  sink: (updates: SessionUpdate[]) => void,
  timers: Timers,
): Coalescer {
  let pending: SessionUpdate[] = [];
  let deltas = 0;
  let chars = 0;
  let window: unknown = null;
  let closed = false;

  const flush = (): void => {
    if (pending.length === 0) return;
    const updates = pending;
    pending = [];
    deltas = 0;
    chars = 0;
    sink(updates);
  };
  const openWindow = (): void => {
    window = timers.set(() => {
      window = null;
      if (pending.length === 0) return;
      flush();
      openWindow();
    }, COALESCE_MS);
  };

  return {
    push(update) {
      if (closed) return;
      const last = pending.at(-1);
      const joined = last === undefined ? null : joinUpdates(last, update);
      if (joined === null) pending.push(update);
      else pending[pending.length - 1] = joined;
      const text = textLength(update);
      deltas += 1;
      chars += text ?? 0;
      if (window === null) {
        flush();
        openWindow();
      } else if (text === null || deltas >= MAX_DELTAS || chars >= MAX_CHARS) {
        flush();
      }
    },
    flush,
    close() {
      flush();
      closed = true;
      if (window !== null) timers.clear(window);
      window = null;
    },
  };
}

/** Null for what is not a text delta. */
function textLength(update: SessionUpdate): number | null {
  return (update.sessionUpdate === 'agent_message_chunk' ||
    update.sessionUpdate === 'agent_thought_chunk') &&
    update.content.type === 'text'
    ? update.content.text.length
    : null;
}
