import { expect, test } from 'vitest';
import { createAttempts, placeOf } from './attempts.ts';

test('[A2] so many at once, then one at a time; who was right is not counted', () => {
  let now = 0;
  const attempts = createAttempts(() => now);
  const rate = { burst: 3, everyMs: 1_000 };
  const take = () => attempts.take('a', rate);
  expect([take(), take(), take()]).toEqual([0, 0, 0]);
  expect(take()).toBe(1_000);
  now = 400;
  expect(take()).toBe(600);
  now = 1_000;
  expect(take()).toBe(0);
  expect(take()).toBe(1_000);
  attempts.giveBack('a', rate);
  expect(take()).toBe(0);
  expect(attempts.take('b', rate)).toBe(0);
});

test('[A2] what is remembered of attempts is bounded', () => {
  const attempts = createAttempts(() => 0);
  const rate = { burst: 1, everyMs: 1_000 };
  for (let n = 0; n < 50_000; n += 1) attempts.take(`key ${n}`, rate);
  // The oldest gave way; the newest is still counted.
  expect(attempts.take('key 49999', rate)).toBeGreaterThan(0);
  expect(attempts.take('key 0', rate)).toBe(0);
});

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('[A2] %s is counted as %s', (address, place) => {
  expect(placeOf(address)).toBe(place);
});
