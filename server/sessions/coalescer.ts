/**
 * L7: text deltas of a turn are merged before they are appended. The first goes at once, then what comes
 * within a window is one append; anything that is not text closes the window at once.
 */
import { joinUpdates } from '../../shared/merge.ts';
import type { SessionUpdate } from '../../shared/events.ts';

export const COALESCE_MS = 25;
const MAX_DELTAS = 64;
/** Of text, in UTF-8. A single delta that is longer is an append of its own. */
const MAX_BYTES = 128 * 1024;

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
  let bytes = 0;
  let window: unknown = null;
  let closed = false;

  const flush = (): void => {
    if (pending.length === 0) return;
    const updates = pending;
    pending = [];
    deltas = 0;
    bytes = 0;
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
      const size = textSize(update);
      if (bytes + (size ?? 0) > MAX_BYTES) flush();
      const last = pending.at(-1);
      const joined = last === undefined ? null : joinUpdates(last, update);
      if (joined === null) pending.push(update);
      else pending[pending.length - 1] = joined;
      deltas += 1;
      bytes += size ?? 0;
      if (window === null) {
        flush();
        openWindow();
      } else if (size === null || deltas >= MAX_DELTAS || bytes >= MAX_BYTES) {
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

/** Bytes in UTF-8; null for what is not a text delta. */
function textSize(update: SessionUpdate): number | null {
  return (update.sessionUpdate === 'agent_message_chunk' ||
    update.sessionUpdate === 'agent_thought_chunk') &&
    update.content.type === 'text'
    ? Buffer.byteLength(update.content.text)
    : null;
}
