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
import { createSettings, type Settings } from './settings.ts';
import { createTurn, type DemoEnv } from './turn.ts';

interface DemoSession {
  cwd: string;
  readonly settings: Settings;
  /** Cancels the turn that runs, or null. */
  running: AbortController | null;
}

/** An app for one connection. */
export function createDemoAgent(env: DemoEnv): AgentApp {
  const sessions = new Map<string, DemoSession>();
  let canAsk = false;

  const open = (sessionId: string, cwd: string, client: AgentContext) => {
    const settings = createSettings();
    sessions.set(sessionId, { cwd, settings, running: null });
    // After the answer that names the session.
    const announce = async (): Promise<void> => {
      await env.nextTask();
      await client.notify(methods.client.session.update, {
        sessionId,
        update: { sessionUpdate: 'available_commands_update', availableCommands: advertised() },
      });
    };
    announce().catch(() => {});
    return { configOptions: settings.options() };
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
      return { sessionId, ...open(sessionId, params.cwd, client) };
    })
    .onRequest(methods.agent.session.resume, ({ params, client }) =>
      open(params.sessionId, params.cwd, client),
    )
    .onRequest(methods.agent.session.load, ({ params, client }) =>
      open(params.sessionId, params.cwd, client),
    )
    .onRequest(methods.agent.session.setConfigOption, ({ params }) => {
      const settings = sessions.get(params.sessionId)?.settings;
      if (settings === undefined) throw RequestError.sessionNotFound(params.sessionId);
      if (!settings.set(params.configId, params.value)) {
        throw RequestError.invalidParams(undefined, 'there is no such setting or value');
      }
      return { configOptions: settings.options() };
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
            settings: session.settings,
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
