/** What the hub has of each session: its log, and what the server said about it. */
import type { SnapshotReason } from '../shared/api.ts';
import type { ApiError } from '../shared/errors.ts';
import type { SessionEvent } from '../shared/events.ts';
import type { SessionState } from '../shared/state.ts';
import { createSessionLog, type SessionLog, type TailLimits } from './session-log.ts';

/** Logs kept of sessions that are idle and not shown: going back to one of them costs nothing. */
const IDLE_LOGS = 50;

export interface Session {
  readonly logId: string;
  /** Null until its state came once. */
  log: SessionLog | null;
  /** Events were missing: the next connection asks for a snapshot. */
  resync: boolean;
  /** Where the log stood when the server said that nothing more is to come (204). */
  upToDate: number | null;
  /** The server refused its stream for good. */
  refused: ApiError | null;
  /** Events that were new, and the length of their JSON in UTF-16 units. */
  events: number;
  size: number;
}

export interface Sessions {
  get(logId: string): Session | undefined;
  /** Makes it the most recently used. */
  use(logId: string): Session;
  drop(logId: string): void;
  clear(): void;
  all(): Iterable<Session>;
  /** Sessions whose state is here. */
  readonly folds: number;
  /** @returns `gap`: a snapshot is needed. `ignored`: one is on its way, or the session is not here */
  onEvent(
    logId: string,
    event: SessionEvent,
    size: number,
  ): 'applied' | 'duplicate' | 'gap' | 'ignored';
  /** A stream's snapshot. @returns true when it brought anything new */
  onSnapshot(reason: SnapshotReason, state: SessionState): boolean;
  /** The answer to a request: it may be older than what a stream brought meanwhile. */
  onView(state: SessionState): void;
  /** Lets go of what is not `busy`: recent events at once, folds beyond the newest few. */
  evict(busy: (logId: string) => boolean): void;
}

/** @param tail how many recent events each log keeps */
export function createSessions(tail: TailLimits): Sessions {
  // In the order of use, the least recent first.
  const sessions = new Map<string, Session>();

  const put = (session: Session, state: SessionState, rewritten: boolean): void => {
    if (session.log === null) session.log = createSessionLog(state, tail);
    else session.log.replace(state, rewritten);
    session.resync = false;
    session.upToDate = null;
  };

  return {
    get: (logId) => sessions.get(logId),
    use(logId) {
      const session = sessions.get(logId) ?? {
        logId,
        log: null,
        resync: false,
        upToDate: null,
        refused: null,
        events: 0,
        size: 0,
      };
      sessions.delete(logId);
      sessions.set(logId, session);
      return session;
    },
    drop(logId) {
      sessions.delete(logId);
    },
    clear: () => sessions.clear(),
    all: () => sessions.values(),
    get folds() {
      let count = 0;
      for (const { log } of sessions.values()) if (log !== null) count += 1;
      return count;
    },
    onEvent(logId, event, size) {
      const session = sessions.get(logId);
      if (session === undefined || session.resync) return 'ignored';
      const applied = session.log?.apply(event, size) ?? 'gap';
      if (applied === 'gap') session.resync = true;
      if (applied === 'applied') {
        session.events += 1;
        session.size += size;
      }
      return applied;
    },
    onSnapshot(reason, state) {
      const session = sessions.get(state.logId);
      if (session === undefined) return false;
      const before = session.log?.state.seq ?? -1;
      // Asked for without need, while another answer came first.
      if (reason === 'start' && !session.resync && state.seq <= before) return false;
      put(session, state, reason !== 'start' && reason !== 'compacted');
      return state.seq > before;
    },
    onView(state) {
      const session = sessions.get(state.logId);
      if (session !== undefined && state.seq > (session.log?.state.seq ?? -1)) {
        put(session, state, false);
      }
    },
    evict(busy) {
      const idle = [...sessions.values()].filter(({ logId }) => !busy(logId));
      for (const { log } of idle) log?.forgetTail();
      for (const { logId } of idle.slice(0, -IDLE_LOGS)) sessions.delete(logId);
    },
  };
}
