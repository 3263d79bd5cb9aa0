/** One open session on an agent's process. */
import { methods, type ContentBlock } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import { MODE_OPTION } from '../../shared/config-options.ts';
import { optionSet, promptAnswered, type AgentAbilities } from './agent-answers.ts';
import type { AgentConnection } from './agent-connection.ts';
import { AgentError, type AgentHandlers, type AgentSession } from './agent-host.ts';
import {
  isAnswer,
  isAuthRequired,
  malformedError,
  unreadError,
  type AgentNames,
} from './failures.ts';
import type { Opening } from './session-router.ts';

/** What may wait for an agent that does not read. */
export const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/** What a change of a setting may take, milliseconds: another model may have to be asked for. */
export const CONFIGURE_MS = 25_000;

export interface AgentSessionDeps {
  spec: AgentNames;
  connection: AgentConnection;
  abilities: AgentAbilities;
  opening: Opening;
  handlers: AgentHandlers;
  sessionId: string;
  memory: AgentSession['memory'];
  options: AgentSession['options'];
  /** An error the agent answered, in words. */
  explain(error: unknown, method: string): unknown;
}

/** Adopts the opened session: what came early is handed over before this returns. */
export function createAgentSession(deps: AgentSessionDeps): AgentSession {
  const { spec, connection, abilities, handlers, sessionId, memory, options } = deps;
  const { agent, router } = connection;
  const forget = deps.opening.adopt(sessionId, handlers);
  // A later `open` of the same session takes it over.
  const mine = (): boolean => router.find(sessionId) === handlers;
  let prompting = 0;
  let cancelled = false;

  const ask = async <Answer>(method: string, params: object, answer: z.ZodType<Answer>) => {
    if (!connection.alive) throw await connection.died;
    if (!mine()) throw new AgentError('agent_error', 'This session was closed. Open it again.');
    try {
      const purpose = 'take the new setting';
      return await connection.call({ method, params, answer, within: CONFIGURE_MS, purpose });
    } catch (error) {
      throw deps.explain(error, method);
    }
  };

  return {
    agentSessionId: sessionId,
    memory,
    options,
    resumable: abilities.loadSession || abilities.sessionCapabilities.resume,
    get alive() {
      return connection.alive && mine();
    },
    async prompt(blocks) {
      if (!mine()) throw new AgentError('agent_error', 'This session was closed. Open it again.');
      if (!connection.alive) throw await connection.died;
      if (connection.unread > MAX_UNREAD_BYTES) throw unreadError(spec, connection.unread);
      refuseContent(spec, abilities, blocks);
      const method = methods.agent.session.prompt;
      prompting += 1;
      cancelled = false;
      try {
        const answer = await agent.request(method, { sessionId, prompt: blocks });
        const checked = promptAnswered.safeParse(answer);
        if (!checked.success) throw malformedError(spec, method, connection.stderr());
        return checked.data.stopReason;
      } catch (error) {
        if (error instanceof AgentError) throw error;
        if (!isAnswer(error)) throw await connection.died;
        // Some agents answer a cancelled prompt with the error that cancelling made inside them.
        if (cancelled && !isAuthRequired(error)) return 'cancelled';
        throw deps.explain(error, method);
      } finally {
        prompting -= 1;
      }
    },
    cancel() {
      // Between turns it could hit the next one (O11).
      if (prompting === 0 || !connection.alive) return;
      cancelled = true;
      agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => {});
    },
    async configure(configId, value) {
      const { setConfigOption, setMode } = methods.agent.session;
      if (configId === MODE_OPTION) {
        const currentModeId = String(value);
        await ask(setMode, { sessionId, modeId: currentModeId }, z.unknown());
        return { sessionUpdate: 'current_mode_update', currentModeId };
      }
      const typed = typeof value === 'boolean' ? { type: 'boolean', value } : { value };
      const { configOptions } = await ask(
        setConfigOption,
        { sessionId, configId, ...typed },
        optionSet,
      );
      return { sessionUpdate: 'config_option_update', configOptions };
    },
    release() {
      if (!mine()) return;
      forget();
      if (!connection.alive || !abilities.sessionCapabilities.close) return;
      agent.request(methods.agent.session.close, { sessionId }).catch(() => {});
    },
  };
}

const WORDS: Partial<Record<ContentBlock['type'], string>> = {
  image: 'images',
  audio: 'audio',
  resource: 'attached files',
};

/**
 * ACP: text and links are for every agent, the rest only for those that say so.
 * https://agentclientprotocol.com/protocol/v1/initialization#prompt-capabilities
 * @throws AgentError
 */
function refuseContent(
  spec: AgentNames,
  { promptCapabilities: { image, audio, embeddedContext } }: AgentAbilities,
  blocks: readonly ContentBlock[],
): void {
  const takes = { text: true, resource_link: true, image, audio, resource: embeddedContext };
  const refused = blocks.find(({ type }) => !takes[type]);
  if (refused === undefined) return;
  throw new AgentError(
    'agent_error',
    `${spec.title} does not take ${WORDS[refused.type] ?? refused.type}. Send the message without.`,
  );
}
