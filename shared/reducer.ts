/** The one pure reducer: server, hub and tab fold the same events to the same state (L6). */
import type { QueuedPrompt, SessionState, Turn } from './state.ts';
import { firstSeq, type SessionEvent, type TurnEndReason } from './events.ts';
import { createPartsEdit, reduceUpdates, restartTool, upsertTool } from './reduce-update.ts';

/** `duplicate`: at or below the cursor, dropped (H10). `gap`: events are missing; the reader needs a snapshot. */
export type Applied =
  | { kind: 'applied'; state: SessionState }
  | { kind: 'duplicate' }
  | { kind: 'gap'; expected: number; got: number };

/**
 * Folds one event into a state.
 * @returns the next state, or why the event was not applied; the given state is never changed.
 */
export function applyEvent(state: SessionState, event: SessionEvent): Applied {
  if (event.seq <= state.seq) return { kind: 'duplicate' };
  const first = firstSeq(event);
  // A merged delta that begins at or below the cursor can't be split: its text would double.
  if (first !== state.seq + 1) return { kind: 'gap', expected: state.seq + 1, got: first };
  return { kind: 'applied', state: { ...reduce(state, event), seq: event.seq } };
}

/**
 * Folds many events; duplicates are dropped.
 * @throws Error on a gap: for callers that hold the whole log.
 */
export function foldEvents(state: SessionState, events: Iterable<SessionEvent>): SessionState {
  let next = state;
  for (const event of events) {
    const applied = applyEvent(next, event);
    if (applied.kind === 'gap') {
      throw new Error(
        `gap in log ${state.logId}: expected ${applied.expected}, got ${applied.got}`,
      );
    }
    if (applied.kind === 'applied') next = applied.state;
  }
  return next;
}

function reduce(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'turn.queued': {
      const { turnId, key, prompt, mode, at } = event;
      const queued: QueuedPrompt = { turnId, key, prompt, mode, at, held: false };
      return { ...state, queue: [...state.queue, queued] };
    }
    case 'turn.edited': {
      const { turnId, prompt } = event;
      const queue = state.queue.map((entry) =>
        entry.turnId === turnId ? { ...entry, prompt } : entry,
      );
      return { ...state, queue };
    }
    case 'turn.released': {
      const queue = state.queue.map((entry) =>
        entry.turnId === event.turnId ? { ...entry, held: false } : entry,
      );
      return { ...state, queue };
    }
    case 'turn.moved':
      return { ...state, queue: moveQueued(state.queue, event.turnId, event.before) };
    case 'turn.started':
      return startTurn(state, event.turnId, event.at);
    case 'turn.cancelling':
      return withLive(state, event.turnId, (live) => ({ ...live, cancelling: true }));
    case 'turn.ended':
      return endTurn(state, event);
    case 'update':
      return reduceUpdates(state, [event]);
    case 'request.opened': {
      const { requestId, request } = event;
      return withLive(state, event.turnId, (live) => {
        const parts = createPartsEdit(live.parts);
        // For some agents the permission is the first, or only, mention of the tool call.
        if (request.kind === 'permission') upsertTool(parts, request.toolCall, event.at);
        parts.push({ kind: 'request', requestId, request, outcome: null });
        return { ...live, parts: parts.all };
      });
    }
    case 'request.resolved': {
      const { requestId, outcome, at } = event;
      return withLive(state, event.turnId, (live) => {
        const parts = createPartsEdit(live.parts);
        const index = live.parts.findIndex(
          (part) => part.kind === 'request' && part.requestId === requestId,
        );
        const part = live.parts[index];
        if (part?.kind !== 'request') return live;
        parts.set(index, { ...part, outcome });
        // What a person took to answer is no time of the tool.
        if (part.request.kind === 'permission') restartTool(parts, part.request.toolCall, at);
        return { ...live, parts: parts.all };
      });
    }
    case 'session.rotated':
      return state;
    default:
      return unknownEvent(state, event);
  }
}

/** A newer server may add event types: their `seq` counts, the rest is skipped. The parameter type makes a missing case a compile error. */
function unknownEvent(state: SessionState, _event: never): SessionState {
  return state;
}

function startTurn(state: SessionState, turnId: string, at: number): SessionState {
  const queued = state.queue.find((entry) => entry.turnId === turnId);
  const live: Turn = {
    turnId,
    ordinal: state.started,
    key: queued?.key ?? '',
    prompt: queued?.prompt ?? [],
    startedAt: at,
    cancelling: false,
    parts: [],
    end: null,
    ...(state.usage?.cost == null ? {} : { costBefore: state.usage.cost.amount }),
  };
  return {
    ...state,
    live,
    started: state.started + 1,
    queue: state.queue.filter((entry) => entry.turnId !== turnId),
  };
}

function endTurn(
  state: SessionState,
  event: Extract<SessionEvent, { type: 'turn.ended' }>,
): SessionState {
  const { live } = state;
  if (live === null || live.turnId !== event.turnId) {
    return { ...state, queue: state.queue.filter((entry) => entry.turnId !== event.turnId) };
  }
  const settled: Turn = {
    ...live,
    cancelling: false,
    end: { at: event.at, reason: event.reason, error: event.error ?? null },
  };
  return {
    ...state,
    live: null,
    turns: [...state.turns, settled],
    endedSeq: event.seq,
    queue: holdQueue(state.queue, event.reason),
  };
}

/**
 * After a crash, a cancel or a restart the queue waits for the user (L10); after an ordinary end the next
 * prompt starts. A cancel for 'stop and send' does not hold the prompt it was made for.
 */
function holdQueue(queue: QueuedPrompt[], reason: TurnEndReason): QueuedPrompt[] {
  if (reason !== 'failed' && reason !== 'interrupted' && reason !== 'cancelled') return queue;
  return queue.map((entry) =>
    reason === 'cancelled' && entry.mode === 'interrupt' ? entry : { ...entry, held: true },
  );
}

/** Unchanged when one of the two is not in the queue. */
function moveQueued(queue: QueuedPrompt[], turnId: string, before: string | null): QueuedPrompt[] {
  const moved = queue.find((entry) => entry.turnId === turnId);
  const rest = queue.filter((entry) => entry.turnId !== turnId);
  const at = before === null ? rest.length : rest.findIndex((entry) => entry.turnId === before);
  return moved === undefined || at === -1 ? queue : rest.toSpliced(at, 0, moved);
}

function withLive(state: SessionState, turnId: string, change: (live: Turn) => Turn): SessionState {
  if (state.live === null || state.live.turnId !== turnId) return state;
  return { ...state, live: change(state.live) };
}
