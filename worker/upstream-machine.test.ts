import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ApiError } from '../shared/errors.ts';
import { ANSWER_MS, CHECK_MS, LOOKED_AT_MS, SILENCE_MS, step } from './upstream-machine.ts';
import {
  IDLE,
  type ResponseHead,
  type Step,
  type StopReason,
  type UpstreamEvent,
  type UpstreamState,
} from './upstream-state.ts';

const NOW = 1_000_000;
const error: ApiError = { code: 'network', message: 'gone' };
const trouble = { since: NOW - 9_000, error };

type StateKey = Exclude<UpstreamState['name'], 'stopped'> | StopReason;

const stopped = (reason: StopReason): UpstreamState => ({
  name: 'stopped',
  attempt: 0,
  reason,
  error,
});
const CONNECTING = {
  name: 'connecting',
  attempt: 0,
  startedAt: NOW - 100,
  trouble: null,
} as const;
const states: Record<StateKey, UpstreamState> = {
  idle: IDLE,
  connecting: CONNECTING,
  open: { name: 'open', attempt: 0, openedAt: NOW - 100, heardAt: NOW - 50 },
  backoff: {
    name: 'backoff',
    attempt: 3,
    retryAt: NOW + 700,
    floorAt: NOW - 300,
    wait: 1_000,
    trouble,
  },
  'up-to-date': stopped('up-to-date'),
  missing: stopped('missing'),
  'signed-out': stopped('signed-out'),
  refused: stopped('refused'),
};

const response = (status: number, head: Partial<ResponseHead> = {}): UpstreamEvent => ({
  type: 'response',
  status,
  contentType: status === 200 ? 'text/event-stream; charset=utf-8' : null,
  retryAfter: null,
  error: null,
  ...head,
});

type EventKey =
  | Exclude<UpstreamEvent['type'], 'response'>
  | '200'
  | '200 html'
  | '204'
  | '401'
  | '404'
  | '403'
  | '408'
  | '429'
  | '500';
const events: Record<EventKey, UpstreamEvent> = {
  start: { type: 'start' },
  '200': response(200),
  '200 html': response(200, { contentType: 'text/html' }),
  '204': response(204),
  '401': response(401),
  '404': response(404),
  '403': response(403),
  '408': response(408),
  '429': response(429),
  '500': response(500),
  alive: { type: 'alive' },
  progress: { type: 'progress' },
  ended: { type: 'ended' },
  failed: { type: 'failed', error },
  gap: { type: 'gap' },
  changed: { type: 'changed' },
  wake: { type: 'wake' },
  look: { type: 'look' },
  retry: { type: 'retry' },
  timer: { type: 'timer' },
  stop: { type: 'stop' },
};

/** `same`: nothing happens at all. `heard`: only the time is noted. `armed`: looks again later. */
type Outcome = 'same' | 'heard' | 'armed' | StateKey;

const ignoresAll: Record<EventKey, Outcome> = {
  start: 'same',
  '200': 'same',
  '200 html': 'same',
  '204': 'same',
  '401': 'same',
  '404': 'same',
  '403': 'same',
  '408': 'same',
  '429': 'same',
  '500': 'same',
  alive: 'same',
  progress: 'same',
  ended: 'same',
  failed: 'same',
  gap: 'same',
  changed: 'same',
  wake: 'same',
  look: 'same',
  retry: 'same',
  timer: 'same',
  stop: 'same',
};
const whenStopped: Record<EventKey, Outcome> = {
  ...ignoresAll,
  start: 'connecting',
  retry: 'connecting',
  stop: 'idle',
};

const table: Record<StateKey, Record<EventKey, Outcome>> = {
  idle: { ...ignoresAll, start: 'connecting', retry: 'connecting' },
  connecting: {
    start: 'same',
    '200': 'open',
    '200 html': 'backoff',
    '204': 'up-to-date',
    '401': 'signed-out',
    '404': 'missing',
    '403': 'refused',
    '408': 'backoff',
    '429': 'backoff',
    '500': 'backoff',
    alive: 'same',
    progress: 'same',
    ended: 'same',
    failed: 'backoff',
    gap: 'same',
    changed: 'connecting',
    wake: 'same',
    look: 'same',
    retry: 'same',
    timer: 'armed',
    stop: 'idle',
  },
  open: {
    ...ignoresAll,
    alive: 'heard',
    progress: 'heard',
    ended: 'connecting',
    failed: 'backoff',
    gap: 'connecting',
    changed: 'connecting',
    timer: 'armed',
    stop: 'idle',
  },
  backoff: {
    ...ignoresAll,
    wake: 'connecting',
    retry: 'connecting',
    timer: 'armed',
    stop: 'idle',
  },
  'up-to-date': whenStopped,
  missing: whenStopped,
  'signed-out': whenStopped,
  refused: whenStopped,
};

const keyOf = (state: UpstreamState): StateKey =>
  state.name === 'stopped' ? state.reason : state.name;
const actionsOf = ({ actions }: Step): string[] => actions.map(({ type }) => type);

/** What a step into a state does. */
const ENTRY: Record<StateKey, string[]> = {
  idle: ['disconnect', 'disarm'],
  connecting: ['connect', 'arm'],
  open: ['arm'],
  backoff: ['disconnect', 'arm'],
  'up-to-date': ['disconnect', 'disarm'],
  missing: ['disconnect', 'disarm'],
  'signed-out': ['disconnect', 'disarm'],
  refused: ['disconnect', 'disarm'],
};

describe('[H8] every event in every state', () => {
  for (const [stateKey, row] of Object.entries(table)) {
    test.each(Object.entries(row))(`${stateKey}: %s → %s`, (eventKey, outcome) => {
      const before = states[stateKey as StateKey];
      const after = step(before, events[eventKey as EventKey], { now: NOW, random: 0.5 });
      if (outcome === 'same') {
        expect(after).toEqual({ state: before, actions: [] });
      } else if (outcome === 'heard') {
        expect(after).toEqual({ state: { ...before, heardAt: NOW }, actions: [] });
      } else if (outcome === 'armed') {
        expect(after.state).toBe(before);
        expect(actionsOf(after)).toEqual(['arm']);
      } else {
        expect(keyOf(after.state)).toBe(outcome);
        expect(actionsOf(after)).toEqual(ENTRY[outcome]);
      }
    });
  }
});

const at = (now: number, random = 0.5) => ({ now, random });
const { open, backoff } = states;
const connecting = CONNECTING;

test('[H8] attempts wait ever longer; the trouble keeps its beginning', () => {
  let state: UpstreamState = connecting;
  const waits: number[] = [];
  for (let now = NOW, n = 0; n < 9; n += 1) {
    state = step(state, { type: 'failed', error }, at(now, 0.999_999)).state;
    if (state.name !== 'backoff') throw new Error('no backoff');
    expect(state.trouble.since).toBe(NOW);
    waits.push(state.wait);
    now = state.retryAt;
    ({ state } = step(state, { type: 'timer' }, at(now)));
    expect(state).toMatchObject({ name: 'connecting', attempt: n + 1, trouble: { since: NOW } });
  }
  expect(waits).toEqual([499, 999, 1999, 3999, 7999, 15999, 29999, 29999, 29999]);
});

test('[H8] Retry-After is a floor: for the timer and for a wake, not for a person', () => {
  const head = response(503, { retryAfter: '20' });
  const { state, actions } = step(connecting, head, at(NOW, 0));
  expect(state).toMatchObject({ name: 'backoff', retryAt: NOW + 20_000 });
  expect(actions).toContainEqual({ type: 'arm', ms: 20_000 });
  const early = at(NOW + 19_999);
  expect(step(state, { type: 'timer' }, early).state).toBe(state);
  expect(step(state, { type: 'wake' }, early).state).toBe(state);
  expect(step(state, { type: 'retry' }, early).state.name).toBe('connecting');
  expect(step(state, { type: 'timer' }, at(NOW + 20_000)).state.name).toBe('connecting');
});

test('[H8] somebody looks: no backoff is longer than 2 s, but Retry-After stays a floor', () => {
  let state: UpstreamState = { ...connecting, attempt: 20 };
  ({ state } = step(state, { type: 'failed', error }, at(NOW, 0.999_999)));
  expect(state).toMatchObject({ name: 'backoff', wait: 29_999 });
  expect(step(state, { type: 'look' }, at(NOW + LOOKED_AT_MS - 1)).state).toBe(state);
  const looked = step(state, { type: 'look' }, at(NOW + LOOKED_AT_MS));
  expect(looked.state).toMatchObject({ name: 'connecting', attempt: 21, trouble: { since: NOW } });
  const { state: floored } = step(connecting, response(429, { retryAfter: '20' }), at(NOW, 0));
  expect(step(floored, { type: 'look' }, at(NOW + 19_999)).state).toBe(floored);
  expect(step(floored, { type: 'look' }, at(NOW + 20_000)).state.name).toBe('connecting');
});

test.each(['wake', 'retry'] as const)(
  '[H7] an attempt that hangs is made anew on %s: its socket may be a dead one',
  (type) => {
    const { attempt, startedAt } = connecting;
    expect(step(connecting, { type }, at(startedAt + CHECK_MS - 1)).state).toBe(connecting);
    const anew = step(connecting, { type }, at(startedAt + CHECK_MS));
    expect(anew.state).toMatchObject({ attempt, startedAt: startedAt + CHECK_MS });
    expect(actionsOf(anew)).toEqual(['connect', 'arm']);
  },
);

test('[H8] a wake within a second of the failure waits for the end of that second', () => {
  const { state } = step(
    { name: 'connecting', attempt: 4, startedAt: NOW, trouble: null },
    { type: 'failed', error },
    at(NOW, 0.9),
  );
  const woken = step(state, { type: 'wake' }, at(NOW + 200));
  expect(woken.state).toMatchObject({ name: 'backoff', retryAt: NOW + 1_000 });
  expect(woken.actions).toEqual([{ type: 'arm', ms: 800 }]);
  expect(step(woken.state, { type: 'timer' }, at(NOW + 1_000)).state.name).toBe('connecting');
  expect(step(state, { type: 'wake' }, at(NOW + 1_000)).state.name).toBe('connecting');
});

test('[H8] the floor of an earlier stream holds for the next one to the same place', () => {
  const { state: before } = step(connecting, response(503, { retryAfter: '20' }), at(NOW, 0));
  if (before.name !== 'backoff') throw new Error(before.name);
  const early = step(IDLE, { type: 'start', before }, at(NOW + 5_000));
  expect(early.state).toMatchObject({ name: 'backoff', retryAt: NOW + 20_000 });
  expect(early.actions).toEqual([{ type: 'arm', ms: 15_000 }]);
  expect(step(IDLE, { type: 'start', before }, at(NOW + 20_000)).state.name).toBe('connecting');
});

test('[H8] the error of the body is kept', () => {
  const told: ApiError = { code: 'forbidden', message: 'Not from there.' };
  expect(step(connecting, response(403, { error: told }), at(NOW)).state).toMatchObject({
    reason: 'refused',
    error: told,
  });
});

test('an orderly end: at once the first time, then with backoff until something new comes', () => {
  const first = step(open, { type: 'ended' }, at(NOW)).state;
  expect(first).toMatchObject({ name: 'connecting', attempt: 1, trouble: null });
  const second = step(first, response(200), at(NOW)).state;
  expect(step(second, { type: 'ended' }, at(NOW)).state).toMatchObject({
    name: 'backoff',
    attempt: 2,
  });
  const heard = step(second, { type: 'alive' }, at(NOW)).state;
  expect(step(heard, { type: 'ended' }, at(NOW)).state.name).toBe('backoff');
  const progress = step(second, { type: 'progress' }, at(NOW)).state;
  expect(step(progress, { type: 'ended' }, at(NOW)).state.name).toBe('connecting');
  // A quiet connection that lived was a good one.
  expect(step(second, { type: 'ended' }, at(NOW + 6_000)).state.name).toBe('connecting');
});

test('204 again and again, though something is said to be new: with backoff', () => {
  const first = step(states['up-to-date'], { type: 'start' }, at(NOW)).state;
  expect(first).toMatchObject({ name: 'connecting', attempt: 1 });
  const again = step(first, response(204), at(NOW)).state;
  expect(step(again, { type: 'start' }, at(NOW)).state).toMatchObject({ name: 'backoff' });
});

test('[H7] silence beyond 2.5 heartbeats, or an attempt that is not answered within one', () => {
  const heardAt = NOW - 50;
  const almost = step(open, { type: 'timer' }, at(heardAt + SILENCE_MS - 1));
  expect(almost).toEqual({ state: open, actions: [{ type: 'arm', ms: CHECK_MS }] });
  const silent = step(open, { type: 'timer' }, at(heardAt + SILENCE_MS));
  expect(silent.state).toMatchObject({ name: 'connecting', trouble: { since: heardAt } });
  const slow = step(connecting, { type: 'timer' }, at(NOW - 100 + ANSWER_MS - 1));
  expect(slow).toEqual({ state: connecting, actions: [{ type: 'arm', ms: CHECK_MS }] });
  expect(step(connecting, { type: 'timer' }, at(NOW - 100 + ANSWER_MS)).state).toMatchObject({
    name: 'backoff',
    trouble: { error: { code: 'timeout' } },
  });
});

test('[H7] bytes after a clock jump, either way, do not prove that the socket lives', () => {
  for (const jump of [SILENCE_MS + 1, -SILENCE_MS - 100]) {
    const after = step(open, { type: 'progress' }, at(NOW + jump));
    expect(after.state.name).toBe('connecting');
  }
  expect(step(open, { type: 'timer' }, at(NOW - 3_600_000)).state.name).toBe('connecting');
});

test('[H7] a clock that was set back does not make a backoff longer than it was', () => {
  const { actions } = step(backoff, { type: 'timer' }, at(NOW - 3_600_000));
  expect(actions).toEqual([{ type: 'arm', ms: 1_000 }]);
});

const anyEvent: fc.Arbitrary<UpstreamEvent> = fc.oneof(
  fc.constantFrom(...Object.values(events)),
  fc.record({
    type: fc.constant('response' as const),
    status: fc.integer({ min: 100, max: 599 }),
    contentType: fc.option(fc.constantFrom('text/event-stream', 'text/html', 'text/event-streams')),
    retryAfter: fc.option(fc.constantFrom('1', '86400', '999999999999', 'soon')),
    error: fc.constant(null),
  }),
);

test('[H11] [H8] whatever happens: connected or waiting with a timer, or at rest without one', () => {
  const walk = fc.array(
    fc.record({
      event: anyEvent,
      pass: fc.integer({ min: -50_000, max: 50_000 }),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(walk, (steps) => {
      let state: UpstreamState = IDLE;
      let now = NOW;
      let connected = false;
      let armed = false;
      for (const { event, pass, random } of steps) {
        now += pass;
        if (event.type === 'timer') armed = false;
        const next = step(state, event, { now, random });
        ({ state } = next);
        for (const action of next.actions) {
          if (action.type === 'connect') connected = true;
          if (action.type === 'disconnect') connected = false;
          if (action.type === 'disarm') armed = false;
          if (action.type === 'arm') {
            armed = true;
            expect(action.ms).toBeGreaterThanOrEqual(0);
            expect(action.ms).toBeLessThan(2 ** 31);
          }
        }
        // A timer event comes only from an armed timer.
        if (event.type === 'timer' && (state.name === 'idle' || state.name === 'stopped')) continue;
        const busy = state.name === 'connecting' || state.name === 'open';
        expect({ state: state.name, connected, armed }).toEqual({
          state: state.name,
          connected: busy,
          armed: busy || state.name === 'backoff',
        });
      }
    }),
  );
});
