/** What the server says (frames, answers) becomes what is known: rows, sessions' logs, and what they touched. */
import type { SessionView } from '../shared/api.ts';
import { unreachable, type ApiError } from '../shared/errors.ts';
import type { Watch } from '../shared/hub-api.ts';
import { rowHasId, type Row } from '../shared/row.ts';
import type { Demand } from './demand.ts';
import type { Frame } from './frames.ts';
import type { Loader } from './loader.ts';
import type { Rows } from './rows.ts';
import type { Sessions } from './sessions.ts';
import type { Streams } from './streams.ts';

export interface Intake {
  /**
   * Frames that came together, in order.
   * @param logId whose own stream they came on; null for the lane
   * @returns true when they brought anything new
   */
  onFrames(frames: readonly Frame[], logId: string | null): boolean;
  /** The answer to a request for a session. @returns false when that is no answer to the question */
  onLoaded(sessionId: string, view: SessionView): boolean;
  /** The server has no such session any more. @returns false when nothing was known of it */
  remove(row: Row | undefined): boolean;
}

export interface IntakeDeps {
  rows: Rows;
  sessions: Sessions;
  streams: Streams;
  loader: Loader;
  demand: Demand;
  /** What tabs show. */
  watches(): Watch[];
  /** The server tells what is wrong with it. */
  onProblem(problem: ApiError | null): void;
}

export function createIntake({
  rows,
  sessions,
  streams,
  loader,
  demand,
  watches,
  onProblem,
}: IntakeDeps): Intake {
  function onFrames(frames: readonly Frame[], logId: string | null): boolean {
    let progress = false;
    for (const frame of frames) {
      // An own stream speaks of its own session only (O4).
      if (logId !== null && logIdOf(frame) !== logId) continue;
      if (onFrame(frame)) progress = true;
    }
    return progress;
  }

  /** @returns true when it brought anything new */
  function onFrame(frame: Frame): boolean {
    switch (frame.kind) {
      case 'event': {
        const applied = sessions.onEvent(frame.logId, frame.event, frame.size);
        if (applied === 'gap') streams.gap(frame.logId);
        if (applied === 'applied' || applied === 'gap') demand.touch(frame.logId);
        return applied === 'applied';
      }
      case 'snapshot':
        demand.touch(frame.state.logId);
        return sessions.onSnapshot(frame.reason, frame.state);
      case 'rows': {
        const known = new Set(rows.all().map(({ logId }) => logId));
        for (const row of rows.replace(frame.rows)) forget(row);
        for (const row of frame.rows) {
          if (!known.has(row.logId)) appeared(row);
          dropIfAhead(row);
          // Row and log both say that it runs: the 204 was not the session's own answer.
          const session = sessions.get(row.logId);
          if (session !== undefined && row.status !== 'idle') session.upToDate = null;
        }
        demand.touchAll();
        return false;
      }
      case 'row': {
        const { row } = frame;
        const known = rows.get(row.logId) !== undefined;
        const changed = rows.upsert(row);
        if (!known) appeared(row);
        demand.touch(row.logId);
        return changed;
      }
      case 'row.deleted':
        return remove(rows.get(frame.logId));
      case 'missing':
        return remove(rows.find(frame.sessionId));
      case 'problem':
        onProblem(frame.problem);
        return false;
      default:
        return unreachable(frame);
    }
  }

  function onLoaded(sessionId: string, { row: loaded, state }: SessionView): boolean {
    const row = rows.offer(loaded);
    if (row === undefined) {
      loader.missing(sessionId);
      return true;
    }
    if (row.logId !== state.logId || rows.find(sessionId) !== row) return false;
    sessions.use(row.logId);
    sessions.onView(state);
    demand.touch(row.logId);
    return true;
  }

  function watching(row: Row): string[] {
    const ids = watches().map(({ sessionId }) => sessionId);
    return ids.filter((sessionId) => rowHasId(row, sessionId));
  }

  /** After its row is gone. */
  function forget(row: Row): void {
    for (const sessionId of watching(row)) {
      if (rows.find(sessionId) === undefined) loader.missing(sessionId);
    }
    sessions.drop(row.logId);
    demand.touch(row.logId);
  }

  function remove(row: Row | undefined): boolean {
    if (row === undefined) return false;
    rows.remove(row.logId);
    forget(row);
    return true;
  }

  /** A session that a tab was told is missing exists after all. */
  function appeared(row: Row): void {
    for (const sessionId of watching(row)) loader.news(sessionId);
  }

  /** A log that is ahead of the server, with no stream to tell: a database was restored, so it is loaded anew. */
  function dropIfAhead({ logId, lastSeq }: Row): void {
    const seq = sessions.get(logId)?.log?.state.seq ?? 0;
    if (seq > lastSeq && streams.stateOf(logId) === undefined) sessions.drop(logId);
  }

  return { onFrames, onLoaded, remove };
}

/** The session that a frame is about; null for the directory's. */
function logIdOf(frame: Frame): string | null {
  switch (frame.kind) {
    case 'event':
      return frame.logId;
    case 'snapshot':
      return frame.state.logId;
    case 'row':
    case 'rows':
    case 'row.deleted':
    case 'missing':
    case 'problem':
      return null;
    default:
      return unreachable(frame);
  }
}
