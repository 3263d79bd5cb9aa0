/** What an agent thought: folded, with how long it took. */
import type { Part } from '../../shared/state.ts';
import { Markdown } from '../markdown/markdown.tsx';
import type { SessionRef } from '../store/actions.ts';
import { Glyph } from './glyph.tsx';
import { shortTime } from './short-time.ts';
import { useCard } from './use-card.ts';

interface Props {
  session: SessionRef;
  part: Extract<Part, { kind: 'thought' }>;
  /** It goes on. */
  live: boolean;
  card: string;
}

export function ThoughtView({ session, part, live, card }: Props) {
  const { text, startedAt, endedAt } = part;
  const { props, needed } = useCard(session.logId, card, !live);
  const took = startedAt === undefined || endedAt === undefined ? 0 : endedAt - startedAt;
  return (
    <details class="thought" data-live={live} {...props}>
      <summary>
        {live ? <Glyph name="running" /> : null}
        {/* A thought that came in one piece tells nothing of its time. */}
        {live ? 'Thinking…' : took < 50 ? 'Thoughts' : `Thought for ${shortTime(took)}`}
      </summary>
      {needed ? <Markdown text={text} /> : null}
    </details>
  );
}
