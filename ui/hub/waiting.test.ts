import { expect, test } from 'vitest';
import { createFakeTimers } from '../testing/fake-env.ts';
import { createWaiting } from './waiting.ts';

test('what arrives is told to all that wait, once, and no timer stays', async () => {
  const timers = createFakeTimers();
  const waiting = createWaiting<string>(timers);
  const both = Promise.all([waiting.wait(10), waiting.wait(20)]);
  waiting.tell('hub');
  expect(await both).toEqual(['hub', 'hub']);
  expect(timers.count).toBe(0);
  const late = waiting.wait(10);
  waiting.tell(null);
  expect(await late).toBeNull();
});

test('who waited too long gets nothing; the others wait on', async () => {
  const timers = createFakeTimers();
  const waiting = createWaiting<string>(timers);
  const short = waiting.wait(10);
  const long = waiting.wait(20);
  timers.advance(10);
  expect(await short).toBeNull();
  waiting.tell('hub');
  expect(await long).toBe('hub');
  expect(timers.count).toBe(0);
});
