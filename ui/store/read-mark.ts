/** Tells the server that a turn's end was seen: by a pane that stands at its end, in view and with the focus (O8). */
import { effect, signal } from '@preact/signals';
import { isUnread, type Row } from '../../shared/row.ts';
import type { Timers } from '../env.ts';

/** How often a page in view is asked whether it has the focus, milliseconds. */
const FOCUS_MS = 500;

/** What is before the person's eyes; null when nothing is. */
export interface Seen {
  row: Row;
  /** The last event that is in the pane. */
  seq: number;
}

export interface ReadMarkDeps {
  /** Read inside an effect: may read signals. */
  seen(): Seen | null;
  /** Whether the page has the focus: a window behind others is in view, too, for all that a page can know. */
  focused(): boolean;
  timers: Pick<Timers, 'setTimeout' | 'clearTimeout'>;
  /** @returns whether it was saved */
  markRead(row: Row, readSeq: number): Promise<boolean>;
}

/** Each end of a turn is sent once, and again only if that failed. @returns stop; twice is fine */
export function startReadMark({ seen, focused, timers, markRead }: ReadMarkDeps): () => void {
  const sent = new Map<string, number>();
  const asked = signal(0);
  let timer: number | null = null;
  const stopAsking = () => {
    if (timer !== null) timers.clearTimeout(timer);
    timer = null;
  };
  const stop = effect(() => {
    stopAsking();
    void asked.value;
    const now = seen();
    if (now === null || !isUnread(now.row) || now.seq < now.row.endedSeq) return;
    if (!focused()) {
      // Asked for, while there is something to see: a listener would bar the back/forward cache (T2).
      timer = timers.setTimeout(() => (asked.value += 1), FOCUS_MS);
      return;
    }
    const { row } = now;
    const { logId, endedSeq } = row;
    if ((sent.get(logId) ?? 0) >= endedSeq) return;
    sent.set(logId, endedSeq);
    void markRead(row, endedSeq).then((saved) => {
      if (!saved && sent.get(logId) === endedSeq) sent.delete(logId);
    });
  });
  return () => {
    stop();
    stopAsking();
  };
}
