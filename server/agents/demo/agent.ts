/**
 * The built-in agent: deterministic, no key and no network. It remembers nothing, so any session id can be
 * taken up again. An ACP agent like any other: https://agentclientprotocol.com/protocol/v1/overview
 */
import {
  agent,
  methods,
  PROTOCOL_VERSION,
  RequestError,
  type AgentApp,
  type AgentContext,
  type ContentBlock,
} from '@agentclientprotocol/sdk';
import { attached } from './attached.ts';
import { advertised, answer } from './commands.ts';
import { createTurn, type DemoEnv } from './turn.ts';

interface DemoSession {
  cwd: string;
  /** Cancels the turn that runs, or null. */
  running: AbortController | null;
}

/** An app for one connection. */
export function createDemoAgent(env: DemoEnv): AgentApp {
  const sessions = new Map<string, DemoSession>();
  let canAsk = false;

  const open = (sessionId: string, cwd: string, client: AgentContext): void => {
    sessions.set(sessionId, { cwd, running: null });
    // After the answer that names the session.
    const announce = async (): Promise<void> => {
      await env.nextTask();
      await client.notify(methods.client.session.update, {
        sessionId,
        update: { sessionUpdate: 'available_commands_update', availableCommands: advertised() },
      });
    };
    announce().catch(() => {});
  };

  return agent({ name: 'demo' })
    .onRequest(methods.agent.initialize, ({ params }) => {
      canAsk = Boolean(params.clientCapabilities?.elicitation?.form);
      return {
        protocolVersion: PROTOCOL_VERSION,
        agentInfo: { name: 'demo', title: 'Demo', version: '1' },
        agentCapabilities: {
          loadSession: true,
          promptCapabilities: { image: true, audio: true, embeddedContext: true },
          sessionCapabilities: { resume: {}, close: {} },
        },
        authMethods: [],
      };
    })
    .onRequest(methods.agent.session.new, ({ params, client }) => {
      const sessionId = env.newId();
      open(sessionId, params.cwd, client);
      return { sessionId };
    })
    .onRequest(methods.agent.session.resume, ({ params, client }) => {
      open(params.sessionId, params.cwd, client);
      return {};
    })
    .onRequest(methods.agent.session.load, ({ params, client }) => {
      open(params.sessionId, params.cwd, client);
      return {};
    })
    .onRequest(methods.agent.session.close, ({ params }) => {
      sessions.get(params.sessionId)?.running?.abort();
      sessions.delete(params.sessionId);
      return {};
    })
    .onRequest(methods.agent.session.prompt, async ({ params, client, signal }) => {
      const session = sessions.get(params.sessionId);
      if (session === undefined) throw RequestError.sessionNotFound(params.sessionId);
      if (session.running !== null) {
        throw RequestError.invalidRequest(undefined, 'a prompt of this session is running');
      }
      const running = new AbortController();
      session.running = running;
      const stop = AbortSignal.any([running.signal, signal]);
      try {
        await answer(textOf(params.prompt), attached(params.prompt), (prompt, input) =>
          createTurn({
            env,
            client,
            sessionId: params.sessionId,
            cwd: session.cwd,
            prompt,
            input,
            canAsk,
            signal: stop,
          }),
        );
        return { stopReason: 'end_turn' };
      } catch (error) {
        if (stop.aborted) return { stopReason: 'cancelled' };
        throw error;
      } finally {
        session.running = null;
      }
    })
    .onNotification(methods.agent.session.cancel, ({ params }) => {
      sessions.get(params.sessionId)?.running?.abort();
    });
}

function textOf(prompt: readonly ContentBlock[]): string {
  return prompt
    .flatMap((block) => (block.type === 'text' ? [block.text] : []))
    .join('\n')
    .trim();
}
