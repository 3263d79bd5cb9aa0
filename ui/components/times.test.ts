import { expect, test } from 'vitest';
import { shortTime } from './short-time.ts';
import { momentOf, spokenTime, usageWords } from './times.ts';

test.each([
  [-5, '0 s', 'less than a second'],
  [430, '0.4 s', 'less than a second'],
  [1000, '1 s', '1 second'],
  [12_400, '12 s', '12 seconds'],
  [59_700, '1 min', '1 minute'],
  [185_000, '3 min 5 s', '3 minutes 5 seconds'],
  [7_815_000, '2 h 10 min', '2 hours 10 minutes'],
])('[P30] %d ms are %s', (ms, short, spoken) => {
  expect(shortTime(ms)).toBe(short);
  expect(spokenTime(ms)).toBe(spoken);
});

test('[P30] what was of another day has its day', () => {
  const noon = new Date(2026, 4, 5, 12, 30).getTime();
  expect(momentOf(noon, noon + 1000)).toMatch(/^12.30/);
  expect(momentOf(noon, noon + 86_400_000)).toMatch(/5.*12.30/);
});

test('[P30] usage in words, whatever an agent calls its currency', () => {
  const usage = { used: 12_345, size: 200_000, cost: { amount: 0.0234, currency: 'USD' } };
  expect(usageWords(usage)).toEqual({
    short: ['12.3K of 200K tokens', '$0.0234'],
    spoken: ['12,345 of 200,000 tokens of its context used', 'cost $0.0234'],
  });
  const strange = usageWords({ used: 5, size: 0, cost: { amount: 2, currency: 'credits!' } });
  expect(strange.short).toEqual(['5 tokens', '2.00 credits!']);
});
