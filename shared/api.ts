/**
 * The HTTP contract: what each endpoint answers, and the frames of the event streams.
 * Written as Hono's `Schema`, so that the hub's typed client needs no import from the server;
 * the server's own routes are checked against it at compile time.
 */
import type { Hono } from 'hono';
import type { BlankEnv } from 'hono/types';
import type {
  AnswerOutcome,
  ConfigInput,
  CreateSessionInput,
  PatchSessionInput,
  PromptInput,
  QueuedInput,
} from './commands.ts';
import type { SessionConfigOption } from './config-options.ts';
import type { ApiError, ErrorBody } from './errors.ts';
import type { Row } from './row.ts';
import type { SessionState, Turn } from './state.ts';

export interface AgentInfo {
  id: string;
  title: string;
  /** True for the one a session gets when it names none. */
  default: boolean;
  /** Why it can't be used now, as far as that is known; absent when nothing speaks against it. */
  problem?: AgentProblem;
}

/** For a person: `message` says what is the matter and what to do. */
export interface AgentProblem {
  /** `agent_missing`: its command is not there. `agent_auth`: it wants to be signed in to. The rest: how its last start went. */
  code: 'agent_missing' | 'agent_auth' | 'agent_start' | 'agent_exited';
  message: string;
  /** A command to run in a terminal, for who wants to. */
  hint?: string;
  /** The last lines of its stderr. */
  detail?: string;
}

/** An agent that tabcast knows how to run, whether it is there or not. */
export interface KnownAgent {
  id: string;
  title: string;
  /** With its arguments, as it would stand in the config. */
  command: string;
  args: string[];
  /** From its own documentation. */
  install: string;
  url: string;
  /** The command was found on the server's PATH. */
  found: boolean;
}

export interface KnownAgents {
  known: KnownAgent[];
  /** True when the config names the agents: what is on PATH is then not looked for. */
  configured: boolean;
}

/** What a prompt to an agent may carry besides text and links (ACP `promptCapabilities`). */
export interface AgentTakes {
  image: boolean;
  audio: boolean;
  /** Files, with what is in them. */
  embeddedContext: boolean;
}

/** In a session's folder. */
export interface FileHit {
  /** Relative to the folder; one that ends with `/` is a folder. */
  path: string;
  /** In bytes; null: a folder. */
  size: number | null;
}

export interface FileHits {
  /** Absolute. */
  folder: string;
  /** The best first. */
  files: FileHit[];
  /** The folder has more than was looked at. */
  more: boolean;
}

export interface SessionView {
  row: Row;
  cursor: string;
  /** The last page of turns, the live turn, the queue and what is open. */
  state: SessionState;
}

/** The half-typed message of a session (O13). */
export interface Draft {
  text: string;
  rev: number;
  /** The last revision whose writer did not know the one before: who has an older text of his own keeps it. */
  fork: number;
}

export interface TurnsPage {
  turns: Turn[];
  /** True when still older ones exist. */
  more: boolean;
}

/** Folders that agents may work in, absolute. */
export interface FolderList {
  /** All that the server was given; the first is where a session works that names none. */
  roots: string[];
  /** What the path may become: at most 200, the hidden last. */
  folders: string[];
  /** True when there are more that begin so. */
  more: boolean;
}

/** A piece of text; `marked`: it is what was looked for. */
export interface SnippetPart {
  text: string;
  marked: boolean;
}

/** A turn, or a session's title, that has what was looked for. */
export interface SearchHit {
  sessionId: string;
  logId: string;
  title: string;
  /** Of the turn; null when it is the title that was found. */
  turnId: string | null;
  ordinal: number | null;
  snippet: SnippetPart[];
}

/** By the token of the printed link, or by name and password. */
export type SignInKind = 'token' | 'users';

/** What a person fills in. */
export type SignInClaim = { token: string } | { name: string; password: string };

/** A browser that is signed in. Times are milliseconds since the epoch. */
export interface SignInInfo {
  id: string;
  /** What the browser calls itself (`User-Agent`), shortened. */
  browser: string;
  createdAt: number;
  /** To within some minutes. */
  usedAt: number;
  /** It is the one that asks. */
  present: boolean;
}

export interface SignInList {
  /** Null where everybody signs in with the token. */
  name: string | null;
  /** The newest first. */
  signIns: SignInInfo[];
}

export interface Diagnostics {
  streams: {
    /** Open `GET /api/events` streams. */
    lanes: number;
    /** Open streams of one session each. With the lanes: all that hold a connection (H3). */
    own: number;
    /** Open streams of each session: its own ones, and the lanes that carry it. */
    sessions: Record<string, number>;
  };
  /** Turns that run now. */
  turns: number;
  /** Seconds since the server started. */
  uptime: number;
}

/** Why a reader gets a snapshot in place of events (L4). */
export type SnapshotReason =
  /** The reader named no cursor. */
  | 'start'
  /** The cursor is of another log. */
  | 'other-log'
  /** The cursor is ahead of the log: a database was restored. */
  | 'future'
  /** The events after the cursor are gone. */
  | 'compacted'
  /** Not a cursor. */
  | 'malformed';

/**
 * The frames of `GET /api/sessions/:id/events` and `GET /api/events`.
 * An SSE frame without `event:` is a `SessionEvent`; its `id:` is the cursor, whose log names the session.
 * The other names carry these bodies. A comment line is a heartbeat.
 */
export interface StreamFrames {
  snapshot: { reason: SnapshotReason; state: SessionState };
  /** Only in the lane, first: replaces every row. */
  rows: { rows: Row[] };
  row: { row: Row };
  'row.deleted': { logId: string };
  /** Only in the lane: a session that the request named is unknown (or not this principal's). */
  missing: { sessionId: string };
  /** Only in the lane: what is wrong with the server as a whole; null: nothing any more. Not sent while nothing is. */
  problem: { problem: ApiError | null };
}

/** On every answer of the API: the build of page and worker that the server serves now. */
export const BUILD_HEADER = 'tabcast-build';

/**
 * On every answer to somebody who is signed in: an opaque word for the principal. A request that names one is
 * refused (409) when it is another's (A4).
 */
export const PRINCIPAL_HEADER = 'tabcast-principal';

/**
 * A cookie that the page may read, with its port at the end: the same word, so that a tab knows whose the browser is
 * before it shows anything of a hub's.
 */
export const WHO_COOKIE = 'tabcast_who_';

/** Heartbeat comments come this often, in milliseconds. */
export const HEARTBEAT_MS = 10_000;

type Endpoint<Input, Output, Status extends number> =
  | { input: Input; output: Output; outputFormat: 'json'; status: Status }
  | {
      input: Input;
      output: ErrorBody;
      outputFormat: 'json';
      status: 400 | 401 | 403 | 404 | 409 | 413 | 429 | 500 | 503 | 507;
    };

type Id = { param: { id: string } };
type TurnId = { param: { id: string; turnId: string } };
type RequestId = { param: { id: string; requestId: string } };

export type ApiSchema = {
  /** Looked at anew each time: an agent that was installed meanwhile is found. */
  '/api/agents': { $get: Endpoint<object, { agents: AgentInfo[] }, 200> };
  '/api/agents/known': { $get: Endpoint<object, KnownAgents, 200> };
  /** What an agent takes, else the default one, before there is a session with it; as `/api/sessions/:id/takes`. */
  '/api/agents/takes': { $get: Endpoint<{ query: { agent?: string } }, AgentTakes, 200> };
  '/api/sessions': {
    $get: Endpoint<object, { sessions: Row[] }, 200>;
    $post: Endpoint<{ json: CreateSessionInput }, Row, 201>;
  };
  '/api/sessions/:id': {
    $get: Endpoint<Id, SessionView, 200>;
    $patch: Endpoint<Id & { json: PatchSessionInput }, Row, 200>;
    $delete: Endpoint<Id, { deleted: true }, 200>;
  };
  '/api/sessions/:id/turns': {
    /** Settled turns are immutable: an address with `before` and `log` (the session's `logId`) may be kept for ever. */
    $get: Endpoint<
      Id & { query: { before?: string; limit?: string; log?: string } },
      TurnsPage,
      200
    >;
    $post: Endpoint<Id & { json: PromptInput }, { turnId: string }, 202>;
  };
  /**
   * Another mode, model and so on, also while a turn runs; without a body, only asks what there is to choose. Starts the
   * agent if need be. 409 when the agent has no such option or value, or refuses.
   */
  '/api/sessions/:id/config': {
    $post: Endpoint<Id & { json: ConfigInput }, { options: SessionConfigOption[] }, 200>;
  };
  '/api/sessions/:id/draft': { $get: Endpoint<Id, Draft, 200> };
  /** Files and folders of the session's folder that fit what is typed. */
  '/api/sessions/:id/files': {
    $get: Endpoint<Id & { query: { query: string; limit?: string } }, FileHits, 200>;
  };
  /** What its agent takes; starts the agent's process if need be. 503, with the reason, when that fails. */
  '/api/sessions/:id/takes': { $get: Endpoint<Id, AgentTakes, 200> };
  /** What waits in a held queue runs again, in its order. */
  '/api/sessions/:id/queue/release': { $post: Endpoint<Id, { released: number }, 202> };
  '/api/sessions/:id/turns/:turnId': {
    /** Another text or place of a queued prompt; 409 when it has started. */
    $patch: Endpoint<TurnId & { json: QueuedInput }, { turnId: string }, 200>;
    $delete: Endpoint<TurnId, { removed: boolean }, 200>;
  };
  /** Starts a prompt that waits in a held queue; 409 while a turn runs. */
  '/api/sessions/:id/turns/:turnId/start': { $post: Endpoint<TurnId, { turnId: string }, 202> };
  /** 202 when the turn is being cancelled, 200 when it was over. */
  '/api/sessions/:id/turns/:turnId/cancel': {
    $post: Endpoint<TurnId, { cancelling: boolean }, 200 | 202>;
  };
  '/api/sessions/:id/requests/:requestId': {
    $post: Endpoint<RequestId & { json: { outcome: AnswerOutcome } }, { answered: true }, 200>;
  };
  /** Titles, and what was said in settled turns. */
  '/api/search': {
    $get: Endpoint<{ query: { q: string; limit?: string } }, { hits: SearchHit[] }, 200>;
  };
  /** What a half-typed path may become, under the configured roots only. */
  '/api/folders': { $get: Endpoint<{ query: { path?: string } }, FolderList, 200> };
  /** For whoever is not signed in, too. */
  '/api/sign-in': {
    $get: Endpoint<object, { kind: SignInKind }, 200>;
    $post: Endpoint<{ json: SignInClaim }, { principal: string }, 200>;
  };
  /** One's own. */
  '/api/sign-ins': { $get: Endpoint<object, SignInList, 200> };
  '/api/sign-ins/:id': { $delete: Endpoint<Id, { ended: true }, 200> };
  /** Ends the sign-in that asks. */
  '/api/sign-out': { $post: Endpoint<object, { ended: true }, 200> };
  '/api/diagnostics': { $get: Endpoint<object, Diagnostics, 200> };
};

/** For `hc<Api>(base)`. */
export type Api = Hono<BlankEnv, ApiSchema>;
