/** How much of an agent's output a turn holds once it is folded: what a pane, a snapshot and the memory carry (L12). */
import type { SessionUpdate } from '../../shared/events.ts';
import { jsonBytes } from '../bound-json.ts';

/** What a part costs beside its content: each is an object in every reader, and in a list that is copied when it grows. */
export const PART_BYTES = 1024;

export interface TurnMeter {
  /** True when it fits, and then it counts; after a first `false` nothing that grows the turn fits any more. */
  admit(update: SessionUpdate, bytes: number): boolean;
  /** A request of that size. */
  admitPart(bytes: number): boolean;
  /** Whether the turn has this tool call. */
  hasTool(toolCallId: string): boolean;
}

/** As the reducer folds: text joins the text before it, a tool call and the plan replace what they were. */
export function createTurnMeter(maxBytes: number): TurnMeter {
  const tools = new Map<string, Map<string, number>>();
  let plan = 0;
  let lastText: string | null = null;
  let total = 0;
  let full = false;

  const grow = (by: number): boolean => {
    if (!full && total + by <= maxBytes) {
      total += by;
      return true;
    }
    full = true;
    return false;
  };
  const part = (bytes: number): boolean => {
    lastText = null;
    return grow(bytes + PART_BYTES);
  };

  return {
    admit(update, bytes) {
      switch (update.sessionUpdate) {
        case 'agent_message_chunk':
        case 'agent_thought_chunk': {
          if (update.content.type !== 'text') return part(bytes);
          const text = `${update.sessionUpdate} ${update.messageId ?? ''}`;
          if (text === lastText) return grow(bytes);
          const fits = part(bytes);
          lastText = text;
          return fits;
        }
        case 'tool_call':
        case 'tool_call_update': {
          const known = tools.get(update.toolCallId);
          const fields = known ?? new Map<string, number>();
          const sizes = Object.entries(update)
            .filter(([, value]) => value !== null && value !== undefined)
            .map(([name, value]) => [name, jsonBytes(value)] as const);
          let growth = known === undefined ? PART_BYTES : 0;
          for (const [name, size] of sizes) growth += size - (fields.get(name) ?? 0);
          if (!grow(growth)) return false;
          if (known === undefined) lastText = null;
          tools.set(update.toolCallId, fields);
          for (const [name, size] of sizes) fields.set(name, size);
          return true;
        }
        case 'plan': {
          if (plan === 0) lastText = null;
          const growth = bytes - plan;
          if (!grow(growth)) return false;
          plan = bytes;
          return true;
        }
        case 'notice':
          return part(bytes);
        default:
          // Replaces what the session had, or leaves the state as it is.
          return true;
      }
    },
    admitPart: part,
    hasTool: (toolCallId) => tools.has(toolCallId),
  };
}
