import { expect, test, vi } from 'vitest';
import { createManualTimers } from '../sessions/testing/world.ts';
import { watchStorage } from './storage-watch.ts';
import { StoreMissing } from './store.ts';
import { createFaultyStore } from './testing/faulty.ts';
import { createMemoryStore } from './testing/memory.ts';
import { append, newSession } from './testing/samples.ts';

async function setup() {
  const timers = createManualTimers();
  const told: (string | null)[] = [];
  const faulty = createFaultyStore(createMemoryStore());
  const watch = watchStorage(faulty.store, {
    timers,
    onChange: (problem) => told.push(problem?.problem ?? null),
  });
  await watch.store.createSession(newSession('a'));
  return { timers, told, faulty, watch, store: watch.store };
}

test('[L13] a refused write is told once, and that it is over without anybody writing', async () => {
  const { timers, told, faulty, watch, store } = await setup();
  faulty.problem = 'full';
  await expect(store.append(append('log-a', 0))).rejects.toMatchObject({ problem: 'full' });
  await expect(store.patch('log-a', { title: 'x' })).rejects.toMatchObject({ problem: 'full' });
  expect(told).toEqual(['full']);
  timers.advance(1_000);
  await vi.waitFor(() => expect(timers.pending).toBe(1));
  faulty.problem = null;
  expect(watch.problem?.problem).toBe('full');
  timers.advance(1_000);
  await vi.waitFor(() => expect(told).toEqual(['full', null]));
  expect(watch.problem).toBeNull();
  expect(timers.pending).toBe(0);
});

test('[L13] the first write that succeeds ends it, and another problem is told', async () => {
  const { told, faulty, store } = await setup();
  faulty.problem = 'full';
  await expect(store.createSession(newSession('b'))).rejects.toThrow();
  faulty.problem = 'read-only';
  await expect(store.deleteSession('log-a')).rejects.toThrow();
  faulty.problem = null;
  await store.append(append('log-a', 0));
  expect(told).toEqual(['full', 'read-only', null]);
});

test('an error that is not about storage says nothing of it', async () => {
  const { told, store } = await setup();
  await expect(store.append(append('log-x', 0))).rejects.toThrow(StoreMissing);
  expect(told).toEqual([]);
});

test('closed: no timer is left, and nothing is told any more', async () => {
  const { timers, told, faulty, store } = await setup();
  faulty.problem = 'failing';
  await expect(store.check()).rejects.toThrow();
  expect(timers.pending).toBe(1);
  await store.close();
  await store.close();
  expect(timers.pending).toBe(0);
  await expect(store.check()).rejects.toThrow();
  expect([timers.pending, told]).toEqual([0, ['failing']]);
});
