/** How a turn ends that did not go as its agent meant, in words for the person. */
import type { TurnEndReason, TurnError } from '../../shared/events.ts';
import { AgentError } from '../agents/agent-host.ts';
import { turnWords } from '../storage-words.ts';
import { StorageError } from '../store/store.ts';
import { ServiceError } from './service.ts';

/** The session was deleted. */
export function isGone(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'not_found';
}

export interface Outcome {
  reason: TurnEndReason;
  error: TurnError | null;
}

/** One place maps an error to the end of its turn. */
export function failure(error: unknown, stopping: boolean): Outcome {
  if (error instanceof StorageError) return { reason: 'failed', error: turnWords(error.problem) };
  if (error instanceof AgentError) {
    // Agents often answer a cancelled prompt with an error; a death is worth telling all the same.
    if (stopping && error.code === 'agent_error') return { reason: 'cancelled', error: null };
    const { code, message, detail } = error;
    const told: TurnError = { code, message };
    if (detail !== null) told.detail = detail;
    return { reason: 'failed', error: told };
  }
  const message =
    'tabcast could not go on with this turn. What it had received is kept; send the message again.';
  return { reason: 'failed', error: { code: 'internal', message } };
}
