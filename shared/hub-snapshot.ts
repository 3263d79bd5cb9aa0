/**
 * The hub at one moment, for whoever looks at it: states, cursors and counters. Counters only rise while a hub lives;
 * rates are the reader's to make, of two snapshots.
 */
import type { ApiError } from './errors.ts';
import type { Connection } from './hub-api.ts';

/** Bounds of one snapshot: what is beyond them is counted, not listed. */
export const SNAPSHOT_LIMITS = { sessions: 200, tabs: 200 } as const;

/** How an event stream of the server is doing. Times are milliseconds since the epoch, by the hub's clock. */
export type StreamReport =
  /** There is none. */
  | { state: 'none' }
  | { state: 'connecting'; attempt: number; since: number }
  | { state: 'live'; since: number; heardAt: number }
  /** Lost; asked for again at `retryAt`. */
  | { state: 'waiting'; attempt: number; retryAt: number; error: ApiError }
  /** It ended, and there is no reason to ask again, or no sense in it. */
  | { state: 'stopped'; error: ApiError };

export interface LaneReport {
  stream: StreamReport;
  /** Everything that came on it: frames, and bytes as they came. */
  frames: number;
  bytes: number;
}

/** A session that a stream brings, or that a tab shows. */
export interface SessionReport {
  logId: string;
  /** `lane`: it rides in the shared lane. `none`: idle, and shown from what the hub has. */
  seat: 'own' | 'lane' | 'none';
  /** Of the stream that brings it. */
  stream: StreamReport;
  /** Where the hub's fold stands; null before it is loaded. */
  seq: number | null;
  /** Events that were new, and the length of their JSON in UTF-16 units: of nearly all text, bytes. */
  events: number;
  size: number;
}

export interface TabReport {
  tabId: string;
  /** It is the one that asked. */
  you: boolean;
  /** What it shows; null for a page without a session. An id may be an alias, and the log unknown. */
  shows: { sessionId: string; logId: string | null } | null;
  /** What it acknowledged; null before that. */
  seq: number | null;
  /** What the hub has and the tab did not acknowledge, and how long the oldest of it has waited. */
  behind: { events: number; ms: number };
  inFlight: boolean;
  /** Batches sent, the events in them, and their acknowledgements with the time that these took, all together. */
  batches: number;
  events: number;
  acks: number;
  ackMs: number;
  /** Since its last acknowledgement: its lease (H5). */
  quietMs: number;
  visible: boolean;
  notify: boolean;
  sound: boolean;
}

export interface HubSnapshot {
  hubId: string;
  build: string;
  /** Of this snapshot, and of the hub's start; by the hub's clock. */
  at: number;
  startedAt: number;
  connection: Connection;
  /** ALPN id of how the server is reached; null while it is not known. */
  protocol: string | null;
  /** How many sessions may have a stream of their own (H3). */
  ownStreams: number;
  lane: LaneReport;
  sessions: SessionReport[];
  /** Streams of one session each that are there now. */
  own: number;
  riding: number;
  /** Sessions that the hub has a fold of. */
  folds: number;
  tabs: TabReport[];
  /** All of them: `tabs` may be fewer. */
  tabCount: number;
}
