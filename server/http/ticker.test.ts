import { expect, test } from 'vitest';
import { SLICE } from '../slices.ts';
import { createHandTimers } from './testing/hand-timers.ts';
import { createTicker } from './ticker.ts';

test('however many are set, there is one real timer, and none when all are cancelled', () => {
  const timers = createHandTimers();
  const ticker = createTicker(timers);
  expect(timers.count).toBe(0);
  const cancels = Array.from({ length: 100 }, () => ticker.every(10_000, () => {}));
  cancels.push(ticker.after(5000, () => {}));
  expect(timers.count).toBe(1);
  for (const cancel of [...cancels, ...cancels]) cancel();
  expect(timers.count).toBe(0);
});

test('each runs at its time or up to a second before it, never after', () => {
  const timers = createHandTimers();
  const ticker = createTicker(timers);
  const ran: string[] = [];
  ticker.every(3000, () => ran.push('three'));
  timers.advance(500);
  ticker.after(2000, () => ran.push('two'));
  timers.advance(1499);
  expect(ran).toEqual([]);
  timers.advance(1);
  expect(ran).toEqual(['two']);
  timers.advance(7000);
  expect(ran).toEqual(['two', 'three', 'three', 'three']);
  expect(timers.count).toBe(1);
});

test('one that cancels another of the same second, or sets a new one, on its last run', () => {
  const timers = createHandTimers();
  const ticker = createTicker(timers);
  const ran: string[] = [];
  let cancel = (): void => {};
  ticker.after(1000, () => {
    cancel();
    ran.push('first');
    ticker.after(1000, () => ran.push('third'));
  });
  cancel = ticker.after(1000, () => ran.push('second'));
  timers.advance(1000);
  expect(ran).toEqual(['first']);
  timers.advance(1000);
  expect(ran).toEqual(['first', 'third']);
  expect(timers.count).toBe(0);
});

test('thousands that are due together run in slices, and what is cancelled meanwhile does not', async () => {
  const timers = createHandTimers();
  const ticker = createTicker(timers);
  let ran = 0;
  const cancels = Array.from({ length: 1000 }, () => ticker.after(1000, () => (ran += 1)));
  timers.advance(1000);
  expect(ran).toBe(SLICE);
  cancels.at(-1)?.();
  await expect.poll(() => ran).toBe(999);
  expect(timers.count).toBe(0);
});
