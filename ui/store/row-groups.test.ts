import { afterEach, describe, expect, test, vi } from 'vitest';
import { makeRow } from '../testing/fixtures.ts';
import { createFakeTimers } from '../testing/fake-env.ts';
import { createClock, dayOf } from './clock.ts';
import { groupRows, rowTime } from './row-groups.ts';

afterEach(() => vi.unstubAllEnvs());

/** In the reader's time zone. */
const at = (month: number, day: number, hour = 12, year = 2026) =>
  new Date(year, month - 1, day, hour).getTime();
const named = (rows: Parameters<typeof groupRows>[0], today: number) =>
  groupRows(rows, today).map(({ name, rows: [...in_] }) => [
    name,
    in_.map(({ id }) => id).join(' '),
  ]);

describe('[P2] groups', () => {
  test('by day, then by month, in the order of the rows; pinned first, archived last', () => {
    const today = at(11, 22, 0);
    const rows = [
      makeRow('future', { updatedAt: at(11, 23) }),
      makeRow('noon', { updatedAt: at(11, 22) }),
      makeRow('midnight', { updatedAt: today }),
      makeRow('put away', { updatedAt: today, archived: true, pinned: true }),
      makeRow('late', { updatedAt: today - 1 }),
      makeRow('early', { updatedAt: at(11, 21, 0) }),
      makeRow('week', { updatedAt: at(11, 15, 0) }),
      makeRow('pin', { updatedAt: at(11, 15, 0), pinned: true }),
      makeRow('before', { updatedAt: at(11, 15, 0) - 1 }),
      makeRow('first', { updatedAt: at(11, 1, 0) }),
      makeRow('october', { updatedAt: at(10, 31, 23) }),
      makeRow('old', { updatedAt: at(11, 3, 12, 2025) }),
    ];
    expect(named(rows, today)).toEqual([
      ['Pinned', 'pin'],
      ['Today', 'future noon midnight'],
      ['Yesterday', 'late early'],
      ['Previous 7 days', 'week'],
      ['November', 'before first'],
      ['October', 'october'],
      ['November 2025', 'old'],
      ['Archived', 'put away'],
    ]);
    const keys = groupRows(rows, today).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('in the time zone of the reader, also over a day of 23 hours', () => {
    const moment = Date.UTC(2026, 2, 29, 0, 30);
    const group = (zone: string) => {
      vi.stubEnv('TZ', zone);
      const today = dayOf(Date.UTC(2026, 2, 29, 12));
      return named([makeRow('a', { updatedAt: moment })], today)[0]?.[0];
    };
    expect(group('Europe/Berlin')).toBe('Today');
    expect(group('America/New_York')).toBe('Yesterday');
    vi.stubEnv('TZ', 'Europe/Berlin');
    // On the 29th the clocks went forward.
    expect(dayOf(at(3, 30), -1)).toBe(at(3, 29, 0));
    expect(at(3, 30, 0) - at(3, 29, 0)).toBe(23 * 3_600_000);
  });

  test('they move at midnight, and after a sleep, without a reload', () => {
    const timers = createFakeTimers();
    const clock = createClock(timers);
    const evening = timers.now();
    const row = makeRow('a', { updatedAt: evening });
    expect(named([row], clock.today.value)).toEqual([['Today', 'a']]);
    timers.advance(dayOf(evening, 1) - evening - 1);
    expect(named([row], clock.today.value)).toEqual([['Today', 'a']]);
    timers.advance(60_000);
    expect(named([row], clock.today.value)).toEqual([['Yesterday', 'a']]);
    clock.close();
    clock.close();
    expect(timers.count).toBe(0);
    clock.read();
    expect(timers.count).toBe(0);
  });
});

test('[P3] a row’s time is as short as it can be told', () => {
  const now = at(11, 22, 15);
  const told = (when: number) => rowTime(when, now);
  expect(told(now + 5_000)).toBe('now');
  expect(told(now - 59_999)).toBe('now');
  expect(told(now - 60_000)).toBe('1 min');
  expect(told(now - 3_599_999)).toBe('59 min');
  expect(told(now - 3_600_000)).toMatch(/^(14:00|2:00.PM)$/);
  expect(told(at(11, 21, 9))).toMatch(/^0?9:00/);
  expect(told(at(11, 18))).toBe('Wed');
  expect(told(at(10, 3))).toBe('3 Oct');
});
