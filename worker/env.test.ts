import { afterEach, expect, test, vi } from 'vitest';
import { browserEnv } from './env.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('[H12] a hub has an id of its own also over plain HTTP on another address than loopback', () => {
  const { getRandomValues } = crypto;
  // What an insecure context has of it.
  vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto) });
  vi.stubGlobal('location', { origin: 'http://192.0.2.1:4180' });
  const env = browserEnv('build');
  const [one, two] = [env.newId(), env.newId()];
  expect(one).toMatch(/^[\w-]{1,64}$/);
  expect(two).not.toBe(one);
});
