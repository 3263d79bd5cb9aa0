/** Removing the events of settled turns from the SQLite store (L8). */
import type { Database } from 'better-sqlite3';
import { checkCompact } from './check.ts';
import type { Store } from './store.ts';

type Uncompacted = Awaited<ReturnType<Store['uncompacted']>>[number];

export interface Compaction {
  /** See `Store.compact`; the session must exist. */
  compact(logId: string, upTo: number, maxBytes: number): number;
  compactedSeq(logId: string): number;
  uncompacted(): Uncompacted[];
}

/**
 * How far a log was compacted is kept nowhere: it is what precedes its first entry, or its end when it has
 * none, and so can't differ from what is there. SQLite gives the freed pages to later appends; the file stays
 * as large as it ever had to be.
 */
export function prepareCompaction(db: Database): Compaction {
  const compacted = db
    .prepare<[{ logId: string }], number>(`
      SELECT coalesce(
        (SELECT min(seq) - 1 FROM events WHERE log_id = @logId),
        (SELECT last_seq FROM sessions WHERE log_id = @logId),
        0)`)
    .pluck();
  const checkpoint = db
    .prepare<[string], number>("SELECT json ->> '$.seq' FROM checkpoints WHERE log_id = ?")
    .pluck();
  // The bytes of a text are known without reading it.
  const sizes = db.prepare<[string, number], { seq: number; bytes: number }>(`
    SELECT seq, octet_length(json) AS bytes FROM events WHERE log_id = ? AND seq <= ? ORDER BY seq`);
  const remove = db.prepare<[string, number]>('DELETE FROM events WHERE log_id = ? AND seq <= ?');
  const uncompacted = db.prepare<[], Uncompacted>(`
    SELECT log_id AS logId, ended_seq AS endedSeq, updated_at AS updatedAt FROM sessions s
    WHERE EXISTS (SELECT 1 FROM events e WHERE e.log_id = s.log_id AND e.seq <= s.ended_seq)`);

  /** The last `seq` of a piece of about `maxBytes`; null when there is none up to `upTo`. */
  const endOfPiece = (logId: string, upTo: number, maxBytes: number): number | null => {
    let last: number | null = null;
    let size = 0;
    for (const { seq, bytes } of sizes.iterate(logId, upTo)) {
      last = seq;
      size += bytes;
      if (size >= maxBytes) break;
    }
    return last;
  };
  const compact = db.transaction((logId: string, upTo: number, maxBytes: number): number => {
    checkCompact(logId, upTo, checkpoint.get(logId) ?? 0);
    const last = endOfPiece(logId, upTo, maxBytes);
    if (last !== null) remove.run(logId, last);
    return compacted.get({ logId }) ?? 0;
  });

  return {
    compact: (logId, upTo, maxBytes) => compact.immediate(logId, upTo, maxBytes),
    compactedSeq: (logId) => compacted.get({ logId }) ?? 0,
    uncompacted: () => uncompacted.all(),
  };
}
