import { expect, test, vi } from 'vitest';
import type { Store } from '../store/store.ts';
import { createMemoryStore } from '../store/testing/memory.ts';
import { createWorld } from './testing/world.ts';

/** A store whose appends wait until the test lets the next one through, once `slow`. */
function createSlowStore() {
  const inner = createMemoryStore();
  const waiting: (() => void)[] = [];
  let slow = false;
  const store: Store = {
    ...inner,
    async append(step) {
      if (slow) await new Promise<void>((resolve) => waiting.push(resolve));
      await inner.append(step);
    },
  };
  return {
    store,
    slowDown: () => void (slow = true),
    async letOne(): Promise<void> {
      await vi.waitFor(() => expect(waiting).toHaveLength(1), { interval: 1 });
      waiting.shift()?.();
    },
    waiting,
  };
}

test('[L3] a turn whose end waits behind another write is not run again', async () => {
  const { store, slowDown, letOne, waiting } = createSlowStore();
  const { host, create } = await createWorld(store);
  const session = await create();
  const text = (words: string) => [{ type: 'text' as const, text: words }];
  await session.prompt({ prompt: text('first'), key: 'one', mode: 'queue' });
  await vi.waitFor(() => expect(host.prompts).toHaveLength(1), { interval: 1 });
  slowDown();
  const queued = session.prompt({ prompt: text('second'), key: 'two', mode: 'queue' });
  await vi.waitFor(() => expect(waiting).toHaveLength(1), { interval: 1 });
  host.prompts[0]?.end();
  // The second prompt is stored, and the end of the first turn is the write after it.
  await letOne();
  await vi.waitFor(() => expect(waiting).toHaveLength(1), { interval: 1 });
  await new Promise((resolve) => setImmediate(resolve));
  expect(host.prompts).toHaveLength(1);
  await letOne();
  await vi.waitFor(() => expect(host.prompts).toHaveLength(2), { interval: 1 });
  expect(session.view().state.live?.prompt).toEqual(text('second'));
  host.prompts[1]?.end();
  for (let n = 0; session.row().status !== 'idle'; n += 1) {
    waiting.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(n).toBeLessThan(1000);
  }
  await queued;
});
