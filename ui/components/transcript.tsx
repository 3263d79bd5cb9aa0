/** The log of a session: sticks to its end while the reader is there, and keeps the place otherwise. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SessionStatus } from '../../shared/row.ts';
import { hasOlder, type SessionState } from '../../shared/state.ts';
import type { SessionRef } from '../store/actions.ts';
import { followEnd, type FollowEnd } from './follow-end.ts';
import { useStore } from './store-context.ts';
import { TurnView } from './turn.tsx';

interface Props {
  session: SessionRef;
  state: SessionState;
  status: SessionStatus;
}

/** Keyed by log: another session's transcript begins at its own end. */
export function Transcript({ session, state, status }: Props) {
  const { atEnd, showEarlier } = useStore();
  const box = useRef<HTMLDivElement>(null);
  const column = useRef<HTMLDivElement>(null);
  const follow = useRef<FollowEnd>(null);
  /** Older turns are on their way; they will come before the turn `first`. */
  const awaited = useRef<{ first: string; putBack(): void }>(null);
  const [loading, setLoading] = useState(false);
  const first = state.turns[0] ?? state.live;
  const firstId = first?.turnId ?? '';

  useLayoutEffect(() => {
    if (box.current === null || column.current === null) return;
    follow.current = followEnd(box.current, column.current, (is) => {
      atEnd.value = is;
    });
    return () => {
      follow.current?.close();
      atEnd.value = false;
    };
  }, []);
  useLayoutEffect(() => {
    if (awaited.current === null || awaited.current.first === firstId) return;
    awaited.current.putBack();
    awaited.current = null;
  }, [firstId]);

  const more = async () => {
    const article = column.current?.querySelector('article');
    if (article == null || follow.current === null || first === null) return;
    awaited.current = { first: firstId, putBack: follow.current.keepPlaceOf(article) };
    setLoading(true);
    await showEarlier(session, first.ordinal);
    setLoading(false);
  };

  const { turns, live } = state;
  return (
    <div class="transcript" ref={box}>
      <div class="column" ref={column} role="log" aria-label="Transcript" tabIndex={0}>
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
