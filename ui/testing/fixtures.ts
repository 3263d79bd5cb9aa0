/** Rows, logs and states for tests; what a test is about it says itself. */
import type { EventBody, SessionEvent } from '../../shared/events.ts';
import { foldEvents } from '../../shared/reducer.ts';
import { projectRow, type Row } from '../../shared/row.ts';
import { emptyState, type SessionState } from '../../shared/state.ts';

export function makeRow(id: string, fields: Partial<Row> = {}): Row {
  return {
    id,
    aliases: [],
    logId: `log-${id}`,
    title: `Session ${id}`,
    agentId: 'demo',
    cwd: '/srv/project',
    pinned: false,
    archived: false,
    readSeq: 0,
    readMark: 0,
    draftRev: 0,
    createdAt: 1,
    updatedAt: 1,
    status: 'idle',
    activeTurnId: null,
    openRequests: 0,
    queued: 0,
    lastSeq: 0,
    endedSeq: 0,
    asks: [],
    lastEnd: null,
    ...fields,
  };
}

/** The row of a session whose log folds to that state. */
export function rowOf(id: string, state: SessionState, fields: Partial<Row> = {}): Row {
  return makeRow(id, { logId: state.logId, ...projectRow(state), ...fields });
}

/** Bodies to events with gapless `seq`, beginning after `after`. */
export function eventsOf(bodies: readonly EventBody[], after = 0): SessionEvent[] {
  return bodies.map((body, at) => ({ seq: after + at + 1, at: 1_000 + at, ...body }));
}

export function stateOf(logId: string, bodies: readonly EventBody[]): SessionState {
  return foldEvents(emptyState(logId), eventsOf(bodies));
}

export const queued = (turnId: string, text: string): EventBody => ({
  type: 'turn.queued',
  turnId,
  key: `key-${turnId}`,
  prompt: [{ type: 'text', text }],
  mode: 'queue',
});
export const started = (turnId: string): EventBody => ({ type: 'turn.started', turnId });
export const ended = (turnId: string): EventBody => ({
  type: 'turn.ended',
  turnId,
  reason: 'end_turn',
});
export const said = (turnId: string, text: string): EventBody => ({
  type: 'update',
  turnId,
  update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
});
export const updated = (
  turnId: string,
  update: Extract<EventBody, { type: 'update' }>['update'],
): EventBody => ({ type: 'update', turnId, update });

export const permission = (turnId: string, requestId: string): EventBody => ({
  type: 'request.opened',
  turnId,
  requestId,
  request: {
    kind: 'permission',
    toolCall: { toolCallId: 'call-1', title: 'Run rm -r build', kind: 'execute' },
    options: [
      { optionId: 'yes', name: 'Allow', kind: 'allow_once' },
      { optionId: 'no', name: 'Reject', kind: 'reject_once' },
    ],
  },
});

/** A running turn that has said something. */
export const running = (turnId: string, prompt: string, answer: string): EventBody[] => [
  queued(turnId, prompt),
  started(turnId),
  said(turnId, answer),
];
/** A settled turn. */
export const settled = (turnId: string, prompt: string, answer: string): EventBody[] => [
  ...running(turnId, prompt, answer),
  ended(turnId),
];
