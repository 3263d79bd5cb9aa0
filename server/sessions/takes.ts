import type { AgentTakes } from '../../shared/api.ts';
import { AgentError, type AgentHost } from '../agents/agent-host.ts';
import { ServiceError } from './service.ts';

/** What an agent takes. @throws ServiceError `unavailable` when it can't be asked */
export async function takesOf(
  host: Pick<AgentHost, 'takes'>,
  agentId: string,
): Promise<AgentTakes> {
  try {
    return await host.takes(agentId);
  } catch (error) {
    if (error instanceof AgentError) throw new ServiceError('unavailable', error.message);
    throw error;
  }
}
