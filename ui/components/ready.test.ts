import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MOST_READY, whenIdle } from './ready.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

test('[P38] folded parts become ready in idle moments, the newest first, and a bounded number of them', () => {
  const order: number[] = [];
  const cancels = Array.from({ length: MOST_READY + 5 }, (_, at) => whenIdle(() => order.push(at)));
  expect(order).toEqual([]);
  vi.runAllTimers();
  expect(order).toHaveLength(MOST_READY);
  expect(order[0]).toBe(MOST_READY + 4);
  // What goes makes room for an older one.
  cancels.at(-1)?.();
  cancels.at(-1)?.();
  vi.runAllTimers();
  expect(order).toHaveLength(MOST_READY + 1);
  for (const cancel of cancels) cancel();
  vi.runAllTimers();
  // Nothing is left that could become ready.
  expect(order).toHaveLength(MOST_READY + 1);
});
