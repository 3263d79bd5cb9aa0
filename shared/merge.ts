/** Adjacent text deltas of one message become one event for a reader that is behind (H4). */
import type { SessionEvent } from './events.ts';

type TextDelta = SessionEvent & { type: 'update' };

function textOf(event: SessionEvent): string | null {
  if (event.type !== 'update') return null;
  const { update } = event;
  if (
    update.sessionUpdate !== 'agent_message_chunk' &&
    update.sessionUpdate !== 'agent_thought_chunk'
  ) {
    return null;
  }
  return update.content.type === 'text' && update._meta == null && update.content._meta == null
    ? update.content.text
    : null;
}

function sameMessage(a: TextDelta, b: TextDelta): boolean {
  return (
    a.turnId === b.turnId &&
    a.update.sessionUpdate === b.update.sessionUpdate &&
    ('messageId' in a.update ? (a.update.messageId ?? null) : null) ===
      ('messageId' in b.update ? (b.update.messageId ?? null) : null)
  );
}

/**
 * Merges runs of adjacent text deltas; folding the result gives the same state as folding the input.
 * @param events gapless and in order
 * @returns fewer or as many events; a merged one has the last one's `seq` and `at`, and a `span`
 */
export function mergeDeltas(events: readonly SessionEvent[]): SessionEvent[] {
  const merged: SessionEvent[] = [];
  let run: { head: TextDelta; texts: string[]; last: SessionEvent; span: number } | null = null;
  const flush = () => {
    if (run === null) return;
    merged.push(run.span === 1 ? run.head : joined(run));
    run = null;
  };
  for (const event of events) {
    const text = textOf(event);
    if (text === null || event.type !== 'update') {
      flush();
      merged.push(event);
      continue;
    }
    const span = event.span ?? 1;
    if (run !== null && sameMessage(run.head, event)) {
      run.texts.push(text);
      run.last = event;
      run.span += span;
    } else {
      flush();
      run = { head: event, texts: [text], last: event, span };
    }
  }
  flush();
  return merged;
}

function joined(run: {
  head: TextDelta;
  texts: string[];
  last: SessionEvent;
  span: number;
}): SessionEvent {
  const { update } = run.head;
  const content = { type: 'text' as const, text: run.texts.join('') };
  return {
    ...run.head,
    seq: run.last.seq,
    at: run.last.at,
    span: run.span,
    update: { ...update, content } as TextDelta['update'],
  };
}
