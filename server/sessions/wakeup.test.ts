import { expect, test } from 'vitest';
import { SLICE } from '../slices.ts';
import { createWakeup } from './wakeup.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('every reader is called once per wake, until it unsubscribes', () => {
  const { subscribe, wake } = createWakeup();
  const calls: string[] = [];
  const leave = subscribe(() => calls.push('a'));
  subscribe(() => calls.push('b'));
  wake();
  leave();
  leave();
  wake();
  expect(calls).toEqual(['a', 'b', 'b']);
});

test('many readers are called in slices, with the event loop free in between', async () => {
  const { subscribe, wake } = createWakeup();
  const readers = SLICE * 3 + 1;
  let calls = 0;
  for (let n = 0; n < readers; n += 1) subscribe(() => (calls += 1));
  wake();
  const seen = [calls];
  while (calls < readers) {
    await turn();
    seen.push(calls);
  }
  expect(seen).toEqual([SLICE, SLICE * 2, SLICE * 3, readers]);
  await turn();
  expect(calls).toBe(readers);
});

test('wakes that come faster than rounds end starve nobody, and nobody misses the last', async () => {
  const { subscribe, wake } = createWakeup();
  let newest = 0;
  const seen: number[] = [];
  const readers = SLICE * 4;
  for (let n = 0; n < readers; n += 1) {
    seen.push(-1);
    subscribe(() => (seen[n] = newest));
  }
  for (; newest < 4; newest += 1) {
    wake();
    await turn();
  }
  expect(Math.min(...seen)).toBeGreaterThanOrEqual(0);
  newest = 100;
  wake();
  for (let n = 0; n < 4; n += 1) await turn();
  expect(new Set(seen)).toEqual(new Set([100]));
});

test('who comes and goes in the middle of a round takes no other reader’s turn', async () => {
  const { subscribe, wake } = createWakeup();
  const called = new Set<number>();
  const leaves = Array.from({ length: SLICE * 3 }, (_, n) => subscribe(() => called.add(n)));
  wake();
  // The round is at its first third: now another one begins, which ends there.
  called.clear();
  wake();
  for (let n = 0; n < SLICE; n += 1) {
    leaves[SLICE * 2 + n]?.();
    subscribe(() => called.add(SLICE * 3 + n));
  }
  for (let n = 0; n < 6; n += 1) await turn();
  for (let n = 0; n < SLICE * 2; n += 1) expect(called).toContain(n);
  for (let n = SLICE * 2; n < SLICE * 3; n += 1) expect(called).not.toContain(n);
});

test('a reader that wakes the others, or unsubscribes itself, in its own call', () => {
  const { subscribe, wake } = createWakeup();
  const calls: string[] = [];
  let again = true;
  const leave = subscribe(() => {
    calls.push('once');
    leave();
  });
  subscribe(() => {
    calls.push('b');
    if (!again) return;
    again = false;
    wake();
  });
  subscribe(() => calls.push('c'));
  wake();
  expect(calls).toEqual(['once', 'b', 'c', 'b']);
  wake();
  expect(calls.slice(4).sort()).toEqual(['b', 'c']);
});
