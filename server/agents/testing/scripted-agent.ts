/** An ACP agent that does what the test says, and writes down what it was asked. */
import {
  agent,
  methods,
  PROTOCOL_VERSION,
  type AgentApp,
  type AgentContext,
  type AgentRequestHandlersByMethod,
  type InitializeResponse,
  type SessionUpdate,
} from '@agentclientprotocol/sdk';

type Handlers = {
  [Method in keyof AgentRequestHandlersByMethod]?: AgentRequestHandlersByMethod[Method];
};

export interface AgentScript {
  /** Merged into the answer to `initialize`. */
  hello?: Partial<InitializeResponse>;
  handlers?: Handlers;
}

export interface Call {
  method: string;
  params: unknown;
}

/** @param calls gets every request and notification, in order */
export function createScriptedAgent(script: AgentScript, calls: Call[] = []): AgentApp {
  const handlers: Handlers = {
    initialize: () => ({ protocolVersion: PROTOCOL_VERSION, ...script.hello }),
    'session/new': () => ({ sessionId: 'fresh' }),
    'session/prompt': () => ({ stopReason: 'end_turn' }),
    ...script.handlers,
  };
  const app = agent({ name: 'scripted' });
  for (const [name, handler] of Object.entries(handlers)) {
    const method = name as 'session/new';
    const noted = (context: { params: unknown }): unknown => {
      calls.push({ method, params: context.params });
      return (handler as (context: unknown) => unknown)(context);
    };
    app.onRequest(method, noted as NonNullable<Handlers[typeof method]>);
  }
  return app.onNotification(methods.agent.session.cancel, ({ params }) => {
    calls.push({ method: methods.agent.session.cancel, params });
  });
}

/** Never answers. */
export function hang(): Promise<never> {
  return new Promise(() => {});
}

export function text(words: string): SessionUpdate {
  return { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: words } };
}

export function commands(...names: string[]): SessionUpdate {
  const availableCommands = names.map((name) => ({ name, description: name }));
  return { sessionUpdate: 'available_commands_update', availableCommands };
}

export async function send(
  client: AgentContext,
  sessionId: string,
  ...updates: SessionUpdate[]
): Promise<void> {
  for (const update of updates) {
    await client.notify(methods.client.session.update, { sessionId, update });
  }
}
