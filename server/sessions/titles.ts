/** Where a session's title comes from, and how long it may be. */
import { LIMITS } from '../../shared/commands.ts';
import type { ContentBlock } from '../../shared/events.ts';
import type { TitleSource } from '../store/store.ts';

/** What a prompt's first words may take of a title. */
const PROMPT_CHARS = 80;

const RANK: Record<TitleSource, number> = { none: 0, prompt: 1, agent: 2, user: 3 };

/** May a title from `source` replace one from `current`? The first prompt's words stay until somebody names the session. */
export function replacesTitle(source: TitleSource, current: TitleSource): boolean {
  return source === 'prompt' ? current === 'none' : RANK[source] >= RANK[current];
}

/** One line of at most `chars` characters. */
export function shorten(text: string, chars: number = LIMITS.title): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= chars ? line : `${line.slice(0, chars - 1)}…`;
}

/** The first words of a prompt; '' when it has no text. */
export function titleOf(prompt: readonly ContentBlock[]): string {
  const text = prompt.find((block) => block.type === 'text');
  return shorten(text?.text ?? '', PROMPT_CHARS);
}
