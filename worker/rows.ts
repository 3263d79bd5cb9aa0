/**
 * The hub's directory. The lane is its source: `rows` replaces, `row` upserts, `row.deleted` removes. An answer
 * to a request may add a row that the lane has not told yet, and does nothing else: it may be older than the lane.
 */
import { createDirectory, type DirectoryDelta } from '../shared/directory.ts';
import type { Row } from '../shared/row.ts';

export interface Rows {
  /** True once the lane told all rows. */
  readonly loaded: boolean;
  /** How often it did. */
  readonly told: number;
  get(logId: string): Row | undefined;
  /** By canonical id or alias. */
  find(sessionId: string): Row | undefined;
  all(): Row[];
  /** A connection of the lane is about to be asked for. */
  laneStarts(): void;
  /** @returns the rows that are gone */
  replace(rows: readonly Row[]): Row[];
  /** @returns false when nothing changed */
  upsert(row: Row): boolean;
  /** @returns the row that is gone, if there was one */
  remove(logId: string): Row | undefined;
  /** A row from an answer. @returns the row that holds now; undefined when the session is deleted */
  offer(row: Row): Row | undefined;
  /** Nothing is known any more. */
  clear(): void;
  /**
   * What a tab lacks that holds `version`; null when nothing, or when nothing is known yet.
   * @param version null for a tab that holds nothing. The answer is shared: not to be changed.
   */
  since(version: number | null): DirectoryDelta | null;
}

export function createRows(): Rows {
  const directory = createDirectory();
  let loaded = false;
  let told = 0;
  let lane = 0;
  /** Rows from answers, with the lane's connection at that time: its `rows` may be from before. */
  const offered = new Map<string, number>();
  /** A late answer must not bring a deleted session back. */
  const deleted = new Set<string>();
  const deltas = new Map<number, DirectoryDelta>();
  let deltasAt = -1;
  const upsert = (row: Row): boolean => {
    offered.delete(row.logId);
    deleted.delete(row.logId);
    return directory.upsert(row);
  };
  const remove = (logId: string): Row | undefined => {
    const row = directory.get(logId);
    offered.delete(logId);
    deleted.add(logId);
    directory.remove(logId);
    return row;
  };

  return {
    get loaded() {
      return loaded;
    },
    get told() {
      return told;
    },
    get: (logId) => directory.get(logId),
    find: (sessionId) => directory.find(sessionId),
    all: () => directory.rows(),
    laneStarts() {
      lane += 1;
    },
    replace(rows) {
      loaded = true;
      told += 1;
      const kept = new Set(rows.map(({ logId }) => logId));
      const gone: Row[] = [];
      for (const row of directory.rows()) {
        if (kept.has(row.logId) || offered.get(row.logId) === lane) continue;
        remove(row.logId);
        gone.push(row);
      }
      for (const row of rows) upsert(row);
      return gone;
    },
    upsert,
    remove,
    offer(row) {
      if (deleted.has(row.logId)) return undefined;
      const known = directory.get(row.logId);
      if (known !== undefined) return known;
      directory.upsert(row);
      offered.set(row.logId, lane);
      return row;
    },
    clear() {
      directory.replace([]);
      loaded = false;
      offered.clear();
      deleted.clear();
    },
    since(version) {
      if (!loaded && directory.version === 0) return null;
      if (version === directory.version) return null;
      if (deltasAt !== directory.version) {
        deltas.clear();
        deltasAt = directory.version;
      }
      const from = version ?? 0;
      const known = deltas.get(from);
      if (known !== undefined) return known;
      const delta = directory.since(from);
      deltas.set(from, delta);
      return delta;
    },
  };
}
