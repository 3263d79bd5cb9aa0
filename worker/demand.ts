/** Draws the conclusions: which sessions need a stream, which a request, and which may be let go of. */
import type { Watch } from '../shared/hub-api.ts';
import type { Loader } from './loader.ts';
import { needsStream } from './policy.ts';
import type { Rows } from './rows.ts';
import type { Sessions } from './sessions.ts';
import type { Streams } from './streams.ts';

export interface Demand {
  /** True when that session needs a stream, as it was seated last. */
  wants(logId: string): boolean;
  /** Something changed that its need may depend on. */
  touch(logId: string): void;
  touchAll(): void;
  /** A tab shows it, or shows it no more. */
  touchWatch(sessionId: string): void;
  /** Connects and loads what is needed now, and nothing else. */
  settle(): void;
  /** Nothing is needed. */
  clear(): void;
}

export interface DemandDeps {
  rows: Rows;
  sessions: Sessions;
  streams: Streams;
  loader: Loader;
  /** What tabs show. */
  watches(): Watch[];
  /** True while nothing may be connected. */
  paused(): boolean;
}

export function createDemand({
  rows,
  sessions,
  streams,
  loader,
  watches,
  paused,
}: DemandDeps): Demand {
  /** Sessions that need a stream, and whether a tab shows them. */
  const wanted = new Map<string, boolean>();
  /** Sessions whose need has to be looked at again. */
  const touched = new Set<string>();
  let untidy = false;

  const isNeeded = (logId: string, watched: boolean): boolean => {
    const session = sessions.get(logId);
    if (paused() || session?.refused != null) return false;
    const row = rows.get(logId);
    return needsStream({
      row,
      log: session?.log?.state ?? null,
      watched,
      streaming: streams.stateOf(logId) !== undefined,
      loading: row !== undefined && loader.inFlight(row),
      upToDate: session?.upToDate ?? null,
    });
  };

  const seat = (shown: ReadonlySet<string>): void => {
    let changed = false;
    for (const logId of touched) {
      const watched = shown.has(logId);
      const need = isNeeded(logId, watched);
      if (wanted.get(logId) === (need ? watched : undefined)) continue;
      changed = true;
      if (need) wanted.set(logId, watched);
      else wanted.delete(logId);
      // Also when it just ended: of the idle ones it was used last.
      if (need || sessions.get(logId) !== undefined) sessions.use(logId);
    }
    touched.clear();
    if (changed) {
      streams.plan([...wanted].map(([logId, watched]) => ({ logId, watched })));
    }
    if (changed || untidy) sessions.evict((logId) => wanted.has(logId) || shown.has(logId));
    untidy = false;
  };

  /** What tabs show that is not here and that no stream will bring. */
  const dueLoads = (shown: readonly Watch[]): Set<string> => {
    const due = new Set<string>();
    if (paused()) return due;
    for (const { sessionId } of shown) {
      const row = rows.find(sessionId);
      const here = row !== undefined && sessions.get(row.logId)?.log != null;
      if (!here && !(row !== undefined && wanted.has(row.logId))) due.add(sessionId);
    }
    return due;
  };

  return {
    wants: (logId) => wanted.has(logId),
    touch(logId) {
      touched.add(logId);
    },
    touchAll() {
      for (const { logId } of rows.all()) touched.add(logId);
      for (const logId of wanted.keys()) touched.add(logId);
    },
    touchWatch(sessionId) {
      untidy = true;
      const row = rows.find(sessionId);
      if (row !== undefined) touched.add(row.logId);
    },
    settle() {
      const now = watches();
      if (touched.size > 0 || untidy) {
        const shown = now.flatMap(({ sessionId }) => rows.find(sessionId)?.logId ?? []);
        seat(new Set(shown));
      }
      loader.sync(dueLoads(now));
    },
    clear() {
      wanted.clear();
      touched.clear();
      untidy = true;
    },
  };
}
