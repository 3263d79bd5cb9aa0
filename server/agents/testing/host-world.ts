/** A host with one agent, and what its tests need around it. */
import type { ContentBlock } from '@agentclientprotocol/sdk';
import type { Logger } from '../../log.ts';
import { createAcpHost } from '../acp-host.ts';
import type { AgentHost, AgentSession } from '../agent-host.ts';
import type { SpawnAgent } from '../agent-process.ts';
import type { AgentSpec } from '../config.ts';
import type { Timers } from '../timers.ts';
import { createRecorder, type Recorder } from './recorder.ts';

export interface LogLine {
  level: keyof Logger;
  fields: object;
  message: string;
}

export function createLog(): { logger: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: keyof Logger) =>
    (fields: object, message: string): void =>
      void lines.push({ level, fields, message });
  return {
    lines,
    logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
  };
}

export const SPEC: AgentSpec = {
  id: 'fake',
  title: 'Fake',
  command: 'fake-agent',
  args: [],
  env: {},
  cwd: null,
  authMethod: null,
  mcpServers: [],
};

export interface HostWorld {
  host: AgentHost;
  lines: LogLine[];
  /** Opens a session with a recorder behind it. */
  open(agentSessionId?: string | null): Promise<{ session: AgentSession; seen: Recorder }>;
}

export function createHostWorld(
  spawn: SpawnAgent,
  { timers, ...spec }: Partial<AgentSpec> & { timers?: Timers } = {},
): HostWorld {
  const { logger, lines } = createLog();
  const agents = [{ ...SPEC, ...spec }];
  const host = createAcpHost({
    agents: () => agents,
    spawn,
    logger,
    version: '0.0.0',
    ...(timers === undefined ? {} : { timers }),
  });
  return {
    host,
    lines,
    async open(agentSessionId = null) {
      const seen = createRecorder();
      const session = await host.open({
        agentId: agents[0]?.id ?? '',
        cwd: '/srv',
        agentSessionId,
        handlers: seen.handlers,
      });
      return { session, seen };
    },
  };
}

export function prompt(text: string): ContentBlock[] {
  return [{ type: 'text', text }];
}
