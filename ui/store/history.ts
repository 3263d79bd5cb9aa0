/**
 * Going back to what was sent before, in the message's box (P45). What is looked at is shown and not written: the
 * half-typed message stays what it is until somebody changes an earlier one, and even then it comes back.
 */
import { signal } from '@preact/signals';
import type { ContentBlock } from '../../shared/events.ts';
import type { QueuedPrompt, SessionState, Turn } from '../../shared/state.ts';

export interface Browse {
  /** The newest first. */
  entries: readonly string[];
  at: number;
}

/** @returns null when there is nothing older */
export function older(browse: Browse | null, entries: readonly string[]): Browse | null {
  if (browse === null) return entries.length === 0 ? null : { entries, at: 0 };
  return browse.at + 1 < browse.entries.length ? { ...browse, at: browse.at + 1 } : null;
}

/** @returns null: what comes after the newest is the half-typed message */
export function newer({ entries, at }: Browse): Browse | null {
  return at === 0 ? null : { entries, at: at - 1 };
}

/** What a person sent in a session, as far as it is loaded, the newest first; the same twice in a row counts once. */
export function sentTexts(
  { queue, live, turns }: Pick<SessionState, 'queue' | 'live' | 'turns'>,
  apart: readonly Turn[],
): string[] {
  const sent: Pick<QueuedPrompt, 'prompt'>[] = [
    ...apart,
    ...turns,
    ...(live === null ? [] : [live]),
    ...queue,
  ];
  const texts = sent
    .toReversed()
    .map(({ prompt }) => textOf(prompt))
    .filter((text) => text.trim() !== '');
  return texts.filter((text, index) => text !== texts[index - 1]);
}

function textOf(prompt: readonly ContentBlock[]): string {
  return prompt.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n\n');
}

export interface History {
  /** What is looked at in a session's box; null: the half-typed message is there. Reads a signal. */
  of(logId: string): Browse | null;
  /** One further back. @param sent see `sentTexts`. @returns whether there was one */
  older(logId: string, sent: readonly string[]): boolean;
  /** One further on, in the end the half-typed message. */
  newer(logId: string): void;
  leave(logId: string): void;
  /** What is looked at becomes the half-typed message: the one of before is laid aside, and is the newest from now on. */
  adopt(logId: string, draft: string): void;
  /** What was laid aside, to come back now that the other was sent; empty when there is none. */
  takeAside(logId: string): string;
}

export function createHistory(): History {
  const browsing = signal<ReadonlyMap<string, Browse>>(new Map());
  const aside = new Map<string, string>();
  const set = (logId: string, browse: Browse | null) => {
    const next = new Map(browsing.peek());
    if (browse === null) next.delete(logId);
    else next.set(logId, browse);
    browsing.value = next;
  };
  return {
    of: (logId) => browsing.value.get(logId) ?? null,
    older(logId, sent) {
      const laid = aside.get(logId);
      const entries = laid === undefined ? sent : [laid, ...sent];
      const next = older(browsing.peek().get(logId) ?? null, entries);
      if (next !== null) set(logId, next);
      return next !== null;
    },
    newer(logId) {
      const browse = browsing.peek().get(logId);
      if (browse !== undefined) set(logId, newer(browse));
    },
    leave(logId) {
      if (browsing.peek().has(logId)) set(logId, null);
    },
    adopt(logId, draft) {
      if (draft.trim() !== '') aside.set(logId, draft);
      set(logId, null);
    },
    takeAside(logId) {
      const text = aside.get(logId) ?? '';
      aside.delete(logId);
      return text;
    },
  };
}
