/** Tells the server that a turn's end was seen: by a visible pane that stands at its end (O8). */
import { effect } from '@preact/signals';
import { isUnread, type Row } from '../../shared/row.ts';

/** What is before the person's eyes; null when nothing is. */
export interface Seen {
  row: Row;
  /** The last event that is in the pane. */
  seq: number;
}

export interface ReadMarkDeps {
  /** Read inside an effect: may read signals. */
  seen(): Seen | null;
  /** @returns whether it was saved */
  markRead(row: Row, readSeq: number): Promise<boolean>;
}

/** Each end of a turn is sent once, and again only if that failed. @returns stop; twice is fine */
export function startReadMark({ seen, markRead }: ReadMarkDeps): () => void {
  const sent = new Map<string, number>();
  return effect(() => {
    const now = seen();
    if (now === null || !isUnread(now.row) || now.seq < now.row.endedSeq) return;
    const { row } = now;
    const { logId, endedSeq } = row;
    if ((sent.get(logId) ?? 0) >= endedSeq) return;
    sent.set(logId, endedSeq);
    void markRead(row, endedSeq).then((saved) => {
      if (!saved && sent.get(logId) === endedSeq) sent.delete(logId);
    });
  });
}
