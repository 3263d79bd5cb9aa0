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
  /** The pane's last line is in view. */
  atEnd: boolean;
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

/**
 * Each end of a turn is sent once, and again only if that failed. What somebody marks unread stays so while it is
 * looked at: it is read by the next look, after the session or the tab was left.
 * @returns stop; twice is fine
 */
export function startReadMark({ seen, focused, timers, markRead }: ReadMarkDeps): () => void {
  const sent = new Map<string, string>();
  /** The session that is looked at, and how often it had been marked unread when the look began. */
  let look: { logId: string; readMark: number } | null = null;
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
    if (now === null) {
      look = null;
      return;
    }
    const { row, seq, atEnd } = now;
    const { logId, endedSeq, readMark } = row;
    if (look?.logId !== logId) look = { logId, readMark };
    if (!atEnd || !isUnread(row) || seq < endedSeq || readMark > look.readMark) return;
    if (!focused()) {
      // Asked for, while there is something to see: a listener would bar the back/forward cache (T2).
      timer = timers.setTimeout(() => (asked.value += 1), FOCUS_MS);
      return;
    }
    const mark = `${endedSeq}/${readMark}`;
    if (sent.get(logId) === mark) return;
    sent.set(logId, mark);
    void markRead(row, endedSeq).then((saved) => {
      if (!saved && sent.get(logId) === mark) sent.delete(logId);
    });
  });
  return () => {
    stop();
    stopAsking();
  };
}
