/** A turn as two messages: what the person sent and what the agent does. */
import { useMemo } from 'preact/hooks';
import type { SessionStatus } from '../../shared/row.ts';
import type { Turn } from '../../shared/state.ts';
import type { SessionRef } from '../store/actions.ts';
import { PromptView } from './prompt-view.tsx';
import { PartView, TurnEndView } from './parts.tsx';
import { busyWords } from './words.ts';

interface Props {
  /** The same object while it names the same session. */
  session: SessionRef;
  turn: Turn;
  /** The session's, for its live turn; a settled one is idle. */
  status: SessionStatus;
}

/** Rendered again only when the turn or what it is doing changed: settled turns cost nothing per token. */
export function TurnView({ session, turn, status }: Props) {
  return useMemo(
    () => <Messages session={session} turn={turn} status={status} />,
    [session, turn, status],
  );
}

function Messages({ session, turn, status }: Props) {
  const { turnId, prompt, parts, end } = turn;
  const asked = useMemo(
    () => (
      <article class="message you" aria-label="You" data-turn-id={turnId}>
        <PromptView prompt={prompt} />
      </article>
    ),
    [turnId, prompt],
  );
  return (
    <>
      {asked}
      <article
        class="message agent"
        aria-label="Agent"
        aria-busy={status !== 'idle'}
        data-turn-id={turnId}
      >
        {parts.map((part, at) => (
          // Parts are only appended or replaced in place.
          <PartView key={at} session={session} part={part} live={end === null} />
        ))}
        {status === 'idle' ? null : (
          <p class="working">
            <span class={status === 'waiting' ? 'dot' : 'spinner'} aria-hidden="true" />
            {busyWords[status]}
          </p>
        )}
        {end === null ? null : <TurnEndView end={end} />}
      </article>
    </>
  );
}
