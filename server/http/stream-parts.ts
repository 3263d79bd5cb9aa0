/**
 * What a stream is made of. A part is a cursor into a log or into the directory: it holds a position,
 * never a queue, so a slow reader costs its position and nothing else (DESIGN section 2).
 */
import type { SnapshotReason } from '../../shared/api.ts';
import { formatCursor, parseCursor } from '../../shared/cursor.ts';
import type { Row } from '../../shared/row.ts';
import type { DirectoryFeed, LogChunk, LogFeed } from '../sessions/service.ts';
import { joinFrames } from '../sessions/log-tail.ts';
import { namedFrame } from './sse.ts';

export interface StreamPart {
  /** Whether there is something to read now, may be later, or never again. */
  readonly state: 'more' | 'waits' | 'ended';
  /** What comes next, at most about `maxBytes`; a promise where it has to be fetched. Null when it is gone by then. */
  read(maxBytes: number): Uint8Array | null | Promise<Uint8Array | null>;
  /** `reader` is called when `state` may have changed. @returns the unsubscribe */
  subscribe(reader: () => void): () => void;
}

/** Where a reader of a log begins: after a `seq` it has, or with a snapshot and why (L4). */
export type StartPoint =
  | { kind: 'after'; seq: number }
  | { kind: 'snapshot'; reason: SnapshotReason };

/** @param text the cursor as the reader sent it; null or empty for none */
export function startPoint(feed: LogFeed, text: string | null): StartPoint {
  if (text === null || text === '') return { kind: 'snapshot', reason: 'start' };
  const cursor = parseCursor(text);
  if (cursor === null) return { kind: 'snapshot', reason: 'malformed' };
  const reason = feed.refuses(cursor.logId, cursor.seq);
  return reason === null ? { kind: 'after', seq: cursor.seq } : { kind: 'snapshot', reason };
}

/** True when a reader at that point lacks nothing and nothing is about to come (H2). */
export function isUpToDate(feed: LogFeed, start: StartPoint): boolean {
  return start.kind === 'after' && !feed.active && start.seq >= feed.lastSeq;
}

/**
 * One session's log from a point onward. Snapshot and what follows it are of one moment (L5): the position
 * is the snapshot's own `seq`.
 * @param whenIdle whether the part ends once the session is idle and everything was read (H2), or stays
 */
export function createLogPart(
  feed: LogFeed,
  start: StartPoint,
  whenIdle: 'ends' | 'stays',
): StreamPart {
  let seq = start.kind === 'after' ? start.seq : 0;
  let due: SnapshotReason | null = start.kind === 'snapshot' ? start.reason : null;
  const take = (chunk: LogChunk): Uint8Array | null => {
    ({ seq } = chunk);
    return chunk.bytes.byteLength === 0 ? null : chunk.bytes;
  };
  return {
    read(maxBytes) {
      if (feed.closed) return null;
      // A reader may be so slow that what it lacks was compacted meanwhile.
      due ??= feed.refuses(feed.logId, seq);
      if (due !== null) {
        const state = feed.snapshot();
        const frame = namedFrame(
          'snapshot',
          { reason: due, state },
          formatCursor({ logId: feed.logId, seq: state.seq }),
        );
        ({ seq } = state);
        due = null;
        return frame;
      }
      const next = feed.read(seq, maxBytes);
      if (!(next instanceof Promise)) return take(next);
      return next.then(take, (error: unknown) => {
        // Deleted while it was read: an end like any other, which must not take a lane with it.
        if (feed.closed) return null;
        throw error;
      });
    },
    subscribe: feed.subscribe,
    get state() {
      if (feed.closed) return 'ended';
      if (due !== null || seq < feed.lastSeq) return 'more';
      return whenIdle === 'ends' && !feed.active ? 'ended' : 'waits';
    },
  };
}

/** The rows of the directory: all of them first, then the last state of each that changed since. */
export function createDirectoryPart(feed: DirectoryFeed): StreamPart {
  const { directory } = feed;
  let version = -1;
  return {
    read() {
      const delta = directory.since(version);
      ({ version } = delta);
      if (delta.reset) return namedFrame('rows', { rows: delta.rows });
      const frames = [
        ...delta.removed.map((logId) => namedFrame('row.deleted', { logId })),
        ...delta.rows.map(rowFrame),
      ];
      return frames.length === 0 ? null : joinFrames(frames);
    },
    subscribe: feed.subscribe,
    get state() {
      return version < directory.version ? 'more' : 'waits';
    },
  };
}

// Rows are replaced, never changed, so one encoding serves every lane.
const rowFrames = new WeakMap<Row, Uint8Array>();

function rowFrame(row: Row): Uint8Array {
  const known = rowFrames.get(row);
  if (known !== undefined) return known;
  const frame = namedFrame('row', { row });
  rowFrames.set(row, frame);
  return frame;
}

/** Bytes that are sent once. */
export function createFixedPart(bytes: Uint8Array): StreamPart {
  let rest: Uint8Array | null = bytes;
  return {
    read() {
      const all = rest;
      rest = null;
      return all;
    },
    subscribe: () => () => {},
    get state() {
      return rest === null ? 'ended' : 'more';
    },
  };
}
