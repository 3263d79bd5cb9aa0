/** The agents behind `AgentHost`: one ACP process per configured agent, started when it is needed. */
import type { AgentInfo, AgentProblem, KnownAgents } from '../../shared/api.ts';
import { AgentError, type AgentHost } from './agent-host.ts';
import { startAgent, type AgentRuntime, type RuntimeDeps } from './agent-runtime.ts';
import type { AgentSpec } from './config.ts';
import { systemTimers } from './timers.ts';

export interface AcpHostDeps extends Pick<RuntimeDeps, 'spawn' | 'logger' | 'version'> {
  /** Asked each time, the default first: one may have been installed meanwhile. */
  agents: () => readonly AgentSpec[];
  /** Null when the agent's command is there. */
  missing?: (spec: AgentSpec) => AgentProblem | null;
  /** A command that signs in to the agent, if one is known. */
  signInHint?: (spec: AgentSpec) => string | null;
  known?: () => KnownAgents;
  timers?: RuntimeDeps['timers'];
  nextTask?: RuntimeDeps['nextTask'];
}

/** No process runs until the first `open`; one that died is started again by the next. */
export function createAcpHost({
  agents,
  missing = () => null,
  signInHint = () => null,
  known = () => ({ known: [], configured: true }),
  timers = systemTimers,
  nextTask = () => new Promise((resolve) => setImmediate(resolve)),
  ...deps
}: AcpHostDeps): AgentHost {
  const running = new Map<string, AgentRuntime>();
  /** Also those that are on their way out. */
  const all = new Set<AgentRuntime>();
  /** How the last start went, by agent, where it went wrong. */
  const troubles = new Map<string, AgentProblem>();
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

  const note = (spec: AgentSpec, error: unknown): void => {
    // That its command is missing is looked at anew each time.
    if (!(error instanceof AgentError) || missing(spec) !== null) return;
    const { code, message, detail } = error;
    if (code !== 'agent_auth' && code !== 'agent_start' && code !== 'agent_exited') return;
    const hint = code === 'agent_auth' ? signInHint(spec) : null;
    troubles.set(spec.id, {
      code,
      message,
      ...(hint === null ? {} : { hint }),
      ...(detail === null ? {} : { detail }),
    });
  };

  /** The one that runs, or a new one; what is wrong with it is remembered. */
  const withRuntime = async <T>(
    agentId: string,
    use: (runtime: AgentRuntime) => Promise<T>,
  ): Promise<T> => {
    if (closed !== null) throw new AgentError('agent_start', 'tabcast is shutting down.');
    const spec = agents().find(({ id }) => id === agentId);
    if (spec === undefined) throw unknownError(agentId, agents());
    const current = running.get(agentId);
    const runtime = current?.alive ? current : start(spec);
    try {
      const result = await use(runtime);
      troubles.delete(agentId);
      return result;
    } catch (error) {
      note(spec, error);
      throw error;
    }
  };

  return {
    agents: () =>
      agents().map((spec, index) => {
        const problem = missing(spec) ?? troubles.get(spec.id);
        const info: AgentInfo = { id: spec.id, title: spec.title, default: index === 0 };
        if (problem !== undefined) info.problem = problem;
        return info;
      }),
    knownAgents: known,
    takes: (agentId) => withRuntime(agentId, (runtime) => runtime.takes()),
    open: ({ agentId, ...session }) => withRuntime(agentId, (runtime) => runtime.open(session)),
    close() {
      closed ??= Promise.all([...all].map((runtime) => runtime.stop())).then(() => {});
      return closed;
    },
  };
}

function unknownError(agentId: string, agents: readonly AgentSpec[]): AgentError {
  const known = agents.map(({ id }) => `"${id}"`).join(', ');
  return new AgentError(
    'agent_unknown',
    `The agent "${agentId}" is not configured any more. Put it back in tabcast.config.json and restart tabcast, or go on in a new session. Configured: ${known === '' ? 'none' : known}.`,
  );
}
