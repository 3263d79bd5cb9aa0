import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { EventBody } from '../../shared/events.ts';
import type { PaneDelta, Watch } from '../../shared/hub-api.ts';
import { foldEvents } from '../../shared/reducer.ts';
import { emptyState } from '../../shared/state.ts';
import { createFakeFrames } from '../testing/fake-env.ts';
import { ended, eventsOf, running, said, settled, stateOf } from '../testing/fixtures.ts';
import { createPanes } from './panes.ts';

const IDS = ['a', 'b', 'c'];
const logIdOf = (id: string) => `log-${id}`;

function setUp() {
  const frames = createFakeFrames();
  const watches: (Watch | null)[] = [];
  const panes = createPanes({
    frames,
    logOf: logIdOf,
    onWatch: () => watches.push(panes.watch()),
  });
  const watch = () => watches.at(-1) ?? null;
  const snapshot = (id: string, bodies: EventBody[]) =>
    panes.apply({
      watchId: watch()?.watchId ?? 0,
      kind: 'snapshot',
      reason: 'start',
      state: stateOf(logIdOf(id), bodies),
    });
  const send = (id: string, bodies: EventBody[], after: number) =>
    panes.apply({
      watchId: watch()?.watchId ?? 0,
      kind: 'events',
      logId: logIdOf(id),
      events: eventsOf(bodies, after),
    });
  const text = () => {
    const view = panes.pane.value?.view;
    return view?.kind === 'shown' ? JSON.stringify(view.state.live?.parts) : view?.kind;
  };
  return { frames, watches, watch, panes, snapshot, send, text };
}

describe('panes', () => {
  test('[O4] what arrives for a session that was left changes nothing in the next one', () => {
    const { panes, snapshot, frames, watch, text } = setUp();
    panes.open('a');
    snapshot('a', running('t', 'p', 'only in a'));
    const ofA = watch()?.watchId ?? 0;
    panes.open('b');
    panes.apply({
      watchId: ofA,
      kind: 'events',
      logId: 'log-a',
      events: eventsOf([said('t', ' more of a')], 3),
    });
    frames.paint();
    expect(panes.pane.value).toMatchObject({ sessionId: 'b', view: { kind: 'loading' } });
    snapshot('b', running('u', 'p', 'only in b'));
    frames.paint();
    expect(text()).toContain('only in b');
    expect(text()).not.toContain('of a');
  });

  test('[O4] a frame that was requested for the session before does not bring it back', () => {
    const { panes, snapshot, frames } = setUp();
    panes.open('a');
    snapshot('a', running('t', 'p', 'a'));
    panes.open('b');
    frames.paint();
    expect(panes.pane.value?.sessionId).toBe('b');
  });

  test('[O5] going back shows what was there at once, and watches from its cursor', () => {
    const { panes, snapshot, send, watch, text } = setUp();
    panes.open('a');
    snapshot('a', running('t', 'p', 'one '));
    send('a', [said('t', 'two')], 3);
    panes.open('b');
    expect(watch()?.cursor).toBeNull();
    panes.open('a');
    expect(text()).toContain('one two');
    expect(watch()).toMatchObject({ sessionId: 'a', cursor: 'log-a:4' });
  });

  test('[O5] the home page keeps the pane it left', () => {
    const { panes, snapshot, watch } = setUp();
    panes.open('a');
    snapshot('a', settled('t', 'p', 'x'));
    panes.open(null);
    expect(panes.pane.value).toBeNull();
    expect(watch()).toBeNull();
    panes.open('a');
    expect(watch()?.cursor).toBe('log-a:4');
  });

  test('[O5] only so many sessions are kept, the ones used last', () => {
    const { panes, snapshot, watch } = setUp();
    for (let at = 0; at < 10; at += 1) {
      panes.open(`s${at}`);
      snapshot(`s${at}`, settled('t', 'p', 'x'));
    }
    panes.open('s0');
    expect(watch()?.cursor).toBeNull();
    panes.open('s8');
    expect(watch()?.cursor).toBe('log-s8:4');
  });

  test('a deleted session is forgotten', () => {
    const { panes, snapshot, watch } = setUp();
    panes.open('a');
    snapshot('a', settled('t', 'p', 'x'));
    panes.open('b');
    panes.forget('log-a');
    panes.open('a');
    expect(watch()?.cursor).toBeNull();
  });

  test('[O9] the same log under another id keeps its pane and its watch', () => {
    const frames = createFakeFrames();
    const onWatch = vi.fn<() => void>();
    const panes = createPanes({ frames, logOf: () => 'log-a', onWatch });
    panes.open('old');
    const watchId = panes.pane.value?.watchId ?? 0;
    panes.apply({ watchId, kind: 'snapshot', reason: 'start', state: emptyState('log-a') });
    panes.open('new');
    expect(panes.pane.value).toMatchObject({ sessionId: 'new', view: { kind: 'shown' } });
    expect(onWatch).toHaveBeenCalledOnce();
  });

  test('[T5] many batches, one change per frame; none while no frame comes', () => {
    const { panes, snapshot, send, frames } = setUp();
    panes.open('a');
    snapshot('a', running('t', 'p', ''));
    let changes = -1; // subscribing calls once
    panes.pane.subscribe(() => {
      changes += 1;
    });
    for (let at = 0; at < 100; at += 1) send('a', [said('t', 'x')], 3 + at);
    expect(changes).toBe(0);
    expect(frames.count).toBe(1);
    frames.paint();
    expect(changes).toBe(1);
    // Also right after a frame that showed something.
    for (let at = 0; at < 100; at += 1) send('a', [said('t', 'x')], 103 + at);
    expect(changes).toBe(1);
    frames.paint();
    expect(changes).toBe(2);
  });

  test('[T5] after a quiet frame, what comes is shown without waiting for the next', () => {
    const { panes, snapshot, send, frames } = setUp();
    panes.open('a');
    snapshot('a', running('t', 'p', ''));
    expect(panes.pane.value?.view.kind).toBe('shown');
    frames.paint();
    expect(frames.count).toBe(0);
    send('a', [said('t', 'x')], 3);
    expect(panes.pane.value?.view).toMatchObject({ state: { seq: 4 } });
    expect(frames.count).toBe(1);
  });

  test('[T5] the cursor is ahead of the frames: a hidden tab is not behind', () => {
    const { panes, snapshot, send } = setUp();
    panes.open('a');
    snapshot('a', running('t', 'p', ''));
    send('a', [said('t', 'x')], 3);
    expect(panes.watch()?.cursor).toBe('log-a:4');
  });

  test('[H11] close leaves no frame', () => {
    const { panes, snapshot, frames } = setUp();
    panes.open('a');
    snapshot('a', running('t', 'p', ''));
    expect(frames.count).toBe(1);
    panes.close();
    panes.close();
    expect(frames.count).toBe(0);
  });
});

const turnOf = (id: string, turn: number): EventBody[] => [
  ...running(`${id}${turn}`, `ask ${id}`, `from ${id} `),
  ...Array.from({ length: 5 }, (_, at) => said(`${id}${turn}`, `${id}${turn}${at} `)),
  ended(`${id}${turn}`),
];
/** Logs of three sessions; their texts tell them apart. */
const LOGS = new Map(
  IDS.map((id) => [id, eventsOf([0, 1, 2].flatMap((turn) => turnOf(id, turn)))] as const),
);
const logOf = (id: string) => LOGS.get(id) ?? [];
const upTo = (id: string, seq: number) =>
  foldEvents(emptyState(logIdOf(id)), logOf(id).slice(0, seq));

const deliver = fc.record({
  do: fc.constant('deliver' as const),
  /** How many watches ago this delivery was meant for; mostly none. */
  late: fc.constantFrom(0, 0, 0, 1, 2),
  kind: fc.constantFrom('events' as const, 'events' as const, 'snapshot' as const),
  /** From the pane's cursor: below it events repeat, above it some are missing. */
  offset: fc.integer({ min: -4, max: 1 }),
  count: fc.nat(8),
});
const step = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('open' as const), id: fc.constantFrom(...IDS, null) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('paint' as const) }) },
  { weight: 8, arbitrary: deliver },
);

test('[O2][O4][H10] whatever arrives, a pane is a fold of its own session’s log', () => {
  let folded = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 40, maxLength: 80 }), (steps) => {
      const { panes, watches, frames } = setUp();
      for (const now of steps) {
        if (now.do === 'open') panes.open(now.id);
        else if (now.do === 'paint') frames.paint();
        else {
          const meant = watches.at(-1 - now.late) ?? null;
          if (meant === null) continue;
          const { watchId, sessionId } = meant;
          const { length } = logOf(sessionId);
          const before = panes.pane.value;
          const seq = before?.view.kind === 'shown' ? before.view.state.seq : 0;
          const from = Math.max(0, Math.min(length, seq + now.offset));
          const delta: PaneDelta =
            now.kind === 'snapshot'
              ? { watchId, kind: 'snapshot', reason: 'behind', state: upTo(sessionId, from) }
              : {
                  watchId,
                  kind: 'events',
                  logId: logIdOf(sessionId),
                  events: logOf(sessionId).slice(from, from + now.count),
                };
          panes.apply(delta);
        }
        const pane = panes.pane.value;
        if (pane?.view.kind !== 'shown') continue;
        const { state } = pane.view;
        expect(state).toEqual(upTo(pane.sessionId, state.seq));
        if (state.seq > 0) folded += 1;
      }
    }),
    { numRuns: 300 },
  );
  expect(folded).toBeGreaterThan(1_000);
});
