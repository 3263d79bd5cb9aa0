/** How an ACP `SessionUpdate` changes a session's state. https://agentclientprotocol.com/protocol/v1/prompt-turn */
import type { ToolCall, ToolCallUpdate } from '@agentclientprotocol/sdk';
import type { ContentBlock, SessionUpdate } from './events.ts';
import type { Part, SessionState, Turn } from './state.ts';

/** Folds one update in. Content of a turn that is not the live one is skipped: it has no place in another turn (O11). */
export function reduceUpdate(
  state: SessionState,
  turnId: string | null,
  update: SessionUpdate,
): SessionState {
  switch (update.sessionUpdate) {
    case 'available_commands_update':
      return { ...state, commands: update.availableCommands };
    case 'usage_update':
      return { ...state, usage: update };
    case 'agent_message_chunk':
    case 'agent_thought_chunk':
    case 'tool_call':
    case 'tool_call_update':
    case 'plan':
    case 'notice': {
      const { live } = state;
      if (live === null || live.turnId !== turnId) return state;
      return { ...state, live: { ...live, parts: reduceParts(live, update) } };
    }
    case 'user_message_chunk': // the prompt is in `turn.queued` already
    case 'session_info_update': // the title is the row's
    case 'current_mode_update':
    case 'config_option_update':
    case 'compaction_update':
    case 'compaction_summary_chunk':
      return state;
    default:
      return unknownUpdate(state, update);
  }
}

/** Agents newer than this build may send kinds that are not known here: kept in the log, not shown. */
function unknownUpdate(state: SessionState, _update: never): SessionState {
  return state;
}

type TurnUpdate = Extract<
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

function reduceParts(live: Turn, update: TurnUpdate): Part[] {
  const { parts } = live;
  switch (update.sessionUpdate) {
    case 'agent_message_chunk':
      return appendChunk(parts, 'text', update.content, update.messageId ?? null);
    case 'agent_thought_chunk':
      return appendChunk(parts, 'thought', update.content, update.messageId ?? null);
    case 'tool_call':
    case 'tool_call_update':
      return upsertTool(parts, update);
    case 'plan': {
      const plan: Part = { kind: 'plan', entries: update.entries };
      const at = parts.findIndex((part) => part.kind === 'plan');
      return at === -1 ? [...parts, plan] : parts.with(at, plan);
    }
    case 'notice': {
      const { sessionUpdate: _tag, ...notice } = update;
      return [...parts, { kind: 'notice', notice }];
    }
  }
}

function appendChunk(
  parts: Part[],
  kind: 'text' | 'thought',
  content: ContentBlock,
  messageId: string | null,
): Part[] {
  if (content.type !== 'text') return [...parts, { kind: 'content', block: content }];
  // Some agents send an empty chunk to carry `_meta`: it is not the start of a message.
  if (content.text === '') return parts;
  const last = parts.at(-1);
  if (last?.kind === kind && last.messageId === messageId) {
    return parts.with(-1, { kind, messageId, text: last.text + content.text });
  }
  return [...parts, { kind, messageId, text: content.text }];
}

/** `tool_call` and `tool_call_update` are both upserts by id: some agents send updates with no `tool_call` before. */
export function upsertTool(parts: Part[], update: ToolCallUpdate): Part[] {
  const at = parts.findLastIndex(
    (part) => part.kind === 'tool' && part.call.toolCallId === update.toolCallId,
  );
  const found = parts[at];
  const before: ToolCall =
    found?.kind === 'tool'
      ? found.call
      : { toolCallId: update.toolCallId, title: update.title ?? update.name ?? 'Tool' };
  const part: Part = { kind: 'tool', call: mergeTool(before, update) };
  return at === -1 ? [...parts, part] : parts.with(at, part);
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
