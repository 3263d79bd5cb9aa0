/** What one SSE connection may be, what happens to it, and what is to be done: the words of `upstream-machine.ts`. */
import type { ApiError } from '../shared/errors.ts';

/** Why the machine does not go on by itself. */
export type StopReason =
  /** 204: nothing more to come (H9). */
  | 'up-to-date'
  /** 404. */
  | 'missing'
  /** 401. */
  | 'signed-out'
  /** Another final 4xx (H8). */
  | 'refused';

/** What keeps the connection from being up, and since when (milliseconds since the epoch). */
export interface Trouble {
  since: number;
  error: ApiError;
}

/** `attempt` counts connections in a row that brought nothing new; 0 is healthy. */
export type UpstreamState =
  | { name: 'idle' }
  | { name: 'connecting'; attempt: number; startedAt: number; trouble: Trouble | null }
  | { name: 'open'; attempt: number; openedAt: number; heardAt: number }
  | {
      name: 'backoff';
      attempt: number;
      retryAt: number;
      /** Before this only a person's wish counts: `Retry-After`, or `WAKE_MS`. */
      floorAt: number;
      /** The whole wait, milliseconds: bounds what is left of it when the clock was set back. */
      wait: number;
      trouble: Trouble;
    }
  | { name: 'stopped'; attempt: number; reason: StopReason; error: ApiError };

export interface ResponseHead {
  status: number;
  contentType: string | null;
  retryAfter: string | null;
  /** What the body of an error says. */
  error: ApiError | null;
}

export type UpstreamEvent =
  /** There is a reason to be connected. `before`: how an earlier stream to the same place waited; its floor holds. */
  | { type: 'start'; before?: Backoff }
  | ({ type: 'response' } & ResponseHead)
  /** Bytes came, but nothing new: a heartbeat, a repeat. */
  | { type: 'alive' }
  /** Something new came. */
  | { type: 'progress' }
  /** The server ended the stream in an orderly way: rotation, drain, nothing more to say. */
  | { type: 'ended' }
  /** The network failed, or what came could not be read. */
  | { type: 'failed'; error: ApiError }
  /** What came does not follow what is here: events are missing. */
  | { type: 'gap' }
  /** The address to connect to is another one now. */
  | { type: 'changed' }
  /** The server was reached just now by another connection. */
  | { type: 'wake' }
  /** Somebody looks at a page that says that it is not live. */
  | { type: 'look' }
  /** A person asks for it. */
  | { type: 'retry' }
  | { type: 'timer' }
  | { type: 'stop' };

export type UpstreamAction =
  /** Opens a connection, in place of the one there may be. */
  | { type: 'connect' }
  | { type: 'disconnect' }
  /** Asks for `timer` in `ms`, in place of an earlier wish. */
  | { type: 'arm'; ms: number }
  | { type: 'disarm' };

/** `now`: milliseconds since the epoch. `random`: in [0, 1), fresh for each step. */
export interface Moment {
  now: number;
  random: number;
}

export interface Step {
  state: UpstreamState;
  actions: UpstreamAction[];
}

export const IDLE: UpstreamState = { name: 'idle' };

export type Backoff = Extract<UpstreamState, { name: 'backoff' }>;
