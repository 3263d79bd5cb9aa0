import { expect, test } from 'vitest';
import type { Connection } from '../../shared/hub-api.ts';
import { createFakeTimers } from '../testing/fake-env.ts';
import { createImpatience, IMPATIENT_MS } from './impatience.ts';

const RECONNECTING: Connection = {
  state: 'reconnecting',
  attempt: 3,
  since: 0,
  retryAt: 9_000,
  error: { code: 'network', message: 'gone' },
};

function begin() {
  const timers = createFakeTimers();
  const world = { visible: true, told: 0 };
  const impatience = createImpatience({
    timers,
    visible: () => world.visible,
    tell() {
      world.told += 1;
    },
  });
  return { timers, world, impatience };
}

test('[H8] a page in view tells again and again that somebody looks, until it is live', () => {
  const { timers, world, impatience } = begin();
  impatience.onConnection({ state: 'live' });
  expect(timers.count).toBe(0);
  impatience.onConnection(RECONNECTING);
  impatience.onConnection({ ...RECONNECTING, attempt: 4 });
  timers.advance(IMPATIENT_MS - 1);
  expect(world.told).toBe(0);
  timers.advance(1);
  expect(world.told).toBe(1);
  timers.advance(IMPATIENT_MS);
  expect(world.told).toBe(2);
  impatience.onConnection({ state: 'live' });
  expect(timers.count).toBe(0);
});

test('[H8] a page in the background is patient; one that comes into view tells at once', () => {
  const { timers, world, impatience } = begin();
  impatience.look();
  expect(world.told).toBe(0);
  world.visible = false;
  impatience.onConnection(RECONNECTING);
  timers.advance(IMPATIENT_MS);
  timers.advance(IMPATIENT_MS);
  expect(world.told).toBe(0);
  world.visible = true;
  impatience.look();
  expect(world.told).toBe(1);
});

test('stopped, twice: no timer is left, and nothing is told', () => {
  const { timers, world, impatience } = begin();
  impatience.onConnection(RECONNECTING);
  impatience.stop();
  impatience.stop();
  impatience.look();
  expect([timers.count, world.told]).toEqual([0, 0]);
});
