/** What a command of the built-in agent works with: one turn of one session. */
import {
  methods,
  type AgentContext,
  type CreateElicitationResponse,
  type ElicitationSchema,
  type PermissionOption,
  type RequestPermissionOutcome,
  type RequestPermissionRequest,
  type SendRequestOptions,
  type SessionUpdate,
  type ToolCallUpdate,
} from '@agentclientprotocol/sdk';

import type { Settings } from './settings.ts';

export interface DemoEnv {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Rejects at once when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Lets the process read its input: resolves in a task of its own. */
  nextTask(): Promise<void>;
  newId(): string;
  /** Writes to stderr and ends the process. */
  crash(message: string): Promise<never>;
}

/** Every method that waits rejects at once when the turn is cancelled. */
export interface Turn {
  /** The whole prompt, as text. */
  readonly prompt: string;
  /** What follows the command. */
  readonly input: string;
  /** The session's folder, absolute. */
  readonly cwd: string;
  readonly settings: Settings;
  /** True when the client can show a form. */
  readonly canAsk: boolean;
  update(update: SessionUpdate): Promise<void>;
  /** One chunk of the answer. */
  say(text: string): Promise<void>;
  /** A text word by word. */
  speak(text: string): Promise<void>;
  sleep(ms: number): Promise<void>;
  /**
   * Runs `step(1) … step(count)`, each due at start + k / perSecond, so that late timers are caught up with.
   * @param perSecond 0: as fast as possible
   */
  paced(count: number, perSecond: number, step: (k: number) => Promise<void>): Promise<void>;
  permission(
    toolCall: ToolCallUpdate,
    options: PermissionOption[],
  ): Promise<RequestPermissionOutcome>;
  question(message: string, schema: ElicitationSchema): Promise<CreateElicitationResponse>;
  /** Unique within the session's turns. */
  toolCallId(): string;
  newId(): string;
  crash(message: string): Promise<never>;
}

export interface TurnDeps {
  env: DemoEnv;
  client: AgentContext;
  sessionId: string;
  cwd: string;
  settings: Settings;
  prompt: string;
  input: string;
  canAsk: boolean;
  signal: AbortSignal;
}

/** Words per second of `speak`. */
const WORDS = 200;
/** Milliseconds of writing without a pause after which the input is looked at: a cancel may wait there. */
const STRETCH_MS = 5;

export function createTurn(deps: TurnDeps): Turn {
  const { env, client, sessionId, signal } = deps;
  const waiting: SendRequestOptions = { cancellationSignal: signal, stopWaitingOnCancel: true };
  let stretch = env.now();

  const update = async (update: SessionUpdate): Promise<void> => {
    if (env.now() - stretch > STRETCH_MS) {
      await env.nextTask();
      stretch = env.now();
    }
    signal.throwIfAborted();
    await client.notify(methods.client.session.update, { sessionId, update });
  };
  const say = (text: string): Promise<void> =>
    update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
  const paced: Turn['paced'] = async (count, perSecond, step) => {
    const start = env.now();
    for (let k = 1; k <= count; k += 1) {
      const wait = perSecond === 0 ? 0 : start + (k * 1000) / perSecond - env.now();
      if (wait > 0) await env.sleep(wait, signal);
      await step(k);
    }
  };

  return {
    prompt: deps.prompt,
    input: deps.input,
    cwd: deps.cwd,
    settings: deps.settings,
    canAsk: deps.canAsk,
    update,
    say,
    async speak(text) {
      const words = text.split(/(?<=\s)(?=\S)/);
      await paced(words.length, WORDS, (k) => say(words[k - 1] ?? ''));
    },
    sleep: (ms) => env.sleep(ms, signal),
    paced,
    async permission(toolCall, options) {
      const method = methods.client.session.requestPermission;
      const params: RequestPermissionRequest = { sessionId, toolCall, options };
      const answer = await client.request(method, params, waiting);
      return answer.outcome;
    },
    question: (message, requestedSchema) =>
      client.request(
        methods.client.elicitation.create,
        { mode: 'form', sessionId, message, requestedSchema },
        waiting,
      ),
    toolCallId: () => `call-${env.newId()}`,
    newId: env.newId,
    crash: env.crash,
  };
}
