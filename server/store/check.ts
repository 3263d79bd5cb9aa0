/** Checks that every store makes before it writes or reads: what they find is a mistake of the caller. */
import type { Append } from './store.ts';

/** @throws Error when an append contradicts itself: a gap in its entries (L1), a row or checkpoint of another `seq`, an unended settled turn */
export function checkAppend(append: Append): void {
  const { logId, after, entries, row, settled, checkpoint } = append;
  const wrong = (what: string) => new Error(`append to log ${logId} after ${after}: ${what}`);
  if (entries.length === 0) throw wrong('no entries');
  entries.forEach((entry, index) => {
    const expected = after + 1 + index;
    if (entry.seq !== expected) throw wrong(`expected seq ${expected}, got ${entry.seq}`);
  });
  const last = after + entries.length;
  // The row's `lastSeq` is what the next fence is compared with.
  if (row.lastSeq !== last) throw wrong(`the row's lastSeq is ${row.lastSeq}, not ${last}`);
  for (const turn of settled) {
    if (turn.end === null) throw wrong(`settled turn ${turn.turnId} has no end`);
  }
  if (checkpoint === null) {
    // Loading from an older checkpoint would fold the settled turns a second time.
    if (settled.length > 0) throw wrong('settled turns need a checkpoint');
    return;
  }
  if (checkpoint.logId !== logId) throw wrong(`the checkpoint is of log ${checkpoint.logId}`);
  if (checkpoint.seq !== last)
    throw wrong(`the checkpoint is at ${checkpoint.seq}, not at ${last}`);
}

/** @throws RangeError unless it is a whole number, 0 or more: to SQLite a negative limit means all */
export function checkLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 0) {
    throw new RangeError(`limit must be a whole number, 0 or more, not ${limit}`);
  }
}

/** @throws RangeError when entries would go that loading needs: those after the last checkpoint */
export function checkCompact(logId: string, upTo: number, checkpoint: number): void {
  if (upTo <= checkpoint) return;
  throw new RangeError(`log ${logId} is folded up to ${checkpoint}, it can't lose ${upTo}`);
}
