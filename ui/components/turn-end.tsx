/** How a turn ended, if there is something to tell: what happened, what was kept, what to do. */
import { useState } from 'preact/hooks';
import type { Turn, TurnEnd } from '../../shared/state.ts';
import type { SessionRef } from '../store/actions.ts';
import { Glyph } from './glyph.tsx';
import { useStore } from './store-context.ts';
import { endWords } from './words.ts';

interface Props {
  session: SessionRef;
  turn: Turn;
  end: TurnEnd;
}

export function TurnEndView({ session, turn, end }: Props) {
  const words = endWords(end);
  const { error, reason } = end;
  const again = reason === 'failed' || reason === 'interrupted';
  if (error === null && !again) {
    if (words === null) return null;
    return (
      <p class={reason === 'cancelled' ? 'turn-end' : 'card turn-end'} data-reason={reason}>
        <Glyph name="stopping" />
        {words}
      </p>
    );
  }
  return (
    <div class="card turn-error" data-reason={reason}>
      <p>
        <Glyph name="failed" />
        <strong>{error?.message ?? words}</strong>
      </p>
      {error === null || words === null ? null : <p class="hint">{words}</p>}
      {again ? <TryAgain session={session} turn={turn} /> : null}
      {error?.detail === undefined ? null : (
        <details class="fold" data-card={`${turn.turnId} end`}>
          <summary>Details</summary>
          <pre>{error.detail}</pre>
        </details>
      )}
    </div>
  );
}

/** Sends the same prompt as a new turn; the stylesheet offers it for the newest turn only. */
function TryAgain({ session, turn }: Omit<Props, 'end'>) {
  const { actions } = useStore();
  const [sent, setSent] = useState(false);
  const send = async () => {
    setSent(true);
    // It went: the new turn is on its way, and this one is the newest no more.
    if (!(await actions.repeat(session, turn))) setSent(false);
  };
  return (
    <div class="buttons again">
      <button type="button" class="button" disabled={sent} onClick={() => void send()}>
        Try again
      </button>
      <span class="hint">Sends the same message once more.</span>
    </div>
  );
}
