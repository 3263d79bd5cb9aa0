/**
 * An alert is what a row has to tell a person who is not looking: a turn ended, a request is open. Pure, and the
 * same in hub and tab: what is new is a function of what was known of a row and the row as it is now.
 */
import { isUnread, type Ask, type LastEnd, type Row } from './row.ts';

/** `id` is the same in every hub and tab of a browser, whatever is sent again. Names the log: ids rotate (O9). */
export type Alert = { id: string; logId: string } & (
  | { kind: 'end'; seq: number; end: LastEnd }
  | { kind: 'request'; ask: Ask }
);

/** What was known of a row, as far as alerts go. */
export interface KnownRow {
  endedSeq: number;
  /** Open requests. */
  asks: string[];
}

/** By `logId`. */
export type KnownRows = ReadonlyMap<string, KnownRow>;

/** What a tab's page and person allow. */
export interface Presence {
  visible: boolean;
  /** Notifications are wanted and allowed. */
  notify: boolean;
  /** Sounds are wanted; whether the page may play one shows when it tries. */
  sound: boolean;
}

/** Hub to tab. With neither `notify` nor `sound` it only asks whether somebody is looking. */
export interface AlertOffer {
  alert: Alert;
  notify: boolean;
  sound: boolean;
  /** Milliseconds since the epoch. After that it is only answered with `late`: much may have happened since. */
  until: number;
}

/** Tab to hub. What was offered and is neither `over` nor done goes to another tab. */
export interface AlertReply {
  id: string;
  /** The page was frozen or busy till now: ask it again if there is still something to ask. */
  late: boolean;
  /** Somebody looks at it here, or there is nothing to tell any more. */
  over: boolean;
  notified: boolean;
  sounded: boolean;
}

/** An alert that was not told within this time, in milliseconds, is not told at all: the row stays unread. */
export const ALERT_LIFE_MS = 60_000;

/** Everything that a row has to tell, whether it was told or not. */
export function alertsOf(row: Row): Alert[] {
  const { logId, endedSeq, lastEnd } = row;
  const alerts: Alert[] = [];
  // Somebody stopped it: no news.
  if (isUnread(row) && lastEnd !== null && lastEnd.reason !== 'cancelled') {
    const id = `${logId}:end:${endedSeq}`;
    alerts.push({ id, logId, kind: 'end', seq: endedSeq, end: lastEnd });
  }
  if (row.status !== 'waiting') return alerts;
  for (const ask of row.asks) {
    alerts.push({ id: `${logId}:request:${ask.requestId}`, logId, kind: 'request', ask });
  }
  return alerts;
}

/** What of it was not there when the row was as `known`; undefined: when there was no such row. */
export function newAlerts(known: KnownRow | undefined, row: Row): Alert[] {
  return alertsOf(row).filter((alert) =>
    alert.kind === 'end'
      ? alert.seq > (known?.endedSeq ?? 0)
      : known?.asks.includes(alert.ask.requestId) !== true,
  );
}

/** Whether there is still something to tell: nobody read or answered it, and nothing newer took its place. */
export function stands(alert: Alert, row: Row | undefined): boolean {
  return row !== undefined && alertsOf(row).some(({ id }) => id === alert.id);
}

/** A row that was further on stays so: what is sent again is no news. */
export function knownOf(row: Row, before?: KnownRow): KnownRow {
  return {
    endedSeq: Math.max(row.endedSeq, before?.endedSeq ?? 0),
    asks: row.asks.map(({ requestId }) => requestId),
  };
}

/** What two tabs know, together. */
export function mergeKnown(a: KnownRow | undefined, b: KnownRow): KnownRow {
  if (a === undefined) return b;
  return {
    endedSeq: Math.max(a.endedSeq, b.endedSeq),
    asks: [...new Set([...a.asks, ...b.asks])],
  };
}

/** As `knownOf`, but without these alerts: they are news once more. */
export function unknow(known: KnownRow, alerts: readonly Alert[]): KnownRow {
  const asks = new Set(known.asks);
  let { endedSeq } = known;
  for (const alert of alerts) {
    if (alert.kind === 'end') endedSeq = Math.min(endedSeq, alert.seq - 1);
    else asks.delete(alert.ask.requestId);
  }
  return { endedSeq, asks: [...asks] };
}
