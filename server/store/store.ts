/**
 * The store port. Asynchronous, and free of the assumption that one process uses it (a second
 * implementation will sit on a network database): appends carry a fence, reads carry a cursor.
 * One acceptance suite runs on every implementation (`testing/store-acceptance.ts`).
 */
import type { SearchHit } from '../../shared/api.ts';
import type { Row, RowProjection } from '../../shared/row.ts';
import type { SessionState, Turn } from '../../shared/state.ts';

/** Where a session's title came from; a later source of a higher rank replaces it: prompt < agent < user. */
export type TitleSource = 'none' | 'prompt' | 'agent' | 'user';

/** A session as it is stored: its row, and what the page need not know. */
export interface SessionRecord extends Row {
  /** The principal it belongs to (A1). */
  owner: string;
  titleSource: TitleSource;
  /** The half-typed message; `draftRev` counts its changes. */
  draft: string;
  /** See `Draft.fork`. */
  draftFork: number;
  /** The agent's own id of the session (ACP `sessionId`), to resume it after a restart. */
  agentSessionId: string | null;
}

export interface NewSession {
  id: string;
  logId: string;
  owner: string;
  title: string;
  titleSource: TitleSource;
  agentId: string;
  cwd: string;
  createdAt: number;
}

/** An event as stored and as sent: `json` is the one encoding of a `SessionEvent`, made once. */
export interface LogEntry {
  seq: number;
  json: string;
}

/** One atomic step of a session's log and all that follows from it. */
export interface Append {
  logId: string;
  /** The fence: the last `seq` the writer knows. When the log has another, nothing is written (StoreConflict). */
  after: number;
  /** At least one; `seq` is `after + 1` and onward, gapless (L1). */
  entries: LogEntry[];
  row: RowProjection;
  /** Milliseconds since the epoch. */
  updatedAt: number;
  /** Keys of prompts queued by these entries (L9). */
  keys: { key: string; turnId: string }[];
  /** Turns that these entries settled, folded and from now on immutable (L8). */
  settled: Turn[];
  /** With `settled`: the state after the last entry, without its `turns`. Loading starts from the last one. */
  checkpoint: SessionState | null;
  /** The new canonical id; the one before becomes an alias (O9). */
  rotateTo: string | null;
}

export type RecordPatch = Partial<
  Pick<
    SessionRecord,
    | 'title'
    | 'titleSource'
    | 'pinned'
    | 'archived'
    | 'readSeq'
    | 'readMark'
    | 'draft'
    | 'draftRev'
    | 'draftFork'
    | 'agentSessionId'
    | 'updatedAt'
  >
>;

export interface Store {
  /** @throws StoreConflict when the id (or an alias) is taken */
  createSession(session: NewSession): Promise<SessionRecord>;
  /** All sessions of one principal, in no particular order. */
  sessions(owner: string): Promise<SessionRecord[]>;
  /** By canonical id or alias; null when unknown or another principal's: the two look the same (A1). */
  session(owner: string, id: string): Promise<SessionRecord | null>;
  /** Sessions of all principals that are not idle or have queued prompts: what boot must look at (L10). */
  unsettled(): Promise<SessionRecord[]>;
  /** @throws StoreMissing */
  patch(logId: string, patch: RecordPatch): Promise<SessionRecord>;
  /** The session, its log and all that belongs to it; unknown is fine. */
  deleteSession(logId: string): Promise<void>;
  /**
   * Durable when it resolves: publish only then (L2). Appends that are under way at the same time may be committed
   * together, in the order in which they were asked for; one in conflict fails alone. Any other error (a full disk)
   * may be of all that were committed together: of each that is rejected, nothing is written, and it may be tried
   * again as it is. The step must not change until it settles. @throws StoreConflict, StoreMissing
   */
  append(append: Append): Promise<void>;
  /** At most `limit` entries after `seq`, in order. */
  entriesAfter(logId: string, seq: number, limit: number): Promise<LogEntry[]>;
  /** The last checkpoint, `turns` empty; null when no turn has settled yet. */
  checkpoint(logId: string): Promise<SessionState | null>;
  /** The newest `limit` settled turns with an ordinal below `before` (null: no bound), oldest first. */
  turns(logId: string, before: number | null, limit: number): Promise<Turn[]>;
  /** The turn that a prompt key gave, or null (L9). */
  turnByKey(logId: string, key: string): Promise<string | null>;
  /**
   * At most `limit` titles and settled turns of that principal (A1) that have every word of the query: case and
   * diacritics folded, in any order, the last one by its beginning. Newest first. `query` is a person's text:
   * signs in it mean nothing.
   */
  search(owner: string, query: string, limit: number): Promise<SearchHit[]>;
  /** Twice is fine. */
  close(): Promise<void>;
}

/** The fence did not hold, or a name is taken: somebody else wrote. */
export class StoreConflict extends Error {
  override name = 'StoreConflict';
}

export class StoreMissing extends Error {
  override name = 'StoreMissing';
}
