/** What the HTTP layer needs of the sessions: everything a person can do, and the logs to read. */
import type {
  AgentInfo,
  AgentTakes,
  Draft,
  FileHits,
  KnownAgents,
  FolderList,
  SearchHit,
  SessionView,
  SnapshotReason,
  TurnsPage,
} from '../../shared/api.ts';
import type {
  AnswerOutcome,
  CreateSessionInput,
  PatchSessionInput,
} from '../../shared/commands.ts';
import type { ConfigValue, SessionConfigOption } from '../../shared/config-options.ts';
import type { Directory } from '../../shared/directory.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { ContentBlock, PromptMode } from '../../shared/events.ts';
import type { Row } from '../../shared/row.ts';
import type { SessionState } from '../../shared/state.ts';
import type { SessionExport } from '../export/session-export.ts';

/** An error for the person who asked; the HTTP layer maps `code` to a status. */
export class ServiceError extends Error {
  override name = 'ServiceError';
  readonly code: ErrorCode;
  /** When to try again, in seconds; null: nothing is known. */
  readonly retryAfter: number | null;
  constructor(code: ErrorCode, message: string, retryAfter: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** For whoever asks while the server stops. */
export function stopping(): ServiceError {
  return new ServiceError(
    'unavailable',
    'tabcast is stopping: nothing was changed. Try again in a moment.',
  );
}

/** A directory that tells when it changed. */
export interface DirectoryFeed {
  readonly directory: Directory;
  /** `reader` is called after every change. @returns the unsubscribe */
  subscribe(reader: () => void): () => void;
}

/** A piece of a log: SSE frames in order, empty when there are none, and the `seq` of the last. */
export interface LogChunk {
  bytes: Uint8Array;
  seq: number;
}

/** A session's committed log as its readers see it. A reader is a cursor; nothing here is kept per reader. */
export interface LogFeed {
  readonly logId: string;
  /** The last committed `seq`. */
  readonly lastSeq: number;
  /** True once the session was deleted: streams end. */
  readonly closed: boolean;
  /** True while a turn runs or is about to: readers stay. False: a reader that has everything leaves (H2, H9). */
  readonly active: boolean;
  /**
   * What follows `seq`, encoded once and shared by all readers, gapless; at most about `maxBytes`, at least one
   * frame if there is any. At once when it is in memory: a promise for each of a thousand readers would cost as
   * much as half their writes.
   */
  read(seq: number, maxBytes: number): LogChunk | Promise<LogChunk>;
  /** Why `after` can't be served from this log, or null when it can (L4). */
  refuses(logId: string, after: number): SnapshotReason | null;
  /** The state at `state.seq`, last page of turns. Consistent with `read(state.seq, …)` (L5). */
  snapshot(): SessionState;
  /** `reader` is called after every commit, and when `active` or `closed` changed. @returns the unsubscribe */
  subscribe(reader: () => void): () => void;
}

/** What is to be another; `before` null: at the end of the queue. */
export interface QueuedChange {
  prompt?: ContentBlock[];
  before?: string | null;
}

export interface ConfigChoice {
  configId: string;
  value: ConfigValue;
}

export interface SessionHandle {
  readonly feed: LogFeed;
  row(): Row;
  view(): SessionView;
  /** Settled turns before `before` (ordinal; null: from the newest). */
  turns(before: number | null, limit: number): Promise<TurnsPage>;
  patch(patch: PatchSessionInput): Promise<Row>;
  draft(): Draft;
  /** Of its folder, those that fit. @throws ServiceError `bad_request` when the folder is gone */
  files(query: string, limit: number): Promise<FileHits>;
  /** What its agent takes. @throws ServiceError `unavailable` when the agent can't be asked */
  takes(): Promise<AgentTakes>;
  /** All of it as it is now; its settled turns are read as they are asked for. */
  export(): SessionExport;
  /** Cancels what runs and what is queued, then removes the session and its log. */
  delete(): Promise<void>;
  /** @returns the turn's id; the same key gives the same turn (L9). @throws ServiceError `too_many` when the queue is full */
  prompt(input: {
    prompt: ContentBlock[];
    key: string;
    mode: PromptMode;
    draftRev?: number;
  }): Promise<string>;
  /** Another text or place of a queued prompt. @throws ServiceError `conflict` when it has started, `not_found` */
  changeQueued(turnId: string, change: QueuedChange): Promise<void>;
  /** What is held runs again, in its order. @returns how many there were */
  releaseQueue(): Promise<number>;
  /** Starts a held prompt. @throws ServiceError `conflict` while a turn runs, `not_found` */
  startQueued(turnId: string): Promise<void>;
  /** @returns false when it is not (or no longer) queued */
  removeQueued(turnId: string): Promise<boolean>;
  /** @returns false when that turn is not running: a no-op (O11) */
  cancel(turnId: string): Promise<boolean>;
  /**
   * Another value of one of the agent's options; null: only asks what there is. Opens the agent's session if need be.
   * @throws ServiceError `conflict` when the agent has no such option or value, refuses, or can't be started
   */
  configure(choice: ConfigChoice | null): Promise<SessionConfigOption[]>;
  /** First answer wins (O7). @throws ServiceError `already_answered`, `not_found`, `bad_request` when the outcome does not fit the request */
  answer(requestId: string, outcome: AnswerOutcome): Promise<void>;
}

export interface SessionService {
  agents(): AgentInfo[];
  knownAgents(): KnownAgents;
  /** What an agent takes, else the default one. @throws ServiceError `not_found`, `unavailable` when it can't be asked */
  takes(agentId?: string): Promise<AgentTakes>;
  create(owner: string, input: CreateSessionInput): Promise<Row>;
  /** @throws ServiceError `not_found`, also for a foreign session (A1) */
  open(owner: string, sessionId: string): Promise<SessionHandle>;
  directory(owner: string): Promise<DirectoryFeed>;
  /** What a half-typed path may become: folders that agents may work in. */
  folders(path: string): Promise<FolderList>;
  /** See `Store.search`. */
  search(owner: string, query: string, limit: number): Promise<SearchHit[]>;
  /** Turns that run now, of all principals. */
  runningTurns(): number;
  /** No further turn starts. Resolves when none runs any more, or when the time is over, in milliseconds. */
  drain(graceMs: number): Promise<void>;
  /** Ends running turns as interrupted, and the agents. Twice is fine. */
  close(): Promise<void>;
}
