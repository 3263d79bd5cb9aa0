/** What the sidebar needs of a session. A row is server state: the same in every tab and device. */
import { openRequests, type SessionState } from './state.ts';

export type SessionStatus = 'idle' | 'running' | 'waiting' | 'cancelling';

/** The fields that follow from the log; stored with it in one transaction. */
export interface RowProjection {
  status: SessionStatus;
  /** Names the turn that 'Stop' in the row cancels (O3). */
  activeTurnId: string | null;
  openRequests: number;
  queued: number;
  lastSeq: number;
  /** `seq` of the last end of a turn; beyond `readSeq` the row is unread (O8). */
  endedSeq: number;
}

export interface Row extends RowProjection {
  /** The canonical id; `aliases` are earlier ones, still valid (O9). */
  id: string;
  aliases: string[];
  /** Never changes, also when the canonical id does. */
  logId: string;
  title: string;
  agentId: string;
  /** The folder the agent works in, absolute. */
  cwd: string;
  pinned: boolean;
  archived: boolean;
  readSeq: number;
  /** Counts how often somebody marked the session unread: who reads on must have seen the last time (O8). */
  readMark: number;
  /** Rises when the half-typed message changes. The text itself is asked for by who shows it (O13). */
  draftRev: number;
  /** Milliseconds since the epoch. */
  createdAt: number;
  updatedAt: number;
}

/** The row's fields that follow from a state. */
export function projectRow(state: SessionState): RowProjection {
  const open = openRequests(state).length;
  return {
    status: statusOf(state, open),
    activeTurnId: state.live?.turnId ?? null,
    openRequests: open,
    queued: state.queue.length,
    lastSeq: state.seq,
    endedSeq: state.endedSeq,
  };
}

function statusOf({ live }: SessionState, open: number): SessionStatus {
  if (live === null) return 'idle';
  if (live.cancelling) return 'cancelling';
  return open > 0 ? 'waiting' : 'running';
}

export function isUnread(row: Row): boolean {
  return row.endedSeq > row.readSeq;
}

/** True for the canonical id and for every alias. */
export function rowHasId(row: Row, sessionId: string): boolean {
  return row.id === sessionId || row.aliases.includes(sessionId);
}
