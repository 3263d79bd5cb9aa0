/** The log of a session: its newest turns, older ones as they are read, and those around one that was looked for. */
import { useRef } from 'preact/hooks';
import type { SessionStatus } from '../../shared/row.ts';
import type { SessionRef } from '../store/actions.ts';
import type { ShownView } from '../store/pane.ts';
import { useStore } from './store-context.ts';
import { TurnView } from './turn.tsx';
import { useReading } from './use-reading.ts';

interface Props {
  session: SessionRef;
  view: ShownView;
  status: SessionStatus;
}

/** Keyed by log: another session's transcript begins at its own place. */
export function Transcript({ session, view, status }: Props) {
  const { box, column, gap, loading, earlier, between, ...reading } = useReading(session, view);
  const { turns, live, seq } = view.state;
  return (
    <>
      <div class="transcript" ref={box}>
        <div
          class="column"
          ref={column}
          role="log"
          aria-live="off"
          aria-label="Transcript"
          tabIndex={0}
          data-keeps-focus
        >
          {earlier ? (
            <button
              type="button"
              class="button quiet earlier"
              aria-busy={loading}
              onClick={reading.showEarlier}
            >
              {loading ? 'Loading…' : 'Show earlier'}
            </button>
          ) : null}
          {view.apart.map((turn) => (
            <TurnView key={turn.turnId} session={session} turn={turn} status="idle" />
          ))}
          {between > 0 ? (
            <p key="gap" class="gap" ref={gap}>
              <button type="button" class="button quiet" onClick={reading.showBetween}>
                {between === 1 ? 'Show the turn between' : `Show the ${between} turns between`}
              </button>
            </p>
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
      <Below seq={seq} onFollow={reading.toEnd} />
    </>
  );
}

/** For a reader who is not at the end: the way there, and whether something came since they left it. */
function Below({ seq, onFollow }: { seq: number; onFollow(): void }) {
  const { atEnd } = useStore();
  const left = useRef(seq);
  if (atEnd.value) {
    left.current = seq;
    return null;
  }
  return (
    <div class="below">
      <button type="button" class="button small" onClick={onFollow}>
        {seq > left.current ? 'New messages below' : 'To the end'}
      </button>
    </div>
  );
}
