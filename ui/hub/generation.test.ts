import { expect, test } from 'vitest';
import type { KeyValue } from '../env.ts';
import { createGenerations, workerName } from './generation.ts';

function fakeStorage(): KeyValue & { refuses: boolean } {
  const values = new Map<string, string>();
  const storage = {
    refuses: false,
    getItem(key: string) {
      if (storage.refuses) throw new Error('refused');
      return values.get(key) ?? null;
    },
    setItem(key: string, value: string) {
      if (storage.refuses) throw new Error('refused');
      values.set(key, value);
    },
  };
  return storage;
}

test('[T4] tabs that lose a worker at the same time come to the same next one, and so does a later tab', () => {
  const storage = fakeStorage();
  const [one, two] = [createGenerations(storage), createGenerations(storage)];
  expect([one.current(), two.current()]).toEqual([0, 0]);
  expect([one.after(0), two.after(0)]).toEqual([1, 1]);
  expect(createGenerations(storage).current()).toBe(1);
  expect(one.after(1)).toBe(2);
  expect(two.current()).toBe(2);
  expect(two.after(0)).toBe(2);
});

test('[T4] without storage, or one that refuses or holds nonsense, a tab counts for itself', () => {
  expect(createGenerations(null).after(0)).toBe(1);
  const storage = fakeStorage();
  storage.setItem('tabcast.hub', 'nonsense');
  const generations = createGenerations(storage);
  expect(generations.current()).toBe(0);
  storage.refuses = true;
  expect(generations.after(0)).toBe(1);
  expect(generations.current()).toBe(1);
});

test('[T4] each worker has its own name', () => {
  expect([0, 1, 2].map(workerName)).toEqual(['tabcast', 'tabcast-1', 'tabcast-2']);
});
