/** When a session that nobody uses leaves the server's memory. */
import { unreachable } from '../../shared/errors.ts';
import type { AgentHold } from './agent-link.ts';

/** Milliseconds without a reader, a command or a word from the agent. */
export const REST_MS = 10 * 60_000;
/**
 * As long as the agent has the session open, too: letting go closes it there (ACP `session/close`), and with
 * it what the agent may still do between turns. The next prompt resumes it.
 */
export const AGENT_REST_MS = 60 * 60_000;

/**
 * @param idleSince null while it is in use
 * @param hold an agent that could not take the conversation up again keeps it as long as its process lives
 */
export function mayRest(idleSince: number | null, hold: AgentHold, now: number): boolean {
  if (idleSince === null) return false;
  switch (hold) {
    case 'none':
      return now - idleSince >= REST_MS;
    case 'resumable':
      return now - idleSince >= AGENT_REST_MS;
    case 'opening':
    case 'only':
      return false;
    default:
      return unreachable(hold);
  }
}
