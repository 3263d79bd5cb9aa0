/** The pure part of running turns: from a session's state and a wish to the events that carry it out. */
import type { AnswerOutcome } from '../../shared/commands.ts';
import type {
  ContentBlock,
  EventBody,
  PromptMode,
  RequestOutcome,
  TurnEndReason,
  TurnError,
} from '../../shared/events.ts';
import { applyEvent } from '../../shared/reducer.ts';
import { nextQueued, openRequests, type SessionState } from '../../shared/state.ts';
import { cancelledOutcome, checkAnswer } from './answers.ts';
import { ServiceError, type QueuedChange } from './service.ts';
import type { Decision } from './session-log.ts';

export interface Prompt {
  prompt: ContentBlock[];
  key: string;
  mode: PromptMode;
}

/**
 * Queues a prompt, and starts it when nothing runs. 'interrupt' also cancels what runs.
 * @throws ServiceError `too_many` when the queue is full
 */
export function decidePrompt(
  state: SessionState,
  turnId: string,
  input: Prompt,
  maxQueue: number,
): Decision<void> {
  if (state.queue.length >= maxQueue) {
    throw new ServiceError('too_many', `The queue is full: ${maxQueue} messages wait already.`);
  }
  const queued: EventBody = { type: 'turn.queued', turnId, ...input };
  const cancelling =
    input.mode === 'interrupt' && state.live !== null && !state.live.cancelling
      ? cancelEvents(state, state.live.turnId)
      : [];
  return { events: withNext(state, [queued, ...cancelling]), result: undefined };
}

/**
 * Another text or place for a queued prompt.
 * @throws ServiceError `conflict` when it has started, or when `before` is not in the queue; `not_found`
 */
export function decideChange(
  state: SessionState,
  turnId: string,
  { prompt, before }: QueuedChange,
): Decision<void> {
  const isQueued = (id: string): boolean => state.queue.some((entry) => entry.turnId === id);
  if (!isQueued(turnId)) {
    const started = [state.live, ...state.turns].some((turn) => turn?.turnId === turnId);
    throw started
      ? new ServiceError('conflict', 'This message was sent already: its turn has started.')
      : new ServiceError('not_found', 'This message is not in the queue any more.');
  }
  if (before !== undefined && before !== null && !isQueued(before)) {
    throw new ServiceError('conflict', 'The queue has changed meanwhile.');
  }
  const events: EventBody[] = [];
  if (prompt !== undefined) events.push({ type: 'turn.edited', turnId, prompt });
  if (before !== undefined && before !== turnId) {
    events.push({ type: 'turn.moved', turnId, before });
  }
  return { events, result: undefined };
}

/** Lets the held prompts run, one after the other. Result: how many there were. */
export function decideRelease(state: SessionState): Decision<number> {
  const held = state.queue.filter((entry) => entry.held);
  const events = held.map(({ turnId }): EventBody => ({ type: 'turn.released', turnId }));
  return { events: held.length === 0 ? [] : withNext(state, events), result: held.length };
}

/** Ends all at once, the queue too: before the session is deleted. Starts nothing. */
export function decideEmpty(state: SessionState): Decision<void> {
  const ends: EventBody[] = state.queue.map(({ turnId }) => removal(turnId));
  if (state.live !== null) {
    ends.push(...closeRequests(state));
    ends.push({ type: 'turn.ended', turnId: state.live.turnId, reason: 'cancelled' });
  }
  return { events: ends, result: undefined };
}

/** @throws ServiceError `conflict` while a turn runs, `not_found` when that prompt is not queued */
export function decideStart(state: SessionState, turnId: string): Decision<void> {
  if (!state.queue.some((entry) => entry.turnId === turnId)) {
    throw new ServiceError('not_found', 'This message is not in the queue any more.');
  }
  if (state.live !== null) {
    throw new ServiceError('conflict', 'Another turn is running. Wait for it, or stop it first.');
  }
  return { events: [{ type: 'turn.started', turnId }], result: undefined };
}

/** Result: false when it is not (or no longer) queued. */
export function decideRemove(state: SessionState, turnId: string): Decision<boolean> {
  const queued = state.queue.some((entry) => entry.turnId === turnId);
  return {
    events: queued ? [removal(turnId)] : [],
    result: queued,
  };
}

/** Result: false when that turn is not running: a no-op (O11). Idempotent while it is being cancelled. */
export function decideCancel(state: SessionState, turnId: string): Decision<boolean> {
  if (state.live?.turnId !== turnId) return { events: [], result: false };
  return { events: state.live.cancelling ? [] : cancelEvents(state, turnId), result: true };
}

/**
 * The one end of a turn (L3): closes what it waited for (O7), and starts the next prompt in the same step.
 * No events when the turn is not the live one: it has ended already.
 * @param next whether the next prompt starts, or waits for the server's next start
 */
export function decideEnd(
  state: SessionState,
  turnId: string,
  reason: TurnEndReason,
  error: TurnError | null,
  next: 'starts' | 'waits' = 'starts',
): Decision<boolean> {
  if (state.live?.turnId !== turnId) return { events: [], result: false };
  const end: EventBody = { type: 'turn.ended', turnId, reason };
  if (error !== null) end.error = error;
  const events = [...closeRequests(state), end];
  return { events: next === 'starts' ? withNext(state, events) : events, result: true };
}

/** Starts the next prompt when nothing runs: one whose turn had come while the server drained. */
export function decideResume(state: SessionState): Decision<void> {
  return { events: state.live === null ? withNext(state, []) : [], result: undefined };
}

/**
 * First answer wins (O7).
 * @throws ServiceError `already_answered`, `not_found`, or `bad_request` when the outcome does not fit
 */
export function decideAnswer(
  state: SessionState,
  requestId: string,
  outcome: AnswerOutcome,
): Decision<RequestOutcome> {
  const open = openRequests(state).find((request) => request.requestId === requestId);
  if (open === undefined) {
    const known = [state.live, ...state.turns].some((turn) =>
      turn?.parts.some((part) => part.kind === 'request' && part.requestId === requestId),
    );
    if (!known) throw new ServiceError('not_found', 'This session has no such request.');
    throw new ServiceError(
      'already_answered',
      'This was answered already, or its turn has ended. Your answer changed nothing.',
    );
  }
  const checked = checkAnswer(open.request, outcome);
  return {
    events: [{ type: 'request.resolved', turnId: open.turnId, requestId, outcome: checked }],
    result: checked,
  };
}

function removal(turnId: string): EventBody {
  return { type: 'turn.ended', turnId, reason: 'removed' };
}

function cancelEvents(state: SessionState, turnId: string): EventBody[] {
  return [{ type: 'turn.cancelling', turnId }, ...closeRequests(state)];
}

function closeRequests(state: SessionState): EventBody[] {
  return openRequests(state).map(({ turnId, requestId, request }) => ({
    type: 'request.resolved',
    turnId,
    requestId,
    outcome: cancelledOutcome(request),
  }));
}

/** Adds the start of the next prompt, if after these events nothing runs: no reader ever sees a gap between the two. */
function withNext(state: SessionState, events: EventBody[]): EventBody[] {
  let after = state;
  for (const body of events) {
    const applied = applyEvent(after, { seq: after.seq + 1, at: 0, ...body });
    if (applied.kind === 'applied') after = applied.state;
  }
  const next = after.live === null ? nextQueued(after) : null;
  return next === null ? events : [...events, { type: 'turn.started', turnId: next.turnId }];
}
