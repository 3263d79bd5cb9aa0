/** The client side of ACP: what an agent may ask and tell. https://agentclientprotocol.com/protocol/v1/schema#client */
import {
  client,
  CreateElicitationRequest,
  methods,
  type ClientCapabilities,
  type ClientConnection,
  type SessionUpdate,
  type Stream,
} from '@agentclientprotocol/sdk';
import type { QuestionOutcome } from '../../shared/events.ts';
import type { Logger } from '../log.ts';
import type { SessionRouter } from './session-router.ts';

/** Files and terminals stay the agent's own; questions are forms. */
export const CAPABILITIES: ClientCapabilities = {
  fs: { readTextFile: false, writeTextFile: false },
  terminal: false,
  elicitation: { form: {} },
  session: { notices: {}, configOptions: { boolean: {} } },
};

const KINDS: Record<SessionUpdate['sessionUpdate'], true> = {
  user_message_chunk: true,
  agent_message_chunk: true,
  agent_thought_chunk: true,
  tool_call: true,
  tool_call_update: true,
  plan: true,
  available_commands_update: true,
  current_mode_update: true,
  config_option_update: true,
  session_info_update: true,
  usage_update: true,
  notice: true,
  compaction_update: true,
  compaction_summary_chunk: true,
};

/** False for a kind of update that is newer than this client: the SDK would complain of each on the console. */
export function isKnownMessage(message: object): boolean {
  if (!('method' in message) || message.method !== methods.client.session.update) return true;
  const { params } = message as { params?: { update?: { sessionUpdate?: unknown } | null } | null };
  const kind = params?.update?.sessionUpdate;
  return typeof kind === 'string' && Object.hasOwn(KINDS, kind);
}

export function connectClient(
  stream: Stream,
  router: SessionRouter,
  logger: Logger,
): ClientConnection {
  /** The person's answer; `otherwise` when the agent took the request back or died, or nobody can be asked. */
  const ask = async <Outcome>(
    answer: () => Promise<Outcome>,
    signal: AbortSignal,
    otherwise: Outcome,
  ): Promise<Outcome> => {
    if (signal.aborted) return otherwise;
    let stop = (): void => {};
    const aborted = new Promise<Outcome>((resolve) => {
      stop = () => resolve(otherwise);
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([answer(), aborted]);
    } catch (error) {
      logger.error({ err: error }, 'a request of an agent could not be answered');
      return otherwise;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };

  return client({ name: 'tabcast' })
    .onNotification(methods.client.session.update, ({ params }) => {
      router.update(params.sessionId, params.update);
    })
    .onRequest(methods.client.session.requestPermission, async ({ params, signal }) => {
      const cancelled = { outcome: 'cancelled' } as const;
      const handlers = router.find(params.sessionId);
      if (handlers === null) return { outcome: cancelled };
      return {
        outcome: await ask(() => handlers.onPermission(params, signal), signal, cancelled),
      };
    })
    .onRequest(methods.client.elicitation.create, async ({ params, signal }) => {
      if (!CreateElicitationRequest.isForm(params)) return { action: 'decline' };
      const cancelled: QuestionOutcome = { action: 'cancel' };
      // A form for a request of ours (signing in) belongs to no session that could show it.
      const handlers = 'sessionId' in params ? router.find(params.sessionId) : null;
      if (handlers === null) return cancelled;
      return ask(() => handlers.onQuestion(params, signal), signal, cancelled);
    })
    .connect(stream);
}
