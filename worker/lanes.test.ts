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

test('[H3] who sits keeps the seat', () => {
  expect(plan(want('abcd', 'd'), 'abc')).toBe('abc/d reconnect');
  expect(plan(want('abcd', 'a'), 'bcd', 'a')).toBe('bcd/a');
});

test('[H3] riders move up only when the lane is connected anew anyway', () => {
  expect(plan(want('de', 'e'), 'abc', 'de')).toBe('/ed');
  expect(plan(want('de', 'e'), '', 'de', { reseat: true })).toBe('ed/ reconnect');
  // A new one takes the free seat meanwhile.
  expect(plan(want('def'), '', 'de')).toBe('f/de');
});

test('[H2] those not wanted leave the lane at the next occasion', () => {
  expect(plan(want('abcd'), 'abc', 'de')).toBe('abc/de stale');
  expect(plan(want('abcd'), 'abc', 'de', { reseat: true })).toBe('abc/d reconnect');
  expect(plan(want('abcdf'), 'abc', 'de')).toBe('abc/df reconnect');
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
