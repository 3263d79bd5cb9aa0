/**
 * The pane: a projection of one session, and a pure machine. What it may take is decided by its `watchId`
 * and its `logId`, so that nothing of one session ever lands in the pane of another (O2, O4).
 */
import { formatCursor } from '../../shared/cursor.ts';
import { unreachable, type ApiError } from '../../shared/errors.ts';
import type { PaneDelta, Watch } from '../../shared/hub-api.ts';
import { applyEvent } from '../../shared/reducer.ts';
import type { SessionEvent } from '../../shared/events.ts';
import { projectRow, type Row, type SessionStatus } from '../../shared/row.ts';
import type { SessionState, Turn } from '../../shared/state.ts';

export type PaneView =
  | { kind: 'loading' }
  | ShownView
  /** `deleted`: the log of the session that was shown here till then; null when there never was one. */
  | { kind: 'missing'; deleted: string | null }
  | { kind: 'failed'; error: ApiError };

export interface ShownView {
  kind: 'shown';
  state: SessionState;
  /** Settled turns from further back, around one that was looked for: between them and `state.turns` some are not loaded. */
  apart: readonly Turn[];
}

export interface Pane {
  watchId: number;
  /** As in the address: canonical id or alias. */
  sessionId: string;
  view: PaneView;
  /** Events are missing (H10): the next watch asks for a snapshot; what is shown stays till then. */
  gap: boolean;
  /** Why what is shown may be old: the hub could not load more, and tries again. */
  stale: ApiError | null;
}

/** `rewatch`: the hub must be told to watch anew, as `watchOf` says. */
export interface PaneStep {
  pane: Pane;
  rewatch: boolean;
}

/** @param kept what this tab still holds of that session, shown at once (O5) */
export function openPane(watchId: number, sessionId: string, kept: ShownView | null): Pane {
  return {
    watchId,
    sessionId,
    view: kept ?? { kind: 'loading' },
    gap: false,
    stale: null,
  };
}

/** What the hub must know of a pane; the cursor is where its fold stands. */
export function watchOf(pane: Pane): Watch {
  const { watchId, sessionId, view, gap } = pane;
  const cursor =
    view.kind === 'shown' && !gap
      ? formatCursor({ logId: view.state.logId, seq: view.state.seq })
      : null;
  return { watchId, sessionId, cursor };
}

/** The next pane; a delta for another watch changes nothing. */
export function stepPane(pane: Pane, delta: PaneDelta): PaneStep {
  if (delta.watchId !== pane.watchId) return { pane, rewatch: false };
  switch (delta.kind) {
    case 'events':
      return foldInto(pane, delta.logId, delta.events);
    case 'snapshot': {
      const view = keepOlder(pane.view, delta);
      return { pane: { ...pane, view, gap: false, stale: null }, rewatch: false };
    }
    case 'missing': {
      const view: PaneView = { kind: 'missing', deleted: shownLog(pane.view) };
      return { pane: { ...pane, view, stale: null }, rewatch: false };
    }
    case 'failed': {
      const { error } = delta;
      const next: Pane =
        pane.view.kind === 'shown'
          ? { ...pane, stale: error }
          : { ...pane, view: { kind: 'failed', error } };
      return { pane: next, rewatch: false };
    }
    default:
      return unreachable(delta);
  }
}

function shownLog(view: PaneView): string | null {
  if (view.kind === 'missing') return view.deleted;
  return view.kind === 'shown' ? view.state.logId : null;
}

function foldInto(pane: Pane, logId: string, events: readonly SessionEvent[]): PaneStep {
  if (pane.view.kind !== 'shown' || pane.view.state.logId !== logId) {
    return { pane: { ...pane, gap: true }, rewatch: true };
  }
  let { state } = pane.view;
  let gap = false;
  for (const event of events) {
    const applied = applyEvent(state, event);
    if (applied.kind === 'gap') {
      gap = true;
      break;
    }
    if (applied.kind === 'applied') state = applied.state;
  }
  return { pane: { ...pane, view: { ...pane.view, state }, gap, stale: null }, rewatch: gap };
}

/**
 * A snapshot carries the last page of turns; older ones that the pane has paged in stay: settled turns don't change.
 * Not when it says that the log has another past than the pane's.
 */
function keepOlder(
  before: PaneView,
  { reason, state }: Extract<PaneDelta, { kind: 'snapshot' }>,
): ShownView {
  const fresh: ShownView = { kind: 'shown', state, apart: [] };
  if (before.kind !== 'shown' || before.state.logId !== state.logId) return fresh;
  if (reason === 'future' || reason === 'other-log') return fresh;
  return placeTurns({ ...fresh, apart: before.apart }, before.state.turns);
}

/** Settled turns, a gapless page of them, put where they belong; those that adjoin nothing stand apart, in place of others. */
export function placeTurns(view: ShownView, page: readonly Turn[]): ShownView {
  const { state, apart } = view;
  const older = page.filter((turn) => turn.ordinal < firstOrdinal(state));
  if (older.length === 0) return view;
  if (adjoins(older, firstOrdinal(state))) {
    const next = { ...state, turns: [...older, ...state.turns] };
    const rest = apart.filter((turn) => turn.ordinal < firstOrdinal(next));
    return adjoins(rest, firstOrdinal(next))
      ? { ...view, state: { ...next, turns: [...rest, ...next.turns] }, apart: [] }
      : { ...view, state: next, apart: rest };
  }
  const before = apart.filter((turn) => turn.ordinal < (older[0]?.ordinal ?? 0));
  const after = apart.filter((turn) => turn.ordinal > (older.at(-1)?.ordinal ?? 0));
  return {
    ...view,
    apart: [
      ...(adjoins(before, older[0]?.ordinal ?? 0) ? before : []),
      ...older,
      ...(adjoins(older, after[0]?.ordinal ?? -1) ? after : []),
    ],
  };
}

/** The ordinal that the window of a state begins with. */
function firstOrdinal(state: SessionState): number {
  return (state.turns[0] ?? state.live)?.ordinal ?? state.started;
}

function adjoins(turns: readonly Turn[], next: number): boolean {
  return turns.at(-1)?.ordinal === next - 1;
}

/**
 * How a pane's session stands, by whichever of row and state is further on: after the row says idle
 * for all that the pane has, nothing in it looks busy (O12).
 */
export function paneStatus(state: SessionState, row: Row | undefined): SessionStatus {
  return row !== undefined && row.lastSeq >= state.seq ? row.status : projectRow(state).status;
}
