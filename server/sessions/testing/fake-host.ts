/** An agent whose every word the test says: prompts park until the test settles them. */
import type { StopReason } from '@agentclientprotocol/sdk';
import type { ContentBlock, SessionUpdate } from '../../../shared/events.ts';
import { foldOptions, type ConfigValue } from '../../../shared/config-options.ts';
import {
  AgentError,
  type AgentHandlers,
  type AgentHost,
  type AgentSession,
  type OpenAgentSession,
} from '../../agents/agent-host.ts';

export interface FakePrompt {
  blocks: ContentBlock[];
  handlers: AgentHandlers;
  cancelled: boolean;
  say(text: string): void;
  update(update: SessionUpdate): void;
  end(reason?: StopReason): void;
  fail(error: Error): void;
}

export interface FakeHost extends AgentHost {
  readonly opened: OpenAgentSession[];
  readonly prompts: FakePrompt[];
  readonly released: number;
  /** What was chosen, in order. */
  readonly configured: [string, ConfigValue][];
  /** What the next opens do: a gate to wait for, an error, how the memory fared, or that nobody can resume it. */
  next: {
    gate?: Promise<void>;
    error?: Error;
    memory?: AgentSession['memory'];
    resumable?: boolean;
    /** What it tells of its options when it is opened. */
    options?: SessionUpdate;
    /** In place of taking a choice. */
    refusal?: Error;
  };
  /** Every session's process dies. */
  crash(detail: string): void;
}

export function createFakeHost(): FakeHost {
  const opened: OpenAgentSession[] = [];
  const prompts: FakePrompt[] = [];
  const configured: [string, ConfigValue][] = [];
  const sessions = new Set<{ die: (detail: string) => void }>();
  let released = 0;

  const host: FakeHost = {
    opened,
    prompts,
    configured,
    next: {},
    get released() {
      return released;
    },
    agents: () => [{ id: 'fake', title: 'Fake', default: true }],
    async takes() {
      if (host.next.error !== undefined) throw host.next.error;
      return { image: true, audio: false, embeddedContext: true };
    },
    knownAgents: () => ({ known: [], configured: true }),
    async open(request) {
      opened.push(request);
      const { gate, error, memory, resumable = true } = host.next;
      await gate;
      if (error !== undefined) throw error;
      let alive = true;
      let current: FakePrompt | null = null;
      const { options = null } = host.next;
      let chosen = (options === null ? undefined : foldOptions(undefined, options)) ?? [];
      const entry = {
        die(detail: string) {
          alive = false;
          current?.fail(new AgentError('agent_exited', 'The agent died.', detail));
        },
      };
      sessions.add(entry);
      return {
        agentSessionId: request.agentSessionId ?? `agent-${opened.length}`,
        memory: memory ?? (request.agentSessionId === null ? 'new' : 'resumed'),
        resumable,
        options,
        async configure(configId, value) {
          configured.push([configId, value]);
          const { refusal } = host.next;
          if (refusal !== undefined) throw refusal;
          chosen = chosen.map((option) =>
            option.id === configId ? ({ ...option, currentValue: value } as typeof option) : option,
          );
          return { sessionUpdate: 'config_option_update', configOptions: chosen };
        },
        get alive() {
          return alive;
        },
        prompt: (blocks) =>
          new Promise((resolve, reject) => {
            const { handlers } = request;
            const update = (value: SessionUpdate): void => {
              if (alive) void handlers.onUpdate(value);
            };
            current = {
              blocks,
              handlers,
              cancelled: false,
              update,
              say: (text) =>
                update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } }),
              end: (reason = 'end_turn') => resolve(reason),
              fail: reject,
            };
            prompts.push(current);
          }),
        cancel() {
          if (current !== null) current.cancelled = true;
        },
        release() {
          if (alive) released += 1;
          alive = false;
          sessions.delete(entry);
        },
      };
    },
    crash(detail) {
      for (const session of sessions) session.die(detail);
    },
    close: async () => {},
  };
  return host;
}
