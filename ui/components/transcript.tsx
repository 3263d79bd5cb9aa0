/** The log of a session: its newest turns, older ones as they are read, and those around one that was looked for. */
import { useRef } from 'preact/hooks';
import type { SessionStatus } from '../../shared/row.ts';
import type { Turn } from '../../shared/state.ts';
import type { SessionRef } from '../store/actions.ts';
import { isMounted } from '../store/mounting.ts';
import type { ShownView } from '../store/pane.ts';
import { useStore } from './store-context.ts';
import { EmptyTranscript } from './transcript-blank.tsx';
import { TurnView } from './turn.tsx';
import { useMounting } from './use-mounting.ts';
import { useReading } from './use-reading.ts';

interface Props {
  session: SessionRef;
  view: ShownView;
  status: SessionStatus;
}

/** Keyed by log: another session's transcript begins at its own place. */
export function Transcript({ session, view, status }: Props) {
  const mounted = useMounting(view);
  const { box, column, gap, loading, earlier, between, ...reading } = useReading(
    session,
    view,
    mounted,
  );
  const { turns, live, seq } = view.state;
  const endOnly = mounted?.endOnly === true;
  const toEnd = mounted === null || mounted.last === Infinity;
  const shown = (loaded: readonly Turn[]) =>
    loaded
      .filter((turn) => isMounted(mounted, turn))
      .map((turn) => (
        <TurnView key={turn.turnId} session={session} turn={turn} status="idle" endOnly={endOnly} />
      ));
  return (
    <>
      <div class="transcript" ref={box}>
        <div
          class="column"
          ref={column}
          role="log"
          aria-live="off"
          aria-label="Transcript"
          // Not all of what is loaded is in it yet (P71).
          aria-busy={mounted !== null}
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
          {shown(view.apart)}
          {between > 0 ? (
            <p key="gap" class="gap" ref={gap}>
              <button type="button" class="button quiet" onClick={reading.showBetween}>
                {between === 1 ? 'Show the turn between' : `Show the ${between} turns between`}
              </button>
            </p>
          ) : null}
          {[
            // One list: a turn that ends stays in it, and so keeps its elements and what is selected in them.
            ...shown(turns),
            live === null || !toEnd ? null : (
              <TurnView
                key={live.turnId}
                session={session}
                turn={live}
                status={status}
                endOnly={endOnly}
              />
            ),
          ]}
          {toEnd ? null : <div key="rest" class="unmounted" />}
          {turns.length === 0 && live === null ? <EmptyTranscript /> : null}
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
      <button type="button" class="button small" data-news={seq > left.current} onClick={onFollow}>
        {seq > left.current ? 'New messages below' : 'To the end'}
        <svg class="arrow" viewBox="0 0 12 12" aria-hidden="true">
          <path d="M6 1.5v9M2.5 7 6 10.5 9.5 7" />
        </svg>
      </button>
    </div>
  );
}
