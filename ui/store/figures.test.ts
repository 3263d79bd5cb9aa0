import { expect, test } from 'vitest';
import { brief, bytesPerSecond, duration, milliseconds, perSecond } from './figures.ts';

test.each([
  [0, '0'],
  [0.01, '<0.1'],
  [0.4, '0.4'],
  [9.96, '10'],
  [42.4, '42'],
  [999.4, '999'],
  [999.6, '1 k'],
  [1_234, '1.2 k'],
  [45_678, '45.7 k'],
  [2_000_000, '2 M'],
])('%d in brief is %s', (value, words) => {
  expect(brief(value)).toBe(words);
});

test('units', () => {
  expect([perSecond(null), perSecond(12.3)]).toEqual(['…', '12/s']);
  expect([bytesPerSecond(null), bytesPerSecond(12.3), bytesPerSecond(6_600)]).toEqual([
    '…',
    '12 B/s',
    '6.6 kB/s',
  ]);
  expect([milliseconds(0.44), milliseconds(12), milliseconds(61_000)]).toEqual([
    '0.4 ms',
    '12 ms',
    '1 min',
  ]);
});

test.each([
  [-5, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [7_300_000, '2 h'],
  [200_000_000, '2 d'],
])('%d ms are %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});
