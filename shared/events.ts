/**
 * The vocabulary of a session's log. Agent output is the ACP `SessionUpdate`, verbatim; tabcast adds
 * only what ACP has no word for. ACP types: https://agentclientprotocol.com/protocol/v1/schema
 */
import type {
  ContentBlock,
  CreateElicitationResponse,
  ElicitationSchema,
  PermissionOption,
  RequestPermissionOutcome,
  SessionUpdate,
  StopReason,
  ToolCallUpdate,
} from '@agentclientprotocol/sdk';

export type { ContentBlock, PermissionOption, SessionUpdate };

/** What a turn waits for. A permission is ACP `session/request_permission`, a question `elicitation/create` (form mode). */
export type RequestBody =
  | { kind: 'permission'; toolCall: ToolCallUpdate; options: PermissionOption[] }
  | { kind: 'question'; message: string; schema: ElicitationSchema };

/** The answer to a request, in ACP's own shapes: passed through to the agent as it is. */
export type RequestOutcome = RequestPermissionOutcome | QuestionOutcome;
export type QuestionOutcome = CreateElicitationResponse;

/**
 * Why a turn ended: ACP's stop reasons, and four of ours.
 * `failed`: the agent answered with an error or its process died. `interrupted`: tabcast itself stopped (L10).
 * `removed`: a queued prompt taken back before it started.
 */
export type TurnEndReason = StopReason | 'failed' | 'interrupted' | 'removed';

/** What happened, what was kept and what to do, as shown at the end of a turn that did not end well. */
export interface TurnError {
  code: string;
  message: string;
  /** The last lines of the agent's stderr, when its process died or refused. */
  detail?: string;
}

export type PromptMode = 'queue' | 'interrupt';

export type EventBody =
  | { type: 'turn.queued'; turnId: string; key: string; prompt: ContentBlock[]; mode: PromptMode }
  /** A queued prompt has another text. */
  | { type: 'turn.edited'; turnId: string; prompt: ContentBlock[] }
  /** A queued prompt stands before another one; null: at the end of the queue. */
  | { type: 'turn.moved'; turnId: string; before: string | null }
  /** A prompt that was held runs when its turn comes. */
  | { type: 'turn.released'; turnId: string }
  | { type: 'turn.started'; turnId: string }
  | { type: 'turn.cancelling'; turnId: string }
  | { type: 'turn.ended'; turnId: string; reason: TurnEndReason; error?: TurnError }
  | { type: 'update'; turnId: string | null; update: SessionUpdate }
  | { type: 'request.opened'; turnId: string; requestId: string; request: RequestBody }
  | { type: 'request.resolved'; turnId: string; requestId: string; outcome: RequestOutcome }
  | { type: 'session.rotated'; turnId: string | null; from: string; to: string };

/**
 * One entry of a session's log. `seq` is gapless from 1 (L1); `at` is milliseconds since the epoch.
 * `span` (default 1) and `since` are set only in transit, on adjacent text deltas merged for a reader (H4):
 * the event then stands for `seq - span + 1` … `seq`, of which the first came at `since` and the last at `at`.
 */
export type SessionEvent = { seq: number; at: number; span?: number; since?: number } & EventBody;

/** The first `seq` an event stands for. */
export function firstSeq(event: SessionEvent): number {
  return event.seq - (event.span ?? 1) + 1;
}
