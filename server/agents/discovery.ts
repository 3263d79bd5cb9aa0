/** Which agents there are: the configured ones, else well-known ones on PATH; the built-in one always. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { AgentEntry, AgentSpec } from './config.ts';
import { demoCommand, systemDemoEnv } from './demo-command.ts';

/** Agents that speak ACP on stdio, and how they are told to. The first one found is the default. */
export const WELL_KNOWN: readonly { id: string; title: string; command: string; args: string[] }[] =
  [
    { id: 'hermes', title: 'Hermes', command: 'hermes', args: ['acp'] },
    { id: 'opencode', title: 'OpenCode', command: 'opencode', args: ['acp'] },
    { id: 'qwen', title: 'Qwen Code', command: 'qwen', args: ['--acp'] },
    { id: 'gemini', title: 'Gemini CLI', command: 'gemini', args: ['--acp'] },
    { id: 'claude', title: 'Claude Code', command: 'claude-agent-acp', args: [] },
    { id: 'codex', title: 'Codex', command: 'codex-acp', args: [] },
    { id: 'goose', title: 'Goose', command: 'goose', args: ['acp'] },
  ];

export interface DiscoveryEnv {
  /** The `PATH` variable. */
  path: string | undefined;
  isExecutable(file: string): boolean;
  demo(): { command: string; args: string[] };
}

export const systemDiscoveryEnv: DiscoveryEnv = {
  path: process.env['PATH'],
  isExecutable(file) {
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  },
  demo: () => demoCommand(systemDemoEnv),
};

/**
 * The agents to run, the default first.
 * @param entries `agents` of the config, or null when it names none: then what is on PATH, and the built-in one last.
 * @throws Error when the built-in agent is asked for and missing
 */
export function findAgents(entries: readonly AgentEntry[] | null, env: DiscoveryEnv): AgentSpec[] {
  if (entries !== null) return entries.map((entry) => configured(entry, env));
  const found = WELL_KNOWN.flatMap(({ id, title, command, args }): AgentSpec[] => {
    const file = onPath(command, env);
    return file === null ? [] : [{ ...BARE, id, title, command: file, args }];
  });
  return [...found, { ...BARE, id: 'demo', title: 'Demo', ...env.demo() }];
}

const BARE = { args: [], env: {}, cwd: null, authMethod: null, mcpServers: [] };

function configured(entry: AgentEntry, env: DiscoveryEnv): AgentSpec {
  const { id, args, cwd, authMethod, mcpServers } = entry;
  const rest = { env: entry.env, cwd: cwd ?? null, authMethod: authMethod ?? null, mcpServers };
  if (entry.command !== undefined) {
    return { id, title: entry.title ?? id, command: entry.command, args, ...rest };
  }
  const demo = env.demo();
  return {
    id,
    title: entry.title ?? 'Demo',
    command: demo.command,
    args: [...demo.args, ...args],
    ...rest,
  };
}

function onPath(command: string, env: DiscoveryEnv): string | null {
  for (const folder of (env.path ?? '').split(delimiter)) {
    // An empty part means the working directory, and npm adds the tools of tabcast's own development
    // while it runs a script: neither is anybody's choice of an agent.
    if (folder === '' || /[\\/]node_modules[\\/]\.bin[\\/]?$/.test(folder)) continue;
    const file = join(folder, command);
    if (env.isExecutable(file)) return file;
  }
  return null;
}
