/** When a session has a reason to be connected (H2, H9, O5, O12). */
import type { Row } from '../shared/row.ts';
import type { SessionState } from '../shared/state.ts';

export interface StreamNeed {
  row: Pick<Row, 'status' | 'lastSeq'> | undefined;
  /** The fold, or null when nothing is cached. */
  log: SessionState | null;
  /** A tab shows it. */
  watched: boolean;
  /** It has a stream now. */
  streaming: boolean;
  /** A request for its state is on the way. */
  loading: boolean;
  /** Where the log stood when the server said that nothing more is to come; null when it didn't. */
  upToDate: number | null;
}

/**
 * Row and log come over different connections, so either may be ahead; the one with the higher `seq` is right.
 */
export function needsStream(need: StreamNeed): boolean {
  const { row, log, watched, streaming } = need;
  if (row === undefined) return false;
  const busy = row.status !== 'idle';
  if (log === null) {
    // The answer on its way brings the cursor to begin at.
    if (need.loading) return false;
    return busy || (watched && streaming);
  }
  if (log.seq >= row.lastSeq) return runs(log) && need.upToDate !== log.seq;
  // An end in a reconnect gap: an open stream brings it; a pane must not miss it.
  return busy || watched || streaming;
}

/** True while a turn runs, or the next prompt is about to start. */
function runs({ live, queue }: SessionState): boolean {
  return live !== null || queue.some(({ held }) => !held);
}
