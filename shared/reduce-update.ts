/** How an ACP `SessionUpdate` changes a session's state. https://agentclientprotocol.com/protocol/v1/prompt-turn */
import type { ToolCall, ToolCallUpdate, UsageUpdate } from '@agentclientprotocol/sdk';
import { foldOptions } from './config-options.ts';
import type { ContentBlock, SessionUpdate } from './events.ts';
import type { Part, SessionState, Times, Turn, TurnUsage } from './state.ts';

/** An update, the turn it is of (null: of none), and when it came; `since`: the first that was merged into it. */
export interface TurnUpdate {
  turnId: string | null;
  at: number;
  since?: number;
  update: SessionUpdate;
}

/**
 * Folds updates in, in order; the parts of the live turn are copied once for all of them. Content of a turn that
 * is not the live one is skipped: it has no place in another turn (O11).
 */
export function reduceUpdates(state: SessionState, updates: readonly TurnUpdate[]): SessionState {
  const { live } = state;
  const parts = live === null ? null : createPartsEdit(live.parts);
  let { commands, usage, configOptions } = state;
  let spent: TurnUsage | null = null;
  for (const { turnId, update, at, since = at } of updates) {
    switch (update.sessionUpdate) {
      case 'available_commands_update':
        commands = update.availableCommands;
        break;
      case 'usage_update':
        usage = update;
        if (live !== null && live.turnId === turnId) spent = usageOf(live, update);
        break;
      case 'current_mode_update':
      case 'config_option_update':
        configOptions = foldOptions(configOptions, update);
        break;
      case 'agent_message_chunk':
      case 'agent_thought_chunk':
      case 'tool_call':
      case 'tool_call_update':
      case 'plan':
      case 'notice':
        if (parts !== null && live?.turnId === turnId) reduceParts(parts, update, since, at);
        break;
      case 'user_message_chunk': // the prompt is in `turn.queued` already
      case 'session_info_update': // the title is the row's
      case 'compaction_update':
      case 'compaction_summary_chunk':
        break;
      default:
        unknownUpdate(update);
    }
  }
  const next = {
    ...state,
    commands,
    usage,
    ...(configOptions === undefined ? {} : { configOptions }),
  };
  if (live === null || parts === null) return next;
  const changed = parts.all !== live.parts || spent !== null;
  if (!changed) return next;
  return {
    ...next,
    live: { ...live, parts: parts.all, ...(spent === null ? {} : { usage: spent }) },
  };
}

function usageOf({ costBefore = 0 }: Turn, { used, size, cost }: UsageUpdate): TurnUsage {
  if (cost == null) return { used, size };
  // An agent that was started anew may count from nothing again.
  const amount = cost.amount >= costBefore ? cost.amount - costBefore : cost.amount;
  return { used, size, cost: { amount, currency: cost.currency } };
}

/** A turn's parts while they are changed: copied with the first change, so that those of a state stay as they are. */
export interface PartsEdit {
  readonly all: Part[];
  set(at: number, part: Part): void;
  push(part: Part): void;
}

export function createPartsEdit(parts: Part[]): PartsEdit {
  let own: Part[] | null = null;
  return {
    get all() {
      return own ?? parts;
    },
    set(at, part) {
      own ??= parts.slice();
      own[at] = part;
    },
    push(part) {
      own ??= parts.slice();
      own.push(part);
    },
  };
}

/** Agents newer than this build may send kinds that are not known here: kept in the log, not shown. */
function unknownUpdate(_update: never): void {}

type PartUpdate = Extract<
  SessionUpdate,
  {
    sessionUpdate:
      | 'agent_message_chunk'
      | 'agent_thought_chunk'
      | 'tool_call'
      | 'tool_call_update'
      | 'plan'
      | 'notice';
  }
>;

function reduceParts(parts: PartsEdit, update: PartUpdate, since: number, at: number): void {
  switch (update.sessionUpdate) {
    case 'agent_message_chunk':
      return appendChunk(parts, 'text', update.content, update.messageId ?? null, {});
    case 'agent_thought_chunk': {
      const times = { startedAt: since, endedAt: at };
      return appendChunk(parts, 'thought', update.content, update.messageId ?? null, times);
    }
    case 'tool_call':
    case 'tool_call_update':
      return upsertTool(parts, update, at);
    case 'plan': {
      const plan: Part = { kind: 'plan', entries: update.entries };
      const index = parts.all.findIndex((part) => part.kind === 'plan');
      return index === -1 ? parts.push(plan) : parts.set(index, plan);
    }
    case 'notice': {
      const { sessionUpdate: _tag, ...notice } = update;
      return parts.push({ kind: 'notice', notice });
    }
  }
}

function appendChunk(
  parts: PartsEdit,
  kind: 'text' | 'thought',
  content: ContentBlock,
  messageId: string | null,
  times: Times,
): void {
  if (content.type !== 'text') return parts.push({ kind: 'content', block: content });
  // Some agents send an empty chunk to carry `_meta`: it is not the start of a message.
  if (content.text === '') return;
  const { all } = parts;
  const last = all.at(-1);
  if (last?.kind === kind && last.messageId === messageId) {
    parts.set(all.length - 1, { ...last, ...endOf(times), text: last.text + content.text });
  } else {
    parts.push({ kind, messageId, text: content.text, ...times });
  }
}

const endOf = ({ endedAt }: Times): Times => (endedAt === undefined ? {} : { endedAt });

/** `tool_call` and `tool_call_update` are both upserts by id: some agents send updates with no `tool_call` before. */
export function upsertTool(parts: PartsEdit, update: ToolCallUpdate, time: number): void {
  const at = parts.all.findLastIndex(
    (part) => part.kind === 'tool' && part.call.toolCallId === update.toolCallId,
  );
  const found = parts.all[at];
  const before: ToolCall =
    found?.kind === 'tool'
      ? found.call
      : { toolCallId: update.toolCallId, title: update.title ?? update.name ?? 'Tool' };
  const call = mergeTool(before, update);
  const times = found?.kind === 'tool' ? toolTimes(found, call, time) : toolTimes(null, call, time);
  const part: Part = { kind: 'tool', call, ...times };
  if (at === -1) parts.push(part);
  else parts.set(at, part);
}

/** A call that waited is timed from when it runs. What an earlier build began to fold has no times, and gets none. */
function toolTimes(
  before: Extract<Part, { kind: 'tool' }> | null,
  call: ToolCall,
  time: number,
): Times {
  const startedAt = before === null ? time : before.startedAt;
  if (startedAt === undefined) return {};
  const over = isOver(call);
  const wasOver = before !== null && isOver(before.call);
  if (over) return { startedAt, endedAt: wasOver ? (before.endedAt ?? time) : time };
  const runs = call.status === 'in_progress' && before?.call.status !== 'in_progress';
  return { startedAt: runs ? time : startedAt };
}

const isOver = ({ status }: ToolCall): boolean => status === 'completed' || status === 'failed';

/** A tool call that was allowed to run does so from now on. */
export function restartTool(parts: PartsEdit, { toolCallId }: ToolCallUpdate, time: number): void {
  const at = parts.all.findLastIndex(
    (part) => part.kind === 'tool' && part.call.toolCallId === toolCallId,
  );
  const found = parts.all[at];
  if (found?.kind !== 'tool' || found.startedAt === undefined || isOver(found.call)) return;
  parts.set(at, { ...found, startedAt: time });
}

/** In an update, absent and null both mean 'unchanged'; lists replace (ACP tool-calls, 'Updating'). */
function mergeTool(before: ToolCall, update: ToolCallUpdate): ToolCall {
  const next: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(update)) {
    // Set like this, `__proto__` would not be a field but what the others are looked up in.
    if (name === 'sessionUpdate' || name === '__proto__') continue;
    if (value !== null && value !== undefined) next[name] = value;
  }
  return next as ToolCall;
}
