/** What one watch was sent, and what it lacks. */
import { parseCursor, type Cursor } from '../shared/cursor.ts';
import { unreachable, type ApiError } from '../shared/errors.ts';
import type { PaneDelta, Watch } from '../shared/hub-api.ts';
import type { SessionLog } from './session-log.ts';

/** What the hub has for a watch. */
export type PaneSource =
  | { kind: 'log'; log: SessionLog }
  | { kind: 'missing' }
  | { kind: 'failed'; error: ApiError }
  | { kind: 'loading' };

export interface Pane {
  readonly watch: Watch;
  /** Where the tab's fold stands once it has all that was sent; null before the first delivery. */
  readonly position: Cursor | null;
  /** What the tab lacks, taken as sent; null when nothing. */
  next(source: PaneSource): PaneDelta | null;
}

export function createPane(watch: Watch): Pane {
  const { watchId } = watch;
  let position: (Cursor & { generation: number }) | null = null;
  /** The last thing said that was not content. */
  let told: 'missing' | ApiError | null = null;

  const snapshot = (
    log: SessionLog,
    reason: Extract<PaneDelta, { kind: 'snapshot' }>['reason'],
  ): PaneDelta => {
    const { logId, state, generation } = log;
    position = { logId, seq: state.seq, generation };
    return { watchId, kind: 'snapshot', reason, state };
  };
  const events = (log: SessionLog, from: Cursor & { generation: number }): PaneDelta | null => {
    // Also without content: it says that the pane is whole, or is again.
    const confirm = position === null || told !== null;
    if (from.generation !== log.generation || from.seq > log.state.seq) {
      return snapshot(log, 'future');
    }
    const since = log.since(from.seq);
    if (since === null) return snapshot(log, 'behind');
    position = { ...from, seq: log.state.seq };
    if (since.length === 0 && !confirm) return null;
    return { watchId, kind: 'events', logId: log.logId, events: [...since] };
  };
  const content = (log: SessionLog): PaneDelta | null => {
    if (position !== null) {
      return position.logId === log.logId ? events(log, position) : snapshot(log, 'other-log');
    }
    if (watch.cursor === null) return snapshot(log, 'start');
    const held = parseCursor(watch.cursor);
    if (held === null) return snapshot(log, 'malformed');
    if (held.logId !== log.logId) return snapshot(log, 'other-log');
    return events(log, { ...held, generation: log.generation });
  };

  return {
    watch,
    get position() {
      return position;
    },
    next(source) {
      switch (source.kind) {
        case 'loading':
          return null;
        case 'log': {
          const delta = content(source.log);
          told = null;
          return delta;
        }
        case 'missing':
          if (told === 'missing') return null;
          told = 'missing';
          return { watchId, kind: 'missing' };
        case 'failed': {
          const { error } = source;
          if (told !== null && told !== 'missing' && told.message === error.message) return null;
          told = error;
          return { watchId, kind: 'failed', error };
        }
        default:
          return unreachable(source);
      }
    },
  };
}
