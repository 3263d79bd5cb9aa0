/** The log of a session: sticks to its end while the reader is there, and keeps the place otherwise. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SessionStatus } from '../../shared/row.ts';
import { hasOlder, type SessionState } from '../../shared/state.ts';
import type { SessionRef } from '../store/actions.ts';
import { useStore } from './store-context.ts';
import { TurnView } from './turn.tsx';

/** This near to the end, in pixels, counts as at the end. */
const NEAR = 48;

interface Props {
  session: SessionRef;
  state: SessionState;
  status: SessionStatus;
}

/** Keyed by log: another session's transcript begins at its own end. */
export function Transcript({ session, state, status }: Props) {
  const { atEnd, showEarlier } = useStore();
  const box = useRef<HTMLDivElement>(null);
  const stick = useRef(true);
  /** Where the end was before older turns came in at the top. */
  const anchor = useRef<{ first: string; fromEnd: number } | null>(null);
  const [loading, setLoading] = useState(false);
  const first = state.turns[0] ?? state.live;
  const firstId = first?.turnId ?? '';

  const noteScroll = () => {
    const element = box.current;
    if (element === null) return;
    stick.current = element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR;
    atEnd.value = stick.current;
  };
  const toEnd = () => {
    const element = box.current;
    if (element !== null && stick.current) element.scrollTop = element.scrollHeight;
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const kept = anchor.current;
    if (kept !== null && kept.first !== firstId) {
      element.scrollTop = element.scrollHeight - kept.fromEnd;
      anchor.current = null;
    } else {
      toEnd();
    }
    noteScroll();
  }, [state, status]);
  useLayoutEffect(() => {
    window.addEventListener('resize', toEnd);
    return () => {
      window.removeEventListener('resize', toEnd);
      atEnd.value = false;
    };
  }, []);

  const more = async () => {
    const element = box.current;
    if (element === null || first === null) return;
    anchor.current = { first: firstId, fromEnd: element.scrollHeight - element.scrollTop };
    setLoading(true);
    await showEarlier(session, first.ordinal);
    setLoading(false);
  };

  const { turns, live } = state;
  return (
    <div class="transcript" ref={box} onScroll={noteScroll} onLoadCapture={toEnd}>
      <div class="column" role="log" aria-label="Transcript" tabIndex={0}>
        {hasOlder(state) && first !== null ? (
          <button
            type="button"
            class="button quiet earlier"
            disabled={loading}
            onClick={() => void more()}
          >
            {loading ? 'Loading…' : 'Show earlier'}
          </button>
        ) : null}
        {turns.map((turn) => (
          <TurnView key={turn.turnId} session={session} turn={turn} status="idle" />
        ))}
        {live === null ? null : (
          <TurnView key={live.turnId} session={session} turn={live} status={status} />
        )}
        {turns.length === 0 && live === null ? (
          <p class="empty">Nothing yet. The first message starts a turn; any tab can watch it.</p>
        ) : null}
      </div>
    </div>
  );
}
