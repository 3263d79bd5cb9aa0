/** Drives the pane machine: which session is watched, what is kept of others, and one render per pace. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { PaneDelta, Watch } from '../../shared/hub-api.ts';
import type { Turn } from '../../shared/state.ts';
import type { Frames } from '../frames.ts';
import { createLru } from './lru.ts';
import { openPane, placeTurns, stepPane, watchOf, type Pane, type ShownView } from './pane.ts';

/** How many sessions a tab keeps the state of, besides the one it shows. */
const KEPT = 8;

export interface PanesDeps {
  frames: Frames;
  /** The log of a session, by canonical id or alias, if a row tells it. */
  logOf(sessionId: string): string | undefined;
  /** The watch changed: `watch()` gives the new one. */
  onWatch(): void;
}

export interface Panes {
  /** What is on the screen; null on pages that show no session. One change per pace at most (T5). */
  readonly pane: ReadonlySignal<Pane | null>;
  open(sessionId: string | null): void;
  /** A new watch of the present pane, at its cursor; deliveries for earlier ones are stale from now on. */
  watch(): Watch | null;
  apply(delta: PaneDelta): void;
  /**
   * Settled turns for the session of that log, if it is still the one in the pane.
   * @param keep what stays of the turns that are there then (P70)
   */
  place(logId: string, turns: readonly Turn[], keep: (view: ShownView) => ShownView): void;
  forget(logId: string): void;
  /** Twice is fine; leaves no frame. */
  close(): void;
}

/** No pane is open at first. */
export function createPanes(deps: PanesDeps): Panes {
  const shown = signal<Pane | null>(null);
  const kept = createLru<string, ShownView>(KEPT);
  /** Ahead of `shown` by at most a pace. */
  let pane: Pane | null = null;
  let watchCount = 0;
  let frame: number | null = null;

  const renderNow = () => {
    if (frame !== null) deps.frames.cancel(frame);
    frame = null;
    shown.value = pane;
  };
  const onFrame = () => {
    frame = null;
    if (shown.value === pane) return;
    shown.value = pane;
    frame = deps.frames.request(onFrame);
  };
  /** At once after a quiet time: to wait would cost time for nothing. */
  const render = () => {
    if (frame !== null) return;
    shown.value = pane;
    frame = deps.frames.request(onFrame);
  };
  const shownOf = (of: Pane | null) => (of?.view.kind === 'shown' ? of.view : null);
  const keep = () => {
    const view = shownOf(pane);
    if (view !== null) kept.set(view.state.logId, view);
  };

  return {
    pane: shown,
    open(sessionId) {
      if (sessionId === (pane?.sessionId ?? null)) return;
      if (sessionId === null) {
        keep();
        pane = null;
        renderNow();
        deps.onWatch();
        return;
      }
      const logId = deps.logOf(sessionId);
      if (pane !== null && logId !== undefined && shownOf(pane)?.state.logId === logId) {
        // The same log under another id (O9): the watch goes on.
        pane = { ...pane, sessionId };
        renderNow();
        return;
      }
      keep();
      watchCount += 1;
      const view = logId === undefined ? undefined : kept.get(logId);
      pane = openPane(watchCount, sessionId, view ?? null);
      renderNow();
      deps.onWatch();
    },
    watch() {
      if (pane === null) return null;
      watchCount += 1;
      pane = { ...pane, watchId: watchCount };
      return watchOf(pane);
    },
    apply(delta) {
      if (pane === null || delta.watchId !== pane.watchId) return;
      const step = stepPane(pane, delta);
      pane = step.pane;
      render();
      if (step.rewatch) deps.onWatch();
    },
    place(logId, turns, keep) {
      const view = shownOf(pane);
      if (pane === null || view === null || view.state.logId !== logId) return;
      const next = keep(placeTurns(view, turns));
      if (next === view) return;
      pane = { ...pane, view: next };
      render();
    },
    forget: (logId) => kept.delete(logId),
    close() {
      if (frame !== null) deps.frames.cancel(frame);
      frame = null;
    },
  };
}
