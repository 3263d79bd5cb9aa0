import { describe, expect, test } from 'vitest';
import type { PaneDelta } from '../../shared/hub-api.ts';
import { emptyState, PAGE_TURNS, type SessionState } from '../../shared/state.ts';
import { foldEvents } from '../../shared/reducer.ts';
import { eventsOf, makeRow, rowOf, running, said, settled, stateOf } from '../testing/fixtures.ts';
import {
  openPane as open,
  paneStatus,
  placeTurns,
  stepPane,
  watchOf,
  type Pane,
  type ShownView,
} from './pane.ts';

const log = [...settled('t1', 'one', 'first'), ...running('t2', 'two', 'second')];
const full = stateOf('log-a', log);
const early = stateOf('log-a', log.slice(0, 5));
const snapshot = (
  watchId: number,
  state: SessionState,
  reason: Extract<PaneDelta, { kind: 'snapshot' }>['reason'] = 'start',
): PaneDelta => ({ watchId, kind: 'snapshot', reason, state });
const events = (watchId: number, from: number, to = log.length, logId = 'log-a'): PaneDelta => ({
  watchId,
  kind: 'events',
  logId,
  events: eventsOf(log).slice(from, to),
});
/** As a tab that still holds that state of the session. */
const openPane = (watchId: number, sessionId: string, state: SessionState | null) =>
  open(watchId, sessionId, state === null ? null : { kind: 'shown', state, apart: [] });
const shownState = (pane: Pane) => (pane.view.kind === 'shown' ? pane.view.state : null);

describe('what a pane takes', () => {
  test('a snapshot, then the events after it', () => {
    const opened = openPane(1, 'a', null);
    expect(opened.view.kind).toBe('loading');
    expect(watchOf(opened)).toEqual({ watchId: 1, sessionId: 'a', cursor: null });
    const first = stepPane(opened, snapshot(1, early)).pane;
    expect(watchOf(first).cursor).toBe('log-a:5');
    const second = stepPane(first, events(1, 5));
    expect(second.rewatch).toBe(false);
    expect(shownState(second.pane)).toEqual(full);
  });

  test('[O4] a delta for an earlier watch changes nothing, whatever it is', () => {
    const pane = openPane(2, 'a', early);
    const error = { code: 'internal' as const, message: 'x' };
    const stale: PaneDelta[] = [
      snapshot(1, stateOf('log-b', running('x', 'b', 'b'))),
      events(1, 5),
      { watchId: 1, kind: 'missing' },
      { watchId: 1, kind: 'failed', error },
    ];
    for (const delta of stale) expect(stepPane(pane, delta)).toEqual({ pane, rewatch: false });
  });

  test('[O4] events of another log are not folded in: a snapshot is asked for', () => {
    const pane = openPane(1, 'a', early);
    const step = stepPane(pane, events(1, 5, 6, 'log-b'));
    expect(step.rewatch).toBe(true);
    expect(shownState(step.pane)).toBe(early);
    expect(watchOf(step.pane).cursor).toBeNull();
  });

  test('[H10] events at or below the cursor are dropped', () => {
    const pane = openPane(1, 'a', full);
    const step = stepPane(pane, events(1, 0));
    expect(shownState(step.pane)).toBe(full);
    expect(step.rewatch).toBe(false);
  });

  test('[H10] text does not double when a batch overlaps what is there', () => {
    const pane = openPane(1, 'a', early);
    expect(shownState(stepPane(pane, events(1, 2)).pane)).toEqual(full);
  });

  test('[H10] a gap asks for a snapshot and keeps what is shown till it comes', () => {
    const step = stepPane(openPane(1, 'a', early), events(1, 6));
    expect(step.rewatch).toBe(true);
    expect(shownState(step.pane)).toEqual(early);
    expect(watchOf(step.pane).cursor).toBeNull();
    const mended = stepPane(step.pane, snapshot(1, full, 'behind')).pane;
    expect(shownState(mended)).toEqual(full);
    expect(watchOf(mended).cursor).toBe('log-a:7');
  });

  test('[O6] missing is shown, also in place of a session that was there', () => {
    const step = stepPane(openPane(1, 'a', full), { watchId: 1, kind: 'missing' });
    expect(step.pane.view).toEqual({ kind: 'missing', deleted: full.logId });
    const again = stepPane(step.pane, { watchId: 1, kind: 'missing' });
    expect(again.pane.view).toEqual(step.pane.view);
  });

  test('a session that could not be loaded says why; one that is shown stays', () => {
    const error = { code: 'network' as const, message: 'no route' };
    const failed = stepPane(openPane(1, 'a', null), { watchId: 1, kind: 'failed', error }).pane;
    expect(failed.view).toEqual({ kind: 'failed', error });
    expect(stepPane(failed, snapshot(1, full)).pane.view.kind).toBe('shown');
    const stale = stepPane(openPane(1, 'a', early), { watchId: 1, kind: 'failed', error }).pane;
    expect(shownState(stale)).toBe(early);
    expect(stale.stale).toBe(error);
    expect(stepPane(stale, events(1, 5)).pane.stale).toBeNull();
  });

  test('missing, and back: events without a state ask for a snapshot', () => {
    const missing = stepPane(openPane(1, 'a', null), { watchId: 1, kind: 'missing' }).pane;
    expect(stepPane(missing, events(1, 0)).rewatch).toBe(true);
  });
});

describe('older turns', () => {
  const many = Array.from({ length: 30 }, (_, at) => settled(`t${at}`, 'p', 'a')).flat();
  const whole = foldEvents(emptyState('log-a'), eventsOf(many));
  const page = { ...whole, turns: whole.turns.slice(-PAGE_TURNS) };

  const shown = (from: number, apart: [number, number] | null = null): ShownView => ({
    kind: 'shown',
    state: { ...whole, turns: whole.turns.slice(from) },
    apart: apart === null ? [] : whole.turns.slice(...apart),
  });
  const ordinals = ({ apart, state }: ShownView) =>
    [apart, state.turns].map((turns) =>
      turns.length === 0 ? '' : `${turns[0]?.ordinal}-${turns.at(-1)?.ordinal}`,
    );

  test.each([
    ['adjoins the window', shown(20), [10, 20], ['', '10-29']],
    ['overlaps the window', shown(20), [15, 25], ['', '15-29']],
    ['is in the window', shown(20), [22, 25], ['', '20-29']],
    ['is empty', shown(20), [5, 5], ['', '20-29']],
    ['adjoins nothing', shown(20), [5, 8], ['5-7', '20-29']],
    ['replaces what is apart', shown(20, [1, 3]), [10, 12], ['10-11', '20-29']],
    ['goes on from what is apart', shown(20, [5, 8]), [8, 12], ['5-11', '20-29']],
    ['overlaps what is apart, before it', shown(20, [5, 8]), [2, 6], ['2-7', '20-29']],
    ['comes before what is apart', shown(20, [5, 8]), [2, 5], ['2-7', '20-29']],
    ['is within what is apart', shown(20, [5, 12]), [7, 9], ['5-11', '20-29']],
    ['closes the gap', shown(20, [5, 8]), [8, 20], ['', '5-29']],
    ['closes the gap from the window’s side', shown(20, [5, 18]), [15, 20], ['', '5-29']],
    ['leaves a gap before the window', shown(20, [5, 8]), [12, 20], ['5-7', '12-29']],
  ] as const)('[L8] a page that %s', (_name, view, [from, to], expected) => {
    const next = placeTurns(view, whole.turns.slice(from, to));
    expect(ordinals(next)).toEqual(expected);
    const list = [...next.apart, ...next.state.turns].map(({ ordinal }) => ordinal);
    expect(list).toEqual([...new Set(list)].toSorted((a, b) => a - b));
  });

  test('[L8] a snapshot that does not adjoin leaves them apart', () => {
    const before = { ...whole, turns: whole.turns.slice(5, 10) };
    const { view } = stepPane(openPane(1, 'a', before), snapshot(1, page, 'behind')).pane;
    expect(view.kind === 'shown' && ordinals(view)).toEqual(['', '5-29']);
    const gone = stepPane(openPane(1, 'a', { ...whole, turns: whole.turns.slice(2, 5) }), {
      watchId: 1,
      kind: 'snapshot',
      reason: 'behind',
      state: { ...whole, turns: whole.turns.slice(20) },
    }).pane.view;
    expect(gone.kind === 'shown' && ordinals(gone)).toEqual(['2-4', '20-29']);
  });

  test('a snapshot keeps those that were paged in', () => {
    const pane = openPane(1, 'a', whole);
    expect(shownState(stepPane(pane, snapshot(1, page, 'behind')).pane)).toEqual(whole);
  });

  test('a snapshot of another past keeps none', () => {
    const pane = openPane(1, 'a', whole);
    expect(shownState(stepPane(pane, snapshot(1, page, 'future')).pane)).toEqual(page);
  });
});

describe('busy', () => {
  test('[O12] a row that says idle for all that the pane has ends every spinner', () => {
    expect(full.live).not.toBeNull();
    expect(paneStatus(full, makeRow('a', { status: 'idle', lastSeq: full.seq + 1 }))).toBe('idle');
    expect(paneStatus(full, makeRow('a', { status: 'idle', lastSeq: full.seq }))).toBe('idle');
  });

  test('[O12] a row that is behind the pane does not overrule it', () => {
    expect(paneStatus(full, makeRow('a', { status: 'idle', lastSeq: full.seq - 1 }))).toBe(
      'running',
    );
  });

  test('[O2] without a row the state alone decides', () => {
    expect(paneStatus(full, undefined)).toBe('running');
    expect(paneStatus(early, undefined)).toBe('idle');
  });

  test('[O2] row and state of a session agree', () => {
    const asked = stateOf('log-a', [...log, said('t2', 'more')]);
    expect(paneStatus(asked, rowOf('a', asked))).toBe('running');
  });
});
