/** Adjacent text deltas of one message become one: for the log while a window is open (L7), for a reader that is behind (H4). */
import type { SessionEvent, SessionUpdate } from './events.ts';

type TextChunk = SessionUpdate & { sessionUpdate: 'agent_message_chunk' | 'agent_thought_chunk' };

function textOf(update: SessionUpdate): string | null {
  if (!isChunk(update) || update.content.type !== 'text') return null;
  return update._meta == null && update.content._meta == null ? update.content.text : null;
}

function isChunk(update: SessionUpdate): update is TextChunk {
  return (
    update.sessionUpdate === 'agent_message_chunk' || update.sessionUpdate === 'agent_thought_chunk'
  );
}

/** Two deltas as one, or null when they are not adjacent text of the same message. */
export function joinUpdates(a: SessionUpdate, b: SessionUpdate): SessionUpdate | null {
  if (a.sessionUpdate !== b.sessionUpdate || !isChunk(a) || !isChunk(b)) return null;
  if ((a.messageId ?? null) !== (b.messageId ?? null)) return null;
  const [before, after] = [textOf(a), textOf(b)];
  if (before === null || after === null) return null;
  // One without text is no part of a message: merged, it would count as its beginning or its end.
  if (before === '' || after === '') return null;
  return { ...a, content: { type: 'text', text: before + after } };
}

/**
 * Merges runs of adjacent text deltas; folding the result gives the same state as folding the input.
 * @param events gapless and in order
 * @returns fewer or as many events; a merged one has the last one's `seq` and `at`, the first one's as `since`, and a `span`
 */
export function mergeDeltas(events: readonly SessionEvent[]): SessionEvent[] {
  const merged: SessionEvent[] = [];
  for (const event of events) {
    const last = merged.at(-1);
    const joined =
      last?.type === 'update' && event.type === 'update' && last.turnId === event.turnId
        ? joinUpdates(last.update, event.update)
        : null;
    if (last === undefined || joined === null || event.type !== 'update') {
      merged.push(event);
      continue;
    }
    const span = (last.span ?? 1) + (event.span ?? 1);
    merged[merged.length - 1] = { ...event, span, since: last.since ?? last.at, update: joined };
  }
  return merged;
}
