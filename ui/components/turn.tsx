/** A turn as two messages: what the person sent and what the agent does; and what it took when it is over. */
import { useRef } from 'preact/hooks';
import type { SessionStatus } from '../../shared/row.ts';
import type { Part, Turn } from '../../shared/state.ts';
import type { SessionRef } from '../store/actions.ts';
import { partsFrom } from '../store/mounting.ts';
import { useStill } from '../still.ts';
import { Elapsed } from './elapsed.tsx';
import { Glyph, type GlyphName } from './glyph.tsx';
import { later } from './later.tsx';
import { memo } from '../memo.ts';
import { PartView } from './parts.tsx';
import { PromptView } from './prompt-view.tsx';
import { ToolRun } from './tool-run.tsx';
import { TurnFoot } from './turn-foot.tsx';
import { busyWords } from './words.ts';

const TurnEndView = later(async () => (await import('./cards.ts')).TurnEndView);

interface Props {
  /** The same object while it names the same session. */
  session: SessionRef;
  turn: Turn;
  /** The session's, for its live turn; a settled one is idle. */
  status: SessionStatus;
  /** Of a long one only its end (P71). */
  endOnly: boolean;
}

const BUSY_GLYPHS: Record<Exclude<SessionStatus, 'idle'>, GlyphName> = {
  running: 'running',
  waiting: 'waiting',
  cancelling: 'stopping',
};

/** Rendered again only when the turn or what it is doing changed: settled turns cost nothing per token. */
export const TurnView = memo(function Messages({ session, turn, status, endOnly }: Props) {
  const { turnId, prompt, parts, end, startedAt } = turn;
  const live = end === null;
  const start = endOnly ? partsFrom(parts) : 0;
  const whole = useRef<HTMLDivElement>(null);
  useStill(whole, !live);
  return (
    <div class="turn" ref={whole}>
      <article class="message you" aria-label="You" data-turn-id={turnId}>
        <PromptView prompt={prompt} />
      </article>
      <article
        class="message agent"
        aria-label="Agent"
        aria-busy={status !== 'idle'}
        data-turn-id={turnId}
      >
        {runsOf(parts).map(({ from, to }) => {
          const part = parts[from];
          if (part === undefined || to <= start) return null;
          // Parts are only appended or replaced in place: where one stands is its name.
          return part.kind === 'tool' ? (
            <ToolRun
              key={from}
              session={session}
              turnId={turnId}
              parts={parts}
              from={from}
              to={to}
              live={live}
            />
          ) : (
            <PartView
              key={from}
              session={session}
              part={part}
              card={`${turnId} ${from}`}
              live={live && (part.kind !== 'thought' || from === parts.length - 1)}
              endOnly={endOnly}
            />
          );
        })}
        {status === 'idle' ? null : (
          <p class="working">
            <Glyph name={BUSY_GLYPHS[status]} />
            {busyWords[status]}
            {status === 'running' ? <Elapsed since={startedAt} /> : null}
          </p>
        )}
        {end === null || (end.reason === 'end_turn' && end.error === null) ? null : (
          <TurnEndView session={session} turn={turn} end={end} />
        )}
      </article>
      {end === null ? null : <TurnFoot turn={turn} end={end} />}
    </div>
  );
});

/** Tool calls in a row stand together; every other part stands by itself. */
function runsOf(parts: readonly Part[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (let from = 0; from < parts.length;) {
    let to = from + 1;
    if (parts[from]?.kind === 'tool') while (parts[to]?.kind === 'tool') to += 1;
    runs.push({ from, to });
    from = to;
  }
  return runs;
}
