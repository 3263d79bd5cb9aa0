/**
 * All rows one principal may see, as a feed: a log that keeps only the last state of each row.
 * The server and the hub each hold one; a reader's cursor is a `version`.
 */
import type { Row } from './row.ts';

/** Everything a reader at an older version lacks. `reset`: drop what you have first. */
export interface DirectoryDelta {
  version: number;
  reset: boolean;
  rows: Row[];
  /** The `logId`s of deleted sessions. */
  removed: string[];
}

export interface Directory {
  readonly version: number;
  get(logId: string): Row | undefined;
  /** By canonical id or alias. */
  find(sessionId: string): Row | undefined;
  rows(): Row[];
  /** @returns false when nothing changed */
  upsert(row: Row): boolean;
  remove(logId: string): boolean;
  /** Replaces everything; rows that are missing count as removed. */
  replace(rows: readonly Row[]): void;
  /** What came after `version`; from 0, or from a version this directory doesn't know, everything with `reset`. */
  since(version: number): DirectoryDelta;
}

/** An empty directory at version 0. */
export function createDirectory(): Directory {
  let version = 0;
  // Map order is not used: readers sort. Tombstones are small and live as long as the process.
  const entries = new Map<string, { version: number; row: Row | null }>();
  /** Canonical ids and aliases to `logId`. */
  const names = new Map<string, string>();

  const upsert = (row: Row): boolean => {
    const before = entries.get(row.logId)?.row;
    if (before !== undefined && before !== null && sameRow(before, row)) return false;
    version += 1;
    entries.set(row.logId, { version, row });
    for (const name of [row.id, ...row.aliases]) names.set(name, row.logId);
    return true;
  };
  const remove = (logId: string): boolean => {
    const before = entries.get(logId)?.row ?? null;
    if (before === null) return false;
    version += 1;
    for (const name of [before.id, ...before.aliases]) {
      if (names.get(name) === logId) names.delete(name);
    }
    entries.set(logId, { version, row: null });
    return true;
  };
  const rows = (): Row[] => [...entries.values()].flatMap(({ row }) => (row === null ? [] : [row]));

  return {
    get version() {
      return version;
    },
    get: (logId) => entries.get(logId)?.row ?? undefined,
    find: (sessionId) => entries.get(names.get(sessionId) ?? '')?.row ?? undefined,
    rows,
    upsert,
    remove,
    replace(next) {
      const kept = new Set(next.map((row) => row.logId));
      for (const logId of entries.keys()) if (!kept.has(logId)) remove(logId);
      for (const row of next) upsert(row);
    },
    since(from) {
      if (from <= 0 || from > version) return { version, reset: true, rows: rows(), removed: [] };
      const delta: DirectoryDelta = { version, reset: false, rows: [], removed: [] };
      for (const [logId, entry] of entries) {
        if (entry.version <= from) continue;
        if (entry.row === null) delta.removed.push(logId);
        else delta.rows.push(entry.row);
      }
      return delta;
    },
  };
}

function sameRow(a: Row, b: Row): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
