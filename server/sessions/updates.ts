/** What the runner must know of an ACP `SessionUpdate` beyond passing it on. */
import type { SessionUpdate } from '../../shared/events.ts';
import type { Turn } from '../../shared/state.ts';

/** How an ACP agent announces a new canonical id, in `session_info_update` (O9). */
export const CANONICAL_ID_META = 'tabcast/canonicalId';

const ID = /^[A-Za-z0-9_-]{1,64}$/;

export interface SessionInfo {
  title: string | null;
  canonicalId: string | null;
}

const NOTHING: SessionInfo = { title: null, canonicalId: null };

/** Title and canonical id that an update announces; null where it announces none, or one that is no valid id. */
export function readSessionInfo(update: SessionUpdate): SessionInfo {
  if (update.sessionUpdate !== 'session_info_update') return NOTHING;
  const id = update._meta?.[CANONICAL_ID_META];
  const title = update.title?.trim() ?? '';
  return {
    title: title === '' ? null : title,
    canonicalId: typeof id === 'string' && ID.test(id) ? id : null,
  };
}

/** Updates that make sense while no turn runs. The rest then belongs to a turn that has ended (O11). */
export function isBetweenTurns(update: SessionUpdate): boolean {
  switch (update.sessionUpdate) {
    case 'available_commands_update':
    case 'current_mode_update':
    case 'config_option_update':
    case 'session_info_update':
    case 'usage_update':
      return true;
    default:
      return false;
  }
}

/**
 * True for a late `tool_call_update` of the turn before (O11). Text carries no such mark: that an agent sends
 * all of a turn before its answer is ACP's rule.
 * @param before the last settled turn
 * @param tools ids of tool calls that the running turn announced; a first update announces one, too
 */
export function isStale(
  before: () => Turn | undefined,
  tools: Set<string>,
  update: SessionUpdate,
): boolean {
  if (update.sessionUpdate !== 'tool_call' && update.sessionUpdate !== 'tool_call_update') {
    return false;
  }
  const { toolCallId } = update;
  const late =
    update.sessionUpdate === 'tool_call_update' &&
    !tools.has(toolCallId) &&
    before()?.parts.some((part) => part.kind === 'tool' && part.call.toolCallId === toolCallId);
  if (late === true) return true;
  tools.add(toolCallId);
  return false;
}
