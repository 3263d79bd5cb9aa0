/** From an SSE message to a frame of the HTTP contract (`StreamFrames`). */
import type { EventSourceMessage } from 'eventsource-parser';
import type { SnapshotReason, StreamFrames } from '../shared/api.ts';
import { parseCursor } from '../shared/cursor.ts';
import type { ApiError } from '../shared/errors.ts';
import type { SessionEvent } from '../shared/events.ts';
import type { Row } from '../shared/row.ts';
import type { SessionState } from '../shared/state.ts';

export type Frame =
  /** `size`: UTF-16 units of its JSON. */
  | { kind: 'event'; logId: string; event: SessionEvent; size: number }
  | { kind: 'snapshot'; reason: SnapshotReason; state: SessionState }
  | { kind: 'rows'; rows: Row[] }
  | { kind: 'row'; row: Row }
  | { kind: 'row.deleted'; logId: string }
  | { kind: 'missing'; sessionId: string }
  | { kind: 'problem'; problem: ApiError | null };

/** The stream can't be trusted any more: read it again from the cursor. */
export class FrameError extends Error {
  override name = 'FrameError';
}

/**
 * @returns null for a name that this build does not know: newer servers may add some
 * @throws FrameError
 */
export function parseFrame({ event: name, id, data }: EventSourceMessage): Frame | null {
  if (name === undefined || name === 'message') {
    const cursor = parseCursor(id ?? '');
    const event = parseBody(data) as SessionEvent;
    if (cursor === null || cursor.seq !== event.seq || typeof event.type !== 'string') {
      throw new FrameError(`an event whose cursor is ${JSON.stringify(id)}`);
    }
    return { kind: 'event', logId: cursor.logId, event, size: data.length };
  }
  switch (name as keyof StreamFrames) {
    case 'snapshot': {
      const { reason, state } = parseBody(data) as StreamFrames['snapshot'];
      if (typeof state?.logId !== 'string' || !Number.isSafeInteger(state.seq)) {
        throw new FrameError('a snapshot without its place in a log');
      }
      return { kind: 'snapshot', reason, state };
    }
    case 'rows': {
      const { rows } = parseBody(data) as StreamFrames['rows'];
      if (!Array.isArray(rows)) throw new FrameError('rows that are no list');
      return { kind: 'rows', rows };
    }
    case 'row': {
      const { row } = parseBody(data) as StreamFrames['row'];
      if (typeof row?.logId !== 'string') throw new FrameError('a row without a log');
      return { kind: 'row', row };
    }
    case 'row.deleted':
      return { kind: 'row.deleted', logId: (parseBody(data) as StreamFrames['row.deleted']).logId };
    case 'missing':
      return { kind: 'missing', sessionId: (parseBody(data) as StreamFrames['missing']).sessionId };
    case 'problem': {
      const { problem } = parseBody(data) as StreamFrames['problem'];
      if (problem !== null && typeof problem?.message !== 'string') {
        throw new FrameError('a problem without words');
      }
      return { kind: 'problem', problem };
    }
    default:
      return null;
  }
}

function parseBody(data: string): object {
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch {
    throw new FrameError('a frame that is not JSON');
  }
  if (typeof body !== 'object' || body === null) throw new FrameError('a frame without a body');
  return body;
}
