/** When the events of settled turns go (L8): the pure part. */

/** A turn's end, and when what is before it may go. */
export interface Ending {
  logId: string;
  /** Of `turn.ended`. */
  seq: number;
  /** Milliseconds since the epoch. */
  dueAt: number;
}

export interface Due {
  /** How far each log is compacted now. */
  now: Map<string, number>;
  later: Ending[];
  /** When the next one is due; null when none waits. */
  nextAt: number | null;
}

/** Of several ends of a log that are due the last one counts. */
export function takeDue(endings: readonly Ending[], now: number): Due {
  const due: Due = { now: new Map(), later: [], nextAt: null };
  for (const ending of endings) {
    const { logId, seq, dueAt } = ending;
    if (dueAt <= now) {
      due.now.set(logId, Math.max(seq, due.now.get(logId) ?? 0));
    } else {
      due.later.push(ending);
      due.nextAt = Math.min(dueAt, due.nextAt ?? dueAt);
    }
  }
  return due;
}
