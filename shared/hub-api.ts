/**
 * Between a tab and the hub. Calls go over Comlink; deliveries go over a port of the tab's own, as plain
 * messages, so that one batch is one message and its ack another (H4).
 */
import type { AlertOffer, AlertReply, KnownRows, Presence } from './alerts.ts';
import type {
  AgentInfo,
  Diagnostics,
  AgentTakes,
  Draft,
  FileHits,
  KnownAgents,
  FolderList,
  SearchHit,
  SignInClaim,
  SignInKind,
  SignInList,
  SnapshotReason,
  TurnsPage,
} from './api.ts';
import type {
  AnswerOutcome,
  ConfigInput,
  CreateSessionInput,
  PatchSessionInput,
  PromptInput,
  QueuedInput,
} from './commands.ts';
import type { SessionConfigOption } from './config-options.ts';
import type { DirectoryDelta } from './directory.ts';
import type { ApiError, Result } from './errors.ts';
import type { SessionEvent } from './events.ts';
import type { HubSnapshot } from './hub-snapshot.ts';
import type { Row } from './row.ts';
import type { SessionState } from './state.ts';

/** 1: first version. */
export const HUB_PROTOCOL = 1;

export interface Hello {
  protocol: number;
  /** The build the script came from: a hash of the page's and the worker's sources. */
  build: string;
}
export interface HubHello extends Hello {
  /** New for every hub instance. Every batch echoes it: a changed id means attach again (H12). */
  hubId: string;
}

/** How the hub reaches the server. `since` and `retryAt`: milliseconds since the epoch. */
export type Connection =
  | { state: 'connecting' }
  /** `problem`: the server is reached, and says that something is wrong with it. */
  | { state: 'live'; problem?: ApiError }
  | { state: 'reconnecting'; attempt: number; since: number; retryAt: number; error: ApiError }
  /** `ended`: on purpose, so that nothing may stay in view; else it ran out, and the tab goes on after signing in. */
  | { state: 'signed-out'; ended?: true }
  /** The server refused for good: it makes no sense to go on asking. */
  | { state: 'refused'; error: ApiError };

/** What a tab wants to see. `watchId` is the tab's own count: deliveries for an older one are stale. */
export interface Watch {
  watchId: number;
  /** Canonical id or alias. */
  sessionId: string;
  /** Where the tab's fold of that session stands, or null for a snapshot. */
  cursor: string | null;
}

export interface Attach {
  tabId: string;
  /**
   * The tab's own count, rising. Each attachment has a port of its own, and between ports nothing is in order: what
   * an earlier one said may come after a later one's `attach`, and then means nothing.
   */
  attachment: number;
  /** The directory version the tab holds of *this* hub; 0 for none. */
  directoryVersion: number;
  watch: Watch | null;
  /** Whose tab it is, if it was told. */
  principal?: string;
  /** Who is signed in in the browser now, if that is known: a hub of another starts anew before it says a word (A4). */
  signedInAs?: string;
  /** Without it, the tab is not asked about alerts. */
  presence?: Presence;
  /** What the tab knew of the rows, also from another hub; absent when it knew none. */
  known?: KnownRows;
}

/** What the pane of one watch lacks. */
export type PaneDelta = { watchId: number } & (
  | { kind: 'events'; logId: string; events: SessionEvent[] }
  | { kind: 'snapshot'; reason: SnapshotReason | 'behind'; state: SessionState }
  /** Unknown, deleted, or not this principal's. */
  | { kind: 'missing' }
  /** The session could not be loaded yet; the hub tries again. */
  | { kind: 'failed'; error: ApiError }
);

/** Hub to tab. At most one is unacknowledged; an empty one is a ping (H5). */
export interface Batch {
  hubId: string;
  n: number;
  connection?: Connection;
  /** Whose rows and panes these are. When it is another than the tab's, nothing else comes, ever (A4). */
  principal?: string;
  directory?: DirectoryDelta;
  pane?: PaneDelta;
  /** The build that the server runs, once the hub knows it and when it changes. */
  serverBuild?: string;
  /** To be answered with an `AlertReply` each. */
  alerts?: AlertOffer[];
}

/** Tab to hub, on the deliveries port: batch `n` is folded in, send what came since. */
export interface Ack {
  ack: number;
}

/** Tab to hub, on the deliveries port: not about a batch, and no sign of life. */
export type Aside =
  | { presence: Presence }
  /** Of an offer in a batch. */
  | { reply: AlertReply };

/** What the hub needs of a `MessagePort`: this folder has no DOM types. */
export interface DeliveryPort {
  postMessage(message: Batch): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  close(): void;
}

/** Everything a person does; each is one HTTP request of the hub. Names its session, turn or request (O3). */
export interface Commands {
  agents(): Promise<Result<AgentInfo[]>>;
  knownAgents(): Promise<Result<KnownAgents>>;
  /** Another mode, model and so on; `{}` only asks what there is. @returns all that can be chosen */
  configure(sessionId: string, input: ConfigInput): Promise<Result<SessionConfigOption[]>>;
  createSession(input: CreateSessionInput): Promise<Result<Row>>;
  patchSession(sessionId: string, patch: PatchSessionInput): Promise<Result<Row>>;
  deleteSession(sessionId: string): Promise<Result<true>>;
  prompt(sessionId: string, input: PromptInput): Promise<Result<{ turnId: string }>>;
  /** The half-typed message (O13). */
  draft(sessionId: string): Promise<Result<Draft>>;
  /** Of the session's folder, those that fit what is typed, the best first. */
  files(sessionId: string, query: string): Promise<Result<FileHits>>;
  /** What an agent takes besides text; null: the default one. */
  agentTakes(agentId: string | null): Promise<Result<AgentTakes>>;
  /** What the session's agent takes besides text. */
  takes(sessionId: string): Promise<Result<AgentTakes>>;
  changeQueued(
    sessionId: string,
    turnId: string,
    input: QueuedInput,
  ): Promise<Result<{ turnId: string }>>;
  releaseQueue(sessionId: string): Promise<Result<{ released: number }>>;
  startQueued(sessionId: string, turnId: string): Promise<Result<{ turnId: string }>>;
  removeQueued(sessionId: string, turnId: string): Promise<Result<{ removed: boolean }>>;
  cancel(sessionId: string, turnId: string): Promise<Result<{ cancelling: boolean }>>;
  answer(sessionId: string, requestId: string, outcome: AnswerOutcome): Promise<Result<true>>;
  olderTurns(sessionId: string, before: number): Promise<Result<TurnsPage>>;
  /** Titles, and what was said in settled turns. */
  search(words: string): Promise<Result<SearchHit[]>>;
  /** What a half-typed path may become: folders that agents may work in. */
  folders(path: string): Promise<Result<FolderList>>;
  /** What a person fills in to sign in. */
  signInKind(): Promise<Result<SignInKind>>;
  /** When it succeeds, every tab goes on where it was. */
  signIn(claim: SignInClaim): Promise<Result<true>>;
  signIns(): Promise<Result<SignInList>>;
  endSignIn(signInId: string): Promise<Result<true>>;
  /** What the server counts of one's own. */
  diagnostics(): Promise<Result<Diagnostics>>;
  /** Signs this browser out: the hub is emptied, and every tab leaves (A4). */
  signOut(): Promise<Result<true>>;
}

/** What Comlink exposes on the port that a tab connects with. */
export interface HubApi extends Commands {
  /** First call of a tab. Never rejects. */
  hello(tab: Hello): Promise<HubHello>;
  /**
   * Makes the caller a tab of this hub, replacing an earlier attachment of the same `tabId`; no effect when a later
   * one is there already.
   * The first batch follows at once on `deliveries`, which the hub closes when the tab goes.
   */
  attach(attach: Attach, deliveries: DeliveryPort): Promise<void>;
  /** Changes what the tab sees; null for nothing. Not attached, or attached anew since: no effect, false. */
  watch(tabId: string, attachment: number, watch: Watch | null): Promise<boolean>;
  /** No effect when it is attached anew since. */
  detach(tabId: string, attachment: number): Promise<void>;
  /** Somebody looks at a page that says 'reconnecting': no backoff is waited out for long, but `Retry-After` is. */
  look(): Promise<void>;
  /** Connect now: after signing in, or for a person who doesn't want to wait for the backoff. */
  retry(): Promise<void>;
  /** How the hub does; null for a tab that is not attached, or is of a principal who was here before (A4). */
  inspect(tabId: string, attachment: number): Promise<HubSnapshot | null>;
}
