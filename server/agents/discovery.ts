/** Which agents there are: the configured ones, else well-known ones on PATH; the built-in one always. */
import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, join, resolve } from 'node:path';
import type { AgentProblem, KnownAgents } from '../../shared/api.ts';
import type { AgentEntry, AgentSpec } from './config.ts';
import { demoCommand, systemDemoEnv } from './demo-command.ts';

interface WellKnown {
  id: string;
  title: string;
  command: string;
  args: string[];
  /** From the agent's own documentation, at `url`. */
  install: string;
  url: string;
  /** What signs in to it, in a terminal. */
  signIn: string;
}

/** Agents that speak ACP on stdio, and how they are told to. The first one found is the default. */
export const WELL_KNOWN: readonly WellKnown[] = [
  {
    id: 'hermes',
    title: 'Hermes',
    command: 'hermes',
    args: ['acp'],
    install: 'curl -fsSL https://hermes-agent.nousresearch.com/install.sh | bash',
    url: 'https://hermes-agent.nousresearch.com/docs',
    signIn: 'hermes setup',
  },
  {
    id: 'opencode',
    title: 'OpenCode',
    command: 'opencode',
    args: ['acp'],
    install: 'npm install -g opencode-ai',
    url: 'https://opencode.ai/docs',
    signIn: 'opencode auth login',
  },
  {
    id: 'qwen',
    title: 'Qwen Code',
    command: 'qwen',
    args: ['--acp'],
    install: 'npm install -g @qwen-code/qwen-code',
    url: 'https://github.com/QwenLM/qwen-code',
    signIn: 'qwen',
  },
  {
    id: 'gemini',
    title: 'Gemini CLI',
    command: 'gemini',
    args: ['--acp'],
    install: 'npm install -g @google/gemini-cli',
    url: 'https://github.com/google-gemini/gemini-cli',
    signIn: 'gemini',
  },
  {
    id: 'claude',
    title: 'Claude Code',
    command: 'claude-agent-acp',
    args: [],
    install: 'npm install -g @agentclientprotocol/claude-agent-acp',
    url: 'https://github.com/agentclientprotocol/claude-agent-acp',
    signIn: 'claude /login',
  },
  {
    id: 'codex',
    title: 'Codex',
    command: 'codex-acp',
    args: [],
    install: 'npm install -g @agentclientprotocol/codex-acp',
    url: 'https://github.com/agentclientprotocol/codex-acp',
    signIn: 'codex login',
  },
  {
    id: 'goose',
    title: 'Goose',
    command: 'goose',
    args: ['acp'],
    install:
      'curl -fsSL https://github.com/block/goose/releases/download/stable/download_cli.sh | bash',
    url: 'https://block.github.io/goose',
    signIn: 'goose configure',
  },
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

/** How long a look at the PATH holds, milliseconds: however many tabs ask, the disk is asked once. */
export const LOOK_MS = 1_000;

export interface AgentSource {
  /** As `findAgents` finds them now. */
  agents(): readonly AgentSpec[];
  /** Null when the agent's command is there to be run. */
  missing(spec: AgentSpec): AgentProblem | null;
  signInHint(spec: AgentSpec): string | null;
  known(): KnownAgents;
}

/**
 * The agents over time: what is installed while tabcast runs is found without a restart. Nothing is ever run.
 * @param entries as for `findAgents`
 * @throws Error when the built-in agent is asked for and missing
 */
export function createAgentSource(
  entries: readonly AgentEntry[] | null,
  env: DiscoveryEnv,
  now: () => number,
): AgentSource {
  const lookAt = <T>(look: () => T): (() => T) => {
    let at = now();
    let seen = look();
    return () => {
      if (now() - at >= LOOK_MS) {
        seen = look();
        at = now();
      }
      return seen;
    };
  };
  const agents = lookAt(() => findAgents(entries, env));
  const there = lookAt(() => new Map(agents().map((spec) => [spec.id, isThere(spec, env)])));
  const known = lookAt(() =>
    WELL_KNOWN.map(({ signIn: _signIn, ...agent }) => ({
      ...agent,
      found: onPath(agent.command, env) !== null,
    })),
  );
  return {
    agents,
    missing(spec) {
      if (there().get(spec.id) !== false) return null;
      const { command, id } = spec;
      const hint = wellKnown(spec)?.install;
      const message = `The command "${command}" was not found. Install it, or correct the agent "${id}" in tabcast.config.json; then check again.`;
      return { code: 'agent_missing', message, ...(hint === undefined ? {} : { hint }) };
    },
    signInHint: (spec) => wellKnown(spec)?.signIn ?? null,
    known: () => ({ known: known(), configured: entries !== null }),
  };
}

function wellKnown({ command }: AgentSpec): WellKnown | undefined {
  return WELL_KNOWN.find((agent) => agent.command === basename(command));
}

/** As the operating system looks for it when the agent is started. */
function isThere({ command, env: own, cwd }: AgentSpec, env: DiscoveryEnv): boolean {
  if (/[\\/]/.test(command)) return env.isExecutable(resolve(cwd ?? '.', command));
  const folders = (own['PATH'] ?? env.path ?? '').split(delimiter);
  return folders.some((folder) => env.isExecutable(resolve(cwd ?? '.', folder, command)));
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
