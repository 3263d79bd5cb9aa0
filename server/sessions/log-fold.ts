/**
 * The fold of a log on the side that writes it. Nobody here reads the live turn's parts after every update, so
 * updates are counted when they come and folded when somebody looks, many at once: an update costs the same
 * whatever the turn has become.
 */
import type { SessionEvent } from '../../shared/events.ts';
import { applyEvent } from '../../shared/reducer.ts';
import { reduceUpdates, type TurnUpdate } from '../../shared/reduce-update.ts';
import { projectRow, type RowProjection } from '../../shared/row.ts';
import type { SessionState, Turn } from '../../shared/state.ts';

/** So many updates wait at the most: what a look costs, and the memory they take. */
const MAX_PENDING = 256;

/** Immutable, but for what it remembers. */
export interface LogFold {
  /** The last event that is counted. */
  readonly seq: number;
  /** No update begins or ends a turn. */
  readonly live: Omit<Turn, 'parts'> | null;
  /** Of an update's effects a row shows nothing but its `seq`. */
  readonly row: RowProjection;
  /** Folds what is pending. */
  full(): SessionState;
  /** With one more event. @throws Error when it does not follow */
  after(event: SessionEvent): LogFold;
}

export function createLogFold(state: SessionState): LogFold {
  return withPending(state, projectRow(state), []);
}

/** @param row of `base` */
function withPending(
  base: SessionState,
  row: RowProjection,
  pending: readonly TurnUpdate[],
): LogFold {
  const seq = base.seq + pending.length;
  let folded: SessionState | null = pending.length === 0 ? base : null;
  const full = (): SessionState => (folded ??= { ...reduceUpdates(base, pending), seq });
  return {
    seq,
    live: base.live,
    row: row.lastSeq === seq ? row : { ...row, lastSeq: seq },
    full,
    after(event) {
      if (event.type === 'update' && event.span === undefined && event.seq === seq + 1) {
        return pending.length < MAX_PENDING
          ? withPending(folded ?? base, row, folded === null ? [...pending, event] : [event])
          : withPending(full(), row, [event]);
      }
      const applied = applyEvent(full(), event);
      if (applied.kind !== 'applied') throw new Error(`event ${event.seq} does not follow`);
      return createLogFold(applied.state);
    },
  };
}
