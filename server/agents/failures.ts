/** What went wrong with an agent, in words: what happened and what to do. */
import { RequestError } from '@agentclientprotocol/sdk';
import { AgentError } from './agent-host.ts';
import type { OfferedAuthMethod } from './agent-answers.ts';
import type { ProcessExit } from './agent-process.ts';

/** ACP's error code for 'authentication required'. */
const AUTH_REQUIRED = -32_000;

export interface AgentNames {
  id: string;
  title: string;
}

/** Why a process is gone, when that is known better than its exit tells. */
export type DeathCause =
  /** tabcast ended it. */
  | { kind: 'stopped' }
  /** Its output can't be read any further. */
  | { kind: 'unreadable'; problem: string }
  /** It closed its output or its input, but went on running. */
  | { kind: 'deaf' };

/** @param starting it died before the first session could be opened */
export function diedError(
  agent: AgentNames,
  exit: ProcessExit,
  cause: DeathCause | null,
  starting: boolean,
  stderr: string | null,
): AgentError {
  if (exit.kind === 'failed') {
    return new AgentError(
      'agent_start',
      `${agent.title} could not be started: ${exit.problem}. Install it, or correct the agent "${agent.id}" in tabcast.config.json.`,
      stderr,
    );
  }
  const how = starting
    ? `${howItEnded(exit, cause)} while it was starting`
    : howItEnded(exit, cause);
  const then = cause?.kind === 'stopped' ? '' : ' The next prompt starts it again.';
  return new AgentError('agent_exited', `${agent.title} ${how}.${then}`, stderr);
}

function howItEnded(
  exit: Exclude<ProcessExit, { kind: 'failed' }>,
  cause: DeathCause | null,
): string {
  switch (cause?.kind) {
    case 'stopped':
      return 'was stopped by tabcast';
    case 'unreadable':
      return `was stopped by tabcast, because it sent ${cause.problem}`;
    case 'deaf':
      return 'stopped talking to tabcast, and was ended';
    case undefined:
      return exit.kind === 'killed'
        ? `was killed by ${exit.signal}`
        : `stopped with exit code ${exit.code}`;
  }
}

/** @param starting before the first session could be opened */
export function timeoutError(
  agent: AgentNames,
  starting: boolean,
  what: string,
  ms: number,
  stderr: string | null,
): AgentError {
  return new AgentError(
    starting ? 'agent_start' : 'agent_error',
    `${agent.title} did not ${what} within ${Math.round(ms / 1000)} seconds. Send the message again; if that doesn't help, check the agent "${agent.id}" in tabcast.config.json.`,
    stderr,
  );
}

/** True for an answer of the agent itself, in contrast to a connection that broke. */
export function isAnswer(error: unknown): error is RequestError {
  return error instanceof RequestError;
}

export function isAuthRequired(error: RequestError): boolean {
  return error.code === AUTH_REQUIRED;
}

/** @param method the configured `authMethod`, or null */
export function authError(
  agent: AgentNames,
  method: string | null,
  offered: readonly OfferedAuthMethod[],
  error: RequestError,
): AgentError {
  const said = `${agent.title} ${method === null ? 'wants to be signed in to first' : `did not accept the auth method "${method}"`} (${describe(error)}).`;
  const list = offered.map(({ id, name }) => (name === '' ? `"${id}"` : `"${id}" (${name})`));
  const offers =
    list.length === 0
      ? 'It offers no way to do that over ACP: sign in with its own command line.'
      : `It offers: ${list.join(', ')}. Set "authMethod" of the agent "${agent.id}" in tabcast.config.json to one of these ids, or sign in with its own command line.`;
  return new AgentError('agent_auth', `${said} ${offers}`);
}

/** @param method what it was asked */
export function answerError(
  agent: AgentNames,
  method: string,
  error: RequestError,
  stderr: string | null,
): AgentError {
  return new AgentError(
    'agent_error',
    `${agent.title} answered ${method} with an error: ${describe(error)}. Send the message again to retry.`,
    stderr,
  );
}

export function malformedError(
  agent: AgentNames,
  method: string,
  stderr: string | null,
): AgentError {
  return new AgentError(
    'agent_error',
    `${agent.title} answered ${method} with something that is not ACP. Check its version.`,
    stderr,
  );
}

/** @param bytes that it did not read */
export function unreadError(agent: AgentNames, bytes: number): AgentError {
  return new AgentError(
    'agent_error',
    `${agent.title} does not read what is sent to it: ${Math.round(bytes / 1024 / 1024)} MB wait for it. Stop its other turns or wait for them, and send the message again; if that does not help, restart tabcast.`,
  );
}

export function versionError(agent: AgentNames, version: number): AgentError {
  return new AgentError(
    'agent_start',
    `${agent.title} speaks version ${version} of ACP, and tabcast version 1. Update whichever is older.`,
  );
}

const MAX_DESCRIPTION = 1000;

/** The message, and what JSON-RPC `data` says about it in words. */
export function describe(error: RequestError): string {
  const more = details(error.data);
  const text =
    more === null || error.message.includes(more) ? error.message : `${error.message}: ${more}`;
  const trimmed = text.trim().replace(/\.$/, '');
  return trimmed.length > MAX_DESCRIPTION ? `${trimmed.slice(0, MAX_DESCRIPTION)}…` : trimmed;
}

function details(data: unknown): string | null {
  if (typeof data === 'string') return data;
  if (typeof data !== 'object' || data === null) return null;
  for (const name of ['details', 'message', 'error'] as const) {
    const value = (data as Record<string, unknown>)[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}
