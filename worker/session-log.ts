/** The hub's copy of one session: the fold, and the recent events for tabs that lack only those. */
import { firstSeq, type SessionEvent } from '../shared/events.ts';
import { mergeDeltas } from '../shared/merge.ts';
import { applyEvent } from '../shared/reducer.ts';
import { lastPage, type SessionState } from '../shared/state.ts';

/** How much of the log's end is kept. `size` counts UTF-16 units of JSON. */
export interface TailLimits {
  events: number;
  size: number;
}

/** 20 running sessions stay within a few tens of megabytes. */
export const TAIL_LIMITS: TailLimits = { events: 2048, size: 512 * 1024 };

export interface SessionLog {
  readonly logId: string;
  readonly state: SessionState;
  /** Rises when the log's past was replaced by another: cursors from before mean nothing then. */
  readonly generation: number;
  /** How many recent events are kept. */
  readonly tail: number;
  /**
   * Folds one event in; duplicates are dropped (H10).
   * @returns `gap` when events are missing, or when it can't be folded: a snapshot is needed
   */
  apply(event: SessionEvent, size: number): 'applied' | 'duplicate' | 'gap';
  /** @param rewritten the state is not a later one of the same log: a restored database */
  replace(state: SessionState, rewritten: boolean): void;
  /** Everything after `seq`, text deltas merged; null when it is not here any more. Shared: not to be changed. */
  since(seq: number): readonly SessionEvent[] | null;
  /** Keeps the fold only. */
  forgetTail(): void;
}

/** A log that starts with a snapshot. */
export function createSessionLog(
  start: SessionState,
  limits: TailLimits = TAIL_LIMITS,
): SessionLog {
  let state = lastPage(start);
  let generation = 0;
  let tail: { event: SessionEvent; size: number }[] = [];
  // The front of the tail is dropped by moving `head`: a shift per event would cost the length of the tail.
  let head = 0;
  let size = 0;
  /** The last `seq` that is not in the tail. */
  let floor = start.seq;
  // Most tabs stand at the same few cursors.
  const merged = new Map<number, readonly SessionEvent[]>();

  const forgetTail = (): void => {
    tail = [];
    head = 0;
    size = 0;
    floor = state.seq;
    merged.clear();
  };
  const trim = (): void => {
    while (tail.length - head > limits.events || size > limits.size) {
      const dropped = tail[head];
      if (dropped === undefined) return;
      size -= dropped.size;
      floor = dropped.event.seq;
      head += 1;
    }
    if (head > limits.events) {
      tail = tail.slice(head);
      head = 0;
    }
  };
  /** Index of the first event after `seq`. */
  const after = (seq: number): number => {
    let low = head;
    let high = tail.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tail[middle]?.event.seq ?? Infinity) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    logId: start.logId,
    get state() {
      return state;
    },
    get generation() {
      return generation;
    },
    get tail() {
      return tail.length - head;
    },
    apply(event, eventSize) {
      const applied = fold(state, event);
      if (applied.kind !== 'applied') return applied.kind;
      state = event.type === 'turn.ended' ? lastPage(applied.state) : applied.state;
      tail.push({ event, size: eventSize });
      size += eventSize;
      merged.clear();
      trim();
      return 'applied';
    },
    replace(next, rewritten) {
      state = lastPage(next);
      if (rewritten) generation += 1;
      forgetTail();
    },
    since(seq) {
      if (seq < floor || seq > state.seq) return null;
      const known = merged.get(seq);
      if (known !== undefined) return known;
      const events = tail.slice(after(seq)).map(({ event }) => event);
      const first = events[0];
      // A cursor within a merged delta: its text can't be split.
      if (first !== undefined && firstSeq(first) !== seq + 1) return null;
      const result = mergeDeltas(events);
      merged.set(seq, result);
      return result;
    },
    forgetTail,
  };
}

function fold(
  state: SessionState,
  event: SessionEvent,
): ReturnType<typeof applyEvent> | { kind: 'gap' } {
  try {
    return applyEvent(state, event);
  } catch {
    // Agent output of a shape nobody knows: the server's own fold says what became of it.
    return { kind: 'gap' };
  }
}
