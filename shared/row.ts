/** What the sidebar needs of a session. A row is server state: the same in every tab and device. */
import type { RequestBody, TurnEndReason } from './events.ts';
import { openRequests, type OpenRequest, type SessionState } from './state.ts';

export type SessionStatus = 'idle' | 'running' | 'waiting' | 'cancelling';

/** An open request, as far as a notification tells of it. */
export interface Ask {
  requestId: string;
  kind: RequestBody['kind'];
  /** What it is about, in the agent's words, cut short; may be empty. */
  title: string;
}

/** How the last turn that ended did. */
export interface LastEnd {
  reason: TurnEndReason;
  /** What went wrong, cut short; empty when nothing did. */
  message: string;
}

/** The fields that follow from the log; stored with it in one transaction. */
export interface RowProjection {
  status: SessionStatus;
  /** Names the turn that 'Stop' in the row cancels (O3). */
  activeTurnId: string | null;
  openRequests: number;
  /** The open requests, oldest first, at most `MOST_ASKS`. */
  asks: Ask[];
  queued: number;
  lastSeq: number;
  /** `seq` of the last end of a turn; beyond `readSeq` the row is unread (O8). */
  endedSeq: number;
  /** Null when no turn has ended yet, or it ended before rows told this. */
  lastEnd: LastEnd | null;
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

/** How many open requests a row names. */
const MOST_ASKS = 8;
/** How much of an agent's text a row carries, in UTF-16 units. */
const MOST_TEXT = 160;

/** The row's fields that follow from a state. */
export function projectRow(state: SessionState): RowProjection {
  const open = openRequests(state);
  const end = state.turns.at(-1)?.end ?? null;
  return {
    status: statusOf(state, open.length),
    activeTurnId: state.live?.turnId ?? null,
    openRequests: open.length,
    asks: open.slice(0, MOST_ASKS).map(toAsk),
    queued: state.queue.length,
    lastSeq: state.seq,
    endedSeq: state.endedSeq,
    lastEnd: end === null ? null : { reason: end.reason, message: cut(end.error?.message ?? '') },
  };
}

function toAsk({ requestId, request }: OpenRequest): Ask {
  const title = request.kind === 'permission' ? (request.toolCall.title ?? '') : request.message;
  return { requestId, kind: request.kind, title: cut(title) };
}

/** On one line; never through the middle of a surrogate pair. */
function cut(text: string): string {
  const line = text
    .slice(0, 4 * MOST_TEXT)
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= MOST_TEXT) return line;
  return `${line.slice(0, MOST_TEXT - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function statusOf({ live }: SessionState, open: number): SessionStatus {
  if (live === null) return 'idle';
  if (live.cancelling) return 'cancelling';
  return open > 0 ? 'waiting' : 'running';
}

/** A turn has ended since somebody read to the end. */
export function isUnread(row: Row): boolean {
  return row.endedSeq > row.readSeq;
}

/** True for the canonical id and for every alias. */
export function rowHasId(row: Row, sessionId: string): boolean {
  return row.id === sessionId || row.aliases.includes(sessionId);
}
