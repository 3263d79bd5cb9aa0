import { expect, test } from 'vitest';
import { countFailure, IN_PAGE, rungOf, STEADY_MS } from './ladder.ts';

test('[T4] three workers, the last under another name, then the page, then nothing', () => {
  const rungs = [0, 1, 2, 3, 4, 5, 50].map(rungOf);
  expect(rungs).toEqual(['worker', 'worker', 'next-worker', 'page', 'none', 'none', 'none']);
  expect(rungOf(IN_PAGE)).toBe('page');
});

test('[T4] a hub that dies again and again climbs the ladder; one that stayed a while starts it anew', () => {
  expect(countFailure(0, null)).toBe(1);
  expect(countFailure(2, null)).toBe(3);
  expect(countFailure(2, STEADY_MS - 1)).toBe(3);
  expect(countFailure(3, STEADY_MS)).toBe(1);
});
