/**
 * Notifications and sounds (O8): what is new in the directory's rows, told by one tab at most. What was there before
 * this hub knew the rows is no news, unless a tab that attaches knew the rows of earlier.
 */
import {
  ALERT_LIFE_MS,
  knownOf,
  mergeKnown,
  newAlerts,
  stands,
  type Alert,
  type AlertOffer,
  type AlertReply,
  type KnownRow,
  type KnownRows,
} from '../shared/alerts.ts';
import type { Row } from '../shared/row.ts';
import { heard, plan, startTelling, type Hearer, type Telling } from './alert-plan.ts';
import type { Cancel, HubEnv } from './env.ts';
import type { Rows } from './rows.ts';

/** On their way at the same time; beyond that the oldest is given up. */
const MOST = 50;

export interface Alerts<H> {
  /** A tab came, and knows rows from before. */
  learn(known: KnownRows): void;
  /** Draws the conclusions from the rows and the tabs as they are now. */
  settle(): void;
  hear(from: H, reply: AlertReply): void;
  /** What that tab is to be asked; each is handed out once. */
  offers(tab: H): AlertOffer[] | null;
  /** The rows are not known any more: the next ones bring no news. */
  forget(): void;
  /** Leaves no timer. Twice is a no-op. */
  close(): void;
}

export interface AlertsDeps<H> {
  env: Pick<HubEnv, 'now' | 'after'>;
  rows: Pick<Rows, 'since' | 'get' | 'all' | 'told'>;
  tabs(): Iterable<H>;
  /** The log of what a tab shows. */
  shownBy(tab: H): string | undefined;
  /** A tab did not answer in time: settle, and send what follows. */
  onLate(): void;
}

export function createAlerts<H extends Hearer>(deps: AlertsDeps<H>): Alerts<H> {
  const { env, rows } = deps;
  const tellings = new Map<string, Telling<H>>();
  let outbox = new WeakMap<H, AlertOffer[]>();
  /** Null until the lane has told all rows. */
  let known: Map<string, KnownRow> | null = null;
  /** What tabs knew before this hub did; null when no tab knew anything. */
  let before: Map<string, KnownRow> | null = null;
  /** What the first rows were, and when; a tab that attaches soon after may yet say what was new in them. */
  let first: { rows: KnownRows; at: number } | null = null;
  /** The directory version that was looked at last. */
  let version: number | null = null;
  /** `rows.told` when nothing was known. */
  let from = 0;
  let cancelLate: Cancel | null = null;

  const tell = (alert: Alert): void => {
    if (tellings.has(alert.id)) return;
    tellings.set(alert.id, startTelling(alert, env.now() + ALERT_LIFE_MS));
    const [oldest] = tellings.keys();
    if (tellings.size > MOST && oldest !== undefined) tellings.delete(oldest);
  };

  const begin = (): void => {
    const all = rows.all();
    if (before !== null) for (const row of all) newAlerts(before.get(row.logId), row).forEach(tell);
    known = new Map(all.map((row) => [row.logId, knownOf(row)]));
    first = { rows: new Map(known), at: env.now() };
    version = rows.since(null)?.version ?? null;
  };

  /** What was new in the first rows to a tab that comes only now. */
  const catchUp = (told: KnownRows): void => {
    if (first === null || env.now() - first.at > ALERT_LIFE_MS) return;
    const isOld = (row: Row, { id }: Alert): boolean =>
      newAlerts(first?.rows.get(row.logId), row).every((alert) => alert.id !== id);
    for (const row of rows.all()) {
      for (const alert of newAlerts(told.get(row.logId), row)) if (isOld(row, alert)) tell(alert);
    }
  };

  const readRows = (): void => {
    if (known === null) {
      if (rows.told !== from) begin();
      return;
    }
    const delta = rows.since(version);
    if (delta === null) return;
    ({ version } = delta);
    for (const logId of delta.removed) known.delete(logId);
    for (const row of delta.rows) {
      const was = known.get(row.logId);
      newAlerts(was, row).forEach(tell);
      known.set(row.logId, knownOf(row, was));
    }
  };

  const stopTimer = (): void => {
    cancelLate?.();
    cancelLate = null;
  };

  const ask = (): void => {
    stopTimer();
    if (tellings.size === 0) return;
    const now = env.now();
    const tabs = [...deps.tabs()];
    let late = Infinity;
    for (const [id, telling] of tellings) {
      const { alert, until } = telling;
      if (now >= until || !stands(alert, rows.get(alert.logId))) {
        tellings.delete(id);
        continue;
      }
      const next = plan(telling, tabs, (tab) => deps.shownBy(tab) === alert.logId, now);
      tellings.set(id, next.telling);
      for (const { to, offer } of next.offers) {
        outbox.set(to, [...(outbox.get(to) ?? []), offer]);
      }
      late = Math.min(late, ...next.telling.waiting.values());
    }
    if (late !== Infinity) cancelLate = env.after(Math.max(0, late - now), deps.onLate);
  };

  return {
    learn(told) {
      if (known !== null) {
        if (before === null) catchUp(told);
        before ??= new Map(told);
        return;
      }
      before ??= new Map();
      for (const [logId, row] of told) before.set(logId, mergeKnown(before.get(logId), row));
    },
    settle() {
      readRows();
      ask();
    },
    hear(tab, reply) {
      const telling = tellings.get(reply.id);
      if (telling === undefined) return;
      const next = heard(telling, tab, reply);
      if (next === null) tellings.delete(reply.id);
      else tellings.set(reply.id, next);
    },
    offers(tab) {
      const due = outbox.get(tab);
      outbox.delete(tab);
      return due ?? null;
    },
    forget() {
      known = before = first = version = null;
      from = rows.told;
      tellings.clear();
      outbox = new WeakMap();
      stopTimer();
    },
    close: stopTimer,
  };
}
