/** What one tab takes and how fast it answers: a few integers, kept while nobody looks. */
import type { Cursor } from '../shared/cursor.ts';

export interface TabMeter {
  /** Something came while a batch was in flight: it may have to wait for the ack. */
  waits(): void;
  /** A batch went. @param events in it; `position`: where the tab's pane stands once it has them */
  sent(events: number, position: Cursor | null): void;
  acked(): void;
  /** The tab shows something else: what it acknowledged was of another watch. */
  rewatched(): void;
  report(log: Cursor | null): MeterReport;
}

export interface MeterReport {
  seq: number | null;
  behind: { events: number; ms: number };
  batches: number;
  events: number;
  acks: number;
  ackMs: number;
  quietMs: number;
}

/** @param now milliseconds; may jump */
export function createTabMeter(now: () => number): TabMeter {
  let batches = 0;
  let events = 0;
  let acks = 0;
  let ackMs = 0;
  let heardAt = now();
  let sentAt = 0;
  /** Since when the oldest of what is in flight had waited when it was sent. */
  let oldestAt: number | null = null;
  let waitingAt: number | null = null;
  let sentTo: Cursor | null = null;
  let ackedTo: Cursor | null = null;
  const since = (at: number): number => Math.max(0, now() - at);

  return {
    waits() {
      waitingAt ??= now();
    },
    sent(count, position) {
      batches += 1;
      events += count;
      sentAt = now();
      oldestAt = waitingAt ?? sentAt;
      waitingAt = null;
      // A position is the pane's own object, which it replaces.
      sentTo = position;
    },
    acked() {
      acks += 1;
      ackMs += since(sentAt);
      heardAt = now();
      oldestAt = null;
      ackedTo = sentTo;
    },
    rewatched() {
      sentTo = ackedTo = null;
    },
    report(log) {
      const known = log !== null && ackedTo?.logId === log.logId ? ackedTo.seq : null;
      const missing = log === null || known === null ? 0 : Math.max(0, log.seq - known);
      return {
        seq: known,
        behind: { events: missing, ms: missing === 0 || oldestAt === null ? 0 : since(oldestAt) },
        batches,
        events,
        acks,
        ackMs,
        quietMs: since(heardAt),
      };
    },
  };
}
