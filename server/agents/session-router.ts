/** Which session an agent's message belongs to. One router per process. */
import type { SessionUpdate } from '@agentclientprotocol/sdk';
import { boundJson } from '../bound-json.ts';
import type { Logger } from '../log.ts';
import type { AgentHandlers } from './agent-host.ts';

/** Updates that wait for their session to be opened, at most this many per process. */
export const MAX_EARLY = 1000;
/** …and about this many bytes. */
export const MAX_EARLY_BYTES = 4 * 1024 * 1024;

/** One `session/new`, `session/resume` or `session/load` that is under way. Exactly one of its methods is called, once. */
export interface Opening {
  /** It succeeded: the session's messages go to `handlers`, those that came early first. @returns the way to end that, twice is fine */
  adopt(sessionId: string, handlers: AgentHandlers): () => void;
  abandon(): void;
}

export interface SessionRouter {
  /**
   * @param sessionId the earlier session that is taken up again, or null for a new one
   * @param replays the agent sends its history again before it answers (`session/load`)
   */
  begin(sessionId: string | null, replays: boolean): Opening;
  /** Null; or, while what was handed over is not stored, what to wait for before the agent is read on. Never rejects. */
  room(): Promise<unknown> | null;
  /** An update from the agent. Never throws. */
  update(sessionId: string, update: SessionUpdate): void;
  find(sessionId: string): AgentHandlers | null;
  /** How many sessions are open or about to be. */
  readonly size: number;
}

export function createSessionRouter(logger: Logger): SessionRouter {
  const open = new Map<string, AgentHandlers>();
  const replaying = new Set<string>();
  // An agent may send updates of a session (its commands, mostly) before the client has read the session's id.
  let early: { sessionId: string; update: SessionUpdate; bytes: number }[] = [];
  let openings = 0;
  const waits = new Set<Promise<void>>();

  const deliver = (handlers: AgentHandlers, update: SessionUpdate): void => {
    try {
      const taken = handlers.onUpdate(update);
      if (taken === undefined) return;
      const settled = taken.catch(() => {}).finally(() => waits.delete(settled));
      waits.add(settled);
    } catch (error) {
      logger.error({ err: error, kind: update.sessionUpdate }, 'an agent update was not taken');
    }
  };
  const drop = (sessionId: string, update: SessionUpdate): void => {
    logger.debug({ sessionId, kind: update.sessionUpdate }, 'agent update dropped');
  };
  const settle = (): void => {
    openings -= 1;
    if (openings > 0) return;
    for (const { sessionId, update } of early) drop(sessionId, update);
    early = [];
  };

  return {
    begin(resumed, replays) {
      openings += 1;
      // Whoever had the session before is told nothing any more.
      if (resumed !== null) open.delete(resumed);
      if (resumed !== null && replays) replaying.add(resumed);
      return {
        adopt(sessionId, handlers) {
          if (resumed !== null) replaying.delete(resumed);
          open.set(sessionId, handlers);
          const mine = early.filter((held) => held.sessionId === sessionId);
          early = early.filter((held) => held.sessionId !== sessionId);
          for (const { update } of mine) deliver(handlers, update);
          settle();
          return () => {
            // A later opening of the same session has handlers of its own.
            if (open.get(sessionId) === handlers) open.delete(sessionId);
          };
        },
        abandon() {
          if (resumed !== null) replaying.delete(resumed);
          early = early.filter((held) => held.sessionId !== resumed);
          settle();
        },
      };
    },
    update(sessionId, update) {
      const handlers = open.get(sessionId);
      if (handlers !== undefined) {
        deliver(handlers, update);
        return;
      }
      // The commands are the agent's present state, not history that is told again.
      const history =
        replaying.has(sessionId) && update.sessionUpdate !== 'available_commands_update';
      if (openings === 0 || history) {
        drop(sessionId, update);
        return;
      }
      const held = early.reduce((sum, { bytes }) => sum + bytes, 0);
      const bounded = boundJson(update, MAX_EARLY_BYTES - held);
      const full = early.length >= MAX_EARLY || bounded === null || bounded.missing > 0;
      if (full) drop(sessionId, update);
      else early.push({ sessionId, update, bytes: bounded.bytes });
    },
    room: () => (waits.size === 0 ? null : Promise.all(waits)),
    find: (sessionId) => open.get(sessionId) ?? null,
    get size() {
      return open.size + openings;
    },
  };
}
