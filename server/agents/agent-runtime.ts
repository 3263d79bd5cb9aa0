/** One agent, running: initialize, sign in, open sessions. https://agentclientprotocol.com/protocol/v1/overview */
import { methods, PROTOCOL_VERSION, type McpServer } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { AgentTakes } from '../../shared/api.ts';
import { optionsUpdate } from '../../shared/config-options.ts';
import { CAPABILITIES } from './acp-client.ts';
import {
  initialized,
  sessionOpened,
  sessionTakenUp,
  type AgentAbilities,
  type OfferedAuthMethod,
} from './agent-answers.ts';
import { connectAgent, type ConnectionDeps } from './agent-connection.ts';
import type { AgentHandlers, AgentSession, OpenAgentSession } from './agent-host.ts';
import { createAgentSession } from './agent-session.ts';
import type { AgentSpec } from './config.ts';
import { answerError, authError, isAnswer, isAuthRequired, versionError } from './failures.ts';
import type { Opening } from './session-router.ts';

/** Milliseconds. */
export const DEADLINES = {
  initialize: 30_000,
  /** Signing in may open a browser. */
  authenticate: 120_000,
  /** Opening a session may start MCP servers, and load a long history. */
  session: 60_000,
} as const;

export interface RuntimeDeps extends ConnectionDeps {
  /** tabcast's. */
  version: string;
}

export interface AgentRuntime {
  /** False from the first sign of its end. */
  readonly alive: boolean;
  /** What a prompt may carry. @throws AgentError */
  takes(): Promise<AgentTakes>;
  /** @throws AgentError */
  open(session: Omit<OpenAgentSession, 'agentId'>): Promise<AgentSession>;
  /** Resolves when the process is gone. Twice is fine. */
  stop(): Promise<void>;
  /** Resolves when the process is gone and all that it sent was handed over. */
  readonly gone: Promise<void>;
}

interface OpenParams {
  cwd: string;
  mcpServers: McpServer[];
}

/** Starts the process; what goes wrong is told by `open`. */
export function startAgent(spec: AgentSpec, deps: RuntimeDeps): AgentRuntime {
  const { logger } = deps;
  const connection = connectAgent(spec, deps);
  const { router, call } = connection;
  let offered: OfferedAuthMethod[] = [];

  const explain = (error: unknown, method: string): unknown => {
    if (!isAnswer(error)) return error;
    return isAuthRequired(error)
      ? authError(spec, spec.authMethod, offered, error)
      : answerError(spec, method, error, connection.stderr());
  };

  const initialize = async (): Promise<AgentAbilities> => {
    const hello = await call({
      method: methods.agent.initialize,
      params: {
        protocolVersion: PROTOCOL_VERSION,
        clientInfo: { name: 'tabcast', title: 'tabcast', version: deps.version },
        clientCapabilities: CAPABILITIES,
      },
      answer: initialized,
      within: DEADLINES.initialize,
      purpose: 'answer',
    });
    if (hello.protocolVersion !== PROTOCOL_VERSION) throw versionError(spec, hello.protocolVersion);
    offered = hello.authMethods;
    return hello.agentCapabilities;
  };

  const signIn = async (methodId: string): Promise<void> => {
    try {
      await call({
        method: methods.agent.authenticate,
        params: { methodId },
        answer: z.unknown(),
        within: DEADLINES.authenticate,
        purpose: 'finish signing in',
      });
    } catch (error) {
      throw isAnswer(error) ? authError(spec, methodId, offered, error) : error;
    }
  };

  const start = async (): Promise<AgentAbilities> => {
    try {
      const abilities = await initialize();
      if (spec.authMethod !== null) await signIn(spec.authMethod);
      connection.started();
      return abilities;
    } catch (error) {
      void connection.stop();
      throw explain(error, methods.agent.initialize);
    }
  };
  const ready = start();
  // `open` tells it.
  ready.catch(() => {});

  /** The configured MCP servers of the kinds that the agent takes. */
  const servers = (abilities: AgentAbilities): McpServer[] =>
    spec.mcpServers.filter((server) => {
      if (!('type' in server) || abilities.mcpCapabilities[server.type]) return true;
      logger.warn(
        { agent: spec.id, server: server.name },
        `an MCP server was left out: the agent does not take ${server.type} ones`,
      );
      return false;
    });

  /** @returns null when the agent refused */
  const takeUp = async (
    method: 'session/resume' | 'session/load',
    sessionId: string,
    params: OpenParams,
    session: SessionMaker,
  ): Promise<AgentSession | null> => {
    const opening = router.begin(sessionId, method === methods.agent.session.load);
    let answer: z.output<typeof sessionTakenUp>;
    try {
      answer = await call({
        method,
        params: { sessionId, ...params },
        answer: sessionTakenUp,
        within: DEADLINES.session,
        purpose: 'take the session up again',
      });
    } catch (error) {
      opening.abandon();
      if (!isAnswer(error) || isAuthRequired(error)) throw explain(error, method);
      logger.info({ agent: spec.id, sessionId, err: error }, `${method} was refused`);
      return null;
    }
    return session(opening, sessionId, 'resumed', optionsUpdate(answer));
  };

  const begin = async (
    memory: 'new' | 'lost',
    params: OpenParams,
    session: SessionMaker,
  ): Promise<AgentSession> => {
    const method = methods.agent.session.new;
    const opening = router.begin(null, false);
    try {
      const { sessionId, ...answer } = await call({
        method,
        params,
        answer: sessionOpened,
        within: DEADLINES.session,
        purpose: 'open a session',
      });
      return session(opening, sessionId, memory, optionsUpdate(answer));
    } catch (error) {
      opening.abandon();
      throw explain(error, method);
    }
  };

  type SessionMaker = (
    opening: Opening,
    sessionId: string,
    memory: AgentSession['memory'],
    options: AgentSession['options'],
  ) => AgentSession;
  const maker =
    (abilities: AgentAbilities, handlers: AgentHandlers): SessionMaker =>
    (opening, sessionId, memory, options) => {
      const what = { spec, connection, abilities, explain };
      return createAgentSession({ ...what, opening, handlers, sessionId, memory, options });
    };

  return {
    get alive() {
      return connection.alive;
    },
    gone: connection.died.then(() => {}),
    stop: connection.stop,
    takes: async () => (await ready).promptCapabilities,
    async open({ cwd, agentSessionId, handlers }) {
      const abilities = await ready;
      const params = { cwd, mcpServers: servers(abilities) };
      const session = maker(abilities, handlers);
      try {
        if (agentSessionId === null) return await begin('new', params, session);
        for (const method of waysBack(abilities)) {
          const resumed = await takeUp(method, agentSessionId, params, session);
          if (resumed !== null) return resumed;
        }
        return await begin('lost', params, session);
      } catch (error) {
        // It may hang, or need a fresh start to see that it was signed in to: with nobody else on it, it gets one.
        if (router.size === 0) void connection.stop();
        throw error;
      }
    },
  };
}

function waysBack(abilities: AgentAbilities): ('session/resume' | 'session/load')[] {
  const { load, resume } = methods.agent.session;
  return [
    ...(abilities.sessionCapabilities.resume ? [resume] : []),
    ...(abilities.loadSession ? [load] : []),
  ];
}
