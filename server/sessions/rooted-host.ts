/** Agents work under the configured roots only, also when these, or what is in them, have changed since the session was made. */
import { AgentError, type AgentHost } from '../agents/agent-host.ts';
import { ServiceError } from './service.ts';
import { workFolder } from './work-folder.ts';

/** A host that looks at the folder again whenever a session is handed to an agent's process. */
export function createRootedHost(host: AgentHost, roots: readonly string[]): AgentHost {
  return {
    agents: () => host.agents(),
    takes: (agentId) => host.takes(agentId),
    knownAgents: () => host.knownAgents(),
    async open(session) {
      try {
        // Symbolic links resolved anew: one may have been put in the folder's place.
        return await host.open({ ...session, cwd: await workFolder(session.cwd, roots) });
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        throw new AgentError('agent_folder', `The agent was not started: ${error.message}`);
      }
    },
    close: () => host.close(),
  };
}
