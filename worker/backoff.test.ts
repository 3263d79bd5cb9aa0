import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs, retryAfterMs } from './backoff.ts';

test('[H8] backoff doubles from 500 ms to 30 s, with full jitter', () => {
  const bounds = [1, 2, 3, 4, 5, 6, 7, 8, 100, 2_000].map((n) => backoffMs(n, 0.999_999));
  expect(bounds).toEqual([499, 999, 1999, 3999, 7999, 15999, 29999, 29999, 29999, 29999]);
  expect(backoffMs(5, 0)).toBe(0);
  expect(backoffMs(5, 0.5)).toBe(4000);
});

test('[H8] Retry-After in seconds or as a date; anything else is no floor', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfterMs('120', now)).toBe(120_000);
  expect(retryAfterMs(' 3 ', now)).toBe(3_000);
  expect(retryAfterMs('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000);
  expect(retryAfterMs('Wed, 31 Dec 2025 23:59:30 GMT', now)).toBe(0);
  for (const text of [null, '', 'soon', '-5']) expect(retryAfterMs(text, now)).toBe(0);
});

test('[H8] no Retry-After makes a wait that a timer can not hold', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.nat().map(String), fc.bigInt().map(String)), (text) => {
      const ms = retryAfterMs(text, 0);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThan(2 ** 31);
    }),
  );
});
