/** The fold of a log: what a pane projects. Plain data, immutable; the reducer shares what did not change. */
import type {
  AvailableCommand,
  Notice,
  PlanEntry,
  SessionConfigOption,
  ToolCall,
  UsageUpdate,
} from '@agentclientprotocol/sdk';
import type {
  ContentBlock,
  PromptMode,
  RequestBody,
  RequestOutcome,
  TurnEndReason,
  TurnError,
} from './events.ts';

/** A piece of the agent's message, in order. Parts are only ever appended or replaced in place, so an index is a stable key. */
export type Part =
  | { kind: 'text'; text: string; messageId: string | null }
  | ({ kind: 'thought'; text: string; messageId: string | null } & Times)
  | { kind: 'content'; block: ContentBlock }
  | ({ kind: 'tool'; call: ToolCall } & Times)
  | { kind: 'plan'; entries: PlanEntry[] }
  | { kind: 'notice'; notice: Notice }
  | { kind: 'request'; requestId: string; request: RequestBody; outcome: RequestOutcome | null };

/**
 * When a part began and when it ended, by the events it is made of: a thought from its first text to its last, a tool
 * call from when it ran to when it was over. Turns that were stored by earlier builds have none.
 */
export interface Times {
  startedAt?: number;
  endedAt?: number;
}

/** What the agent told of its consumption while a turn ran. */
export interface TurnUsage {
  /** Tokens in the context afterwards, and how many there may be. */
  used: number;
  size: number;
  /** What this turn cost, where the agent counts that. */
  cost?: { amount: number; currency: string };
}

export interface TurnEnd {
  at: number;
  reason: TurnEndReason;
  error: TurnError | null;
}

/** A started turn. `ordinal` counts a session's started turns from 0 and is the key for paging. */
export interface Turn {
  turnId: string;
  ordinal: number;
  /** The prompt's own (L9): tells a page which of the messages it sent this is. */
  key: string;
  prompt: ContentBlock[];
  startedAt: number;
  cancelling: boolean;
  parts: Part[];
  usage?: TurnUsage;
  /** What the session had cost when the turn began: agents tell sums. */
  costBefore?: number;
  /** Null while the turn runs. */
  end: TurnEnd | null;
}

export interface QueuedPrompt {
  turnId: string;
  key: string;
  prompt: ContentBlock[];
  mode: PromptMode;
  at: number;
  /** True when the queue stopped (crash, cancel, restart): it waits for the user to start or remove it (L10, O10). */
  held: boolean;
}

export interface SessionState {
  logId: string;
  /** The last event folded in; 0 when none. */
  seq: number;
  /** Settled turns in this window, oldest first: a suffix of the session's settled turns. */
  turns: Turn[];
  live: Turn | null;
  queue: QueuedPrompt[];
  /** How many turns ever started: the ordinal the next one gets. */
  started: number;
  /** `seq` of the last `turn.ended` of a started turn; 0 when none. */
  endedSeq: number;
  /** The agent's slash commands, as it last advertised them. */
  commands: AvailableCommand[];
  usage: UsageUpdate | null;
  /** The agent's mode, model and so on, as it last told them; absent until it did. */
  configOptions?: SessionConfigOption[];
}

export interface OpenRequest {
  turnId: string;
  requestId: string;
  request: RequestBody;
}

/** How many settled turns a snapshot carries; older ones are paged. */
export const PAGE_TURNS = 20;
/** …and about how long their JSON may be together, in UTF-16 units. */
export const PAGE_LENGTH = 8 * 1024 * 1024;

/** The state of a log with no events. */
export function emptyState(logId: string): SessionState {
  return {
    logId,
    seq: 0,
    turns: [],
    live: null,
    queue: [],
    started: 0,
    endedSeq: 0,
    commands: [],
    usage: null,
  };
}

/** The same state with the newest settled turns: what a snapshot sends (L8). */
export function lastPage(
  state: SessionState,
  count: number = PAGE_TURNS,
  length: number = PAGE_LENGTH,
): SessionState {
  const turns = newestTurns(state.turns, count, length);
  return turns === state.turns ? state : { ...state, turns };
}

/**
 * The newest of settled turns: at most `count`, and no more than have about `length` UTF-16 units as JSON, but always
 * one. So a page is small enough to be opened, whatever its turns hold (L12).
 */
export function newestTurns(turns: Turn[], count: number, length: number): Turn[] {
  let first = turns.length;
  let rest = length;
  while (first > 0 && turns.length - first < count) {
    const turn = turns[first - 1];
    if (turn === undefined) break;
    rest -= turnLength(turn);
    if (rest < 0 && first < turns.length) break;
    first -= 1;
  }
  return first === 0 ? turns : turns.slice(first);
}

// Settled turns are replaced, never changed.
const lengths = new WeakMap<Turn, number>();

/** About the length of its JSON, in UTF-16 units. */
export function turnLength(turn: Turn): number {
  const known = lengths.get(turn);
  if (known !== undefined) return known;
  let length = JSON.stringify(turn.prompt).length;
  for (const part of turn.parts) {
    const isText = part.kind === 'text' || part.kind === 'thought';
    length += isText ? part.text.length : JSON.stringify(part).length;
  }
  lengths.set(turn, length);
  return length;
}

/** True when settled turns exist before this window. */
export function hasOlder(state: SessionState): boolean {
  const first = state.turns[0] ?? state.live;
  return (first?.ordinal ?? state.started) > 0;
}

/** The requests of the live turn that nobody answered yet, in the order they were opened. */
export function openRequests(state: SessionState): OpenRequest[] {
  const live = state.live;
  if (live === null) return [];
  const open: OpenRequest[] = [];
  for (const part of live.parts) {
    if (part.kind === 'request' && part.outcome === null) {
      open.push({ turnId: live.turnId, requestId: part.requestId, request: part.request });
    }
  }
  return open;
}

/** The queue in the order in which it will run: what was sent with 'stop and send' first. */
export function runOrder(queue: readonly QueuedPrompt[]): QueuedPrompt[] {
  const isUrgent = ({ mode, held }: QueuedPrompt): boolean => mode === 'interrupt' && !held;
  return [...queue.filter(isUrgent), ...queue.filter((entry) => !isUrgent(entry))];
}

/** The prompt that starts when nothing runs: 'stop and send' first, then in order; null when the rest waits for the user. */
export function nextQueued(state: SessionState): QueuedPrompt | null {
  return runOrder(state.queue).find((entry) => !entry.held) ?? null;
}
