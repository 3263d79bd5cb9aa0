/** A session's hold on its agent: opened when a turn needs it, kept while the process lives, opened again when it died. */
import type { AgentHandlers, AgentHost, AgentSession } from '../agents/agent-host.ts';

/**
 * What dropping would cost: nothing (`none`), taking the conversation up again (`resumable`), or the agent's
 * memory of it (`only`). `opening`: it is under way.
 */
export type AgentHold = 'none' | 'opening' | 'resumable' | 'only';

export interface AgentLink {
  readonly hold: AgentHold;
  /** @throws AgentError */
  session(): Promise<AgentSession>;
  /** Lets go: what the agent still sends for it goes nowhere (O11), and the next `session` opens anew. Twice is fine. */
  drop(): void;
}

interface Deps {
  host: AgentHost;
  agentId: string;
  cwd: string;
  /** The agent's id from before, or null. */
  agentSessionId: () => string | null;
  handlers: AgentHandlers;
  /** Called before a session is opened. */
  onOpening: () => void;
  /** Called once per opened session, before it is used. */
  onOpened: (session: AgentSession) => Promise<void>;
}

export function createAgentLink(deps: Deps): AgentLink {
  let opening: Promise<AgentSession> | null = null;
  let current: AgentSession | null = null;

  const open = async (): Promise<AgentSession> => {
    let dropped = false;
    const mine = (): boolean => !dropped && opening === promise;
    const promise = (async () => {
      deps.onOpening();
      const session = await deps.host.open({
        agentId: deps.agentId,
        cwd: deps.cwd,
        agentSessionId: deps.agentSessionId(),
        handlers: deps.handlers,
      });
      if (!mine()) {
        dropped = true;
        session.release();
        return session;
      }
      await deps.onOpened(session);
      current = session;
      return session;
    })();
    opening = promise;
    try {
      return await promise;
    } finally {
      if (opening === promise) opening = null;
    }
  };

  return {
    get hold() {
      if (opening !== null) return 'opening';
      if (current?.alive !== true) return 'none';
      return current.resumable ? 'resumable' : 'only';
    },
    async session() {
      if (current?.alive === true) return current;
      current = null;
      return opening ?? open();
    },
    drop() {
      opening = null;
      current?.release();
      current = null;
    },
  };
}
