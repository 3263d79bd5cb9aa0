import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LIMITS } from '../shared/commands.ts';
import { LANE_SESSIONS, planLanes, type Wanted } from './lanes.ts';

const want = (names: string, watched = ''): Wanted[] =>
  Array.from(names, (logId) => ({ logId, watched: watched.includes(logId) }));
const plan = (
  wanted: Wanted[],
  own = '',
  riding = '',
  { ownStreams = 3, reseat = false } = {},
): string => {
  const seats = planLanes({
    wanted,
    own: new Set(own),
    riding: new Set(riding),
    ownStreams,
    reseat,
  });
  const flags = `${seats.reconnect ? ' reconnect' : ''}${seats.stale ? ' stale' : ''}`;
  return `${[...seats.own].join('')}/${[...seats.lane].join('')}${flags}`;
};

test('[H3] free seats first, watched ones before others; the rest rides', () => {
  expect(plan(want('abcde', 'e'))).toBe('eab/cd reconnect');
  expect(plan(want('ab'))).toBe('ab/');
});

test('[H3] among equals who sits keeps the seat', () => {
  expect(plan(want('abcd'), 'bcd', 'a')).toBe('bcd/a');
  expect(plan(want('abcd', 'abcd'), 'bcd', 'a', { reseat: true })).toBe('bcd/a');
  expect(plan(want('abcde'), 'bcd', 'a')).toBe('bcd/ae reconnect');
});

test('[H3] watched sessions get the own streams, when the lane is connected anew', () => {
  expect(plan(want('abcd', 'd'), 'abc')).toBe('dab/c reconnect');
  expect(plan(want('abcd', 'a'), 'bcd', 'a')).toBe('bcd/a stale');
  expect(plan(want('abcd', 'a'), 'bcd', 'a', { reseat: true })).toBe('abc/d reconnect');
});

test('[H3] riders move up only when the lane is connected anew anyway', () => {
  expect(plan(want('de', 'e'), 'abc', 'de')).toBe('/de stale');
  expect(plan(want('de', 'e'), '', 'de', { reseat: true })).toBe('ed/ reconnect');
  // A new one takes the free seat meanwhile.
  expect(plan(want('def'), '', 'de')).toBe('f/de stale');
});

test('[H2] those not wanted leave the lane at the next occasion', () => {
  expect(plan(want('abcd'), 'abc', 'de')).toBe('abc/de stale');
  expect(plan(want('abcd'), 'abc', 'de', { reseat: true })).toBe('abc/d reconnect');
  expect(plan(want('abcdf'), 'abc', 'de')).toBe('abc/df reconnect');
});

test('[H3] a larger budget moves riders to streams of their own', () => {
  expect(plan(want('abcdef'), 'abc', 'def', { ownStreams: 64, reseat: true })).toBe(
    'abcdef/ reconnect',
  );
});

test('[H3] a smaller budget moves own streams to the lane', () => {
  expect(plan(want('abc', 'c'), 'abc', '', { ownStreams: 1 })).toBe('c/ab reconnect');
});

test('[H1] [H3] never in both, never beyond the budget, nobody left out, nothing moved in vain', () => {
  const some = fc.subarray('abcdefghij'.split(''));
  fc.assert(
    fc.property(
      some,
      some,
      some,
      some,
      fc.nat(5),
      fc.boolean(),
      (wanted, shown, own, rest, ownStreams, reseat) => {
        const riding = new Set(rest.filter((logId) => !own.includes(logId)));
        const sessions = wanted.map((logId) => ({ logId, watched: shown.includes(logId) }));
        const input = { wanted: sessions, own: new Set(own), riding, ownStreams, reseat };
        const next = planLanes(input);
        expect(next.own.size).toBeLessThanOrEqual(ownStreams);
        expect([...next.own].filter((logId) => next.lane.has(logId))).toEqual([]);
        for (const logId of wanted) expect(next.own.has(logId) || next.lane.has(logId)).toBe(true);
        if (!next.reconnect) expect(next.lane).toEqual(riding);
        // The same question again changes nothing.
        const settled = planLanes({ ...input, own: next.own, riding: next.lane, reseat: false });
        expect(settled).toMatchObject({ own: next.own, lane: next.lane, reconnect: false });
        // What is stale is set right by one new connection, and then stays.
        const right = planLanes({ ...input, own: next.own, riding: next.lane, reseat: true });
        const again = { ...input, own: right.own, riding: right.lane };
        for (const reseat of [false, true]) {
          expect(planLanes({ ...again, reseat })).toEqual({
            ...right,
            reconnect: false,
            stale: false,
          });
        }
        if (next.stale) expect(right.reconnect).toBe(true);
        expect(right.own.size).toBe(Math.min(ownStreams, wanted.length));
        if ([...right.lane].some((logId) => shown.includes(logId))) {
          expect([...right.own].every((logId) => shown.includes(logId))).toBe(true);
        }
      },
    ),
  );
});

test('[H3] the lane names no more sessions than fit into an address', () => {
  expect(LANE_SESSIONS).toBeLessThanOrEqual(LIMITS.laneSessions);
  const wanted = Array.from({ length: 300 }, (_, n) => ({ logId: `s${n}`, watched: n === 299 }));
  const { own, lane } = planLanes({
    wanted,
    own: new Set(),
    riding: new Set(),
    ownStreams: 0,
    reseat: false,
  });
  expect(own.size).toBe(0);
  expect(lane.size).toBe(LANE_SESSIONS);
  expect(lane.has('s299')).toBe(true);
});
