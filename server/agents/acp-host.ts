/** The agents behind `AgentHost`: one ACP process per configured agent, started when it is needed. */
import { AgentError, type AgentHost } from './agent-host.ts';
import { startAgent, type AgentRuntime, type RuntimeDeps } from './agent-runtime.ts';
import type { AgentSpec } from './config.ts';
import { systemTimers } from './timers.ts';

export interface AcpHostDeps extends Pick<RuntimeDeps, 'spawn' | 'logger' | 'version'> {
  /** The default first. */
  agents: readonly AgentSpec[];
  timers?: RuntimeDeps['timers'];
  nextTask?: RuntimeDeps['nextTask'];
}

/** No process runs until the first `open`; one that died is started again by the next. */
export function createAcpHost({
  agents,
  timers = systemTimers,
  nextTask = () => new Promise((resolve) => setImmediate(resolve)),
  ...deps
}: AcpHostDeps): AgentHost {
  const running = new Map<string, AgentRuntime>();
  /** Also those that are on their way out. */
  const all = new Set<AgentRuntime>();
  let closed: Promise<void> | null = null;

  const start = (spec: AgentSpec): AgentRuntime => {
    const runtime = startAgent(spec, { ...deps, timers, nextTask });
    running.set(spec.id, runtime);
    all.add(runtime);
    void runtime.gone.then(() => {
      all.delete(runtime);
      if (running.get(spec.id) === runtime) running.delete(spec.id);
    });
    return runtime;
  };

  /** The one that runs, or a new one. */
  const runtimeOf = (agentId: string): AgentRuntime => {
    if (closed !== null) throw new AgentError('agent_start', 'tabcast is shutting down.');
    const spec = agents.find(({ id }) => id === agentId);
    if (spec === undefined) {
      const known = agents.map(({ id }) => `"${id}"`).join(', ');
      throw new AgentError(
        'agent_unknown',
        `The agent "${agentId}" is not configured any more. Configured: ${known}.`,
      );
    }
    const current = running.get(agentId);
    return current?.alive ? current : start(spec);
  };

  return {
    agents: () => agents.map(({ id, title }, index) => ({ id, title, default: index === 0 })),
    takes: async (agentId) => runtimeOf(agentId).takes(),
    open: async ({ agentId, ...session }) => runtimeOf(agentId).open(session),
    close() {
      closed ??= Promise.all([...all].map((runtime) => runtime.stop())).then(() => {});
      return closed;
    },
  };
}
