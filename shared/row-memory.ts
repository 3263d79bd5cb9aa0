/**
 * What a tab knew of the rows: told to the hub it attaches to, so that a new hub tells what happened while there was
 * none, and nothing that is old (O8). What became news only just now counts as not known: the hub that should have
 * told it may have died over it.
 */
import {
  ALERT_LIFE_MS,
  knownOf,
  newAlerts,
  unknow,
  type Alert,
  type KnownRow,
  type KnownRows,
} from './alerts.ts';
import type { DirectoryDelta } from './directory.ts';

export interface RowMemory {
  apply(delta: DirectoryDelta): void;
  /** Undefined while there is no row: that says nothing of the rows that a hub will have. */
  known(): KnownRows | undefined;
}

/** @param now milliseconds since the epoch */
export function createRowMemory(now: () => number): RowMemory {
  let rows: Map<string, KnownRow> | null = null;
  const young = new Map<string, { alert: Alert; at: number }>();
  const prune = (): void => {
    for (const [id, { at }] of young) if (now() - at > ALERT_LIFE_MS) young.delete(id);
  };

  return {
    apply(delta) {
      prune();
      const before = rows;
      rows = delta.reset || before === null ? new Map() : before;
      for (const logId of delta.removed) rows.delete(logId);
      for (const row of delta.rows) {
        const was = before?.get(row.logId);
        if (before !== null) {
          for (const alert of newAlerts(was, row)) young.set(alert.id, { alert, at: now() });
        }
        rows.set(row.logId, knownOf(row, was));
      }
    },
    known() {
      if (rows === null || rows.size === 0) return undefined;
      prune();
      const alerts = [...young.values()].map(({ alert }) => alert);
      return new Map(
        [...rows].map(([logId, row]) => [
          logId,
          unknow(
            row,
            alerts.filter((alert) => alert.logId === logId),
          ),
        ]),
      );
    },
  };
}
