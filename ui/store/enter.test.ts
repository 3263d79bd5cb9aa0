import { expect, test } from 'vitest';
import { createFakeAlertsEnv } from '../testing/fake-alerts-env.ts';
import { createEnterKey, sendsMessage, type KeyPress } from './enter.ts';

const press = (keys: string): KeyPress => ({
  key: keys.includes('Enter') ? 'Enter' : 'a',
  shiftKey: keys.includes('Shift'),
  ctrlKey: keys.includes('Ctrl'),
  metaKey: keys.includes('Meta'),
});

test.each([
  ['Enter', true, false],
  ['Shift+Enter', false, false],
  ['Ctrl+Enter', true, true],
  ['Meta+Enter', true, true],
  ['Ctrl+Shift+Enter', false, false],
  ['Ctrl+a', false, false],
])('[P42] %s sends: %s where Enter sends, %s where it breaks the line', (keys, sends, breaks) => {
  expect(sendsMessage('sends', press(keys))).toBe(sends);
  expect(sendsMessage('breaks', press(keys))).toBe(breaks);
});

test('[P42] Enter sends, but on a touch screen it breaks the line, until somebody chooses', () => {
  const env = createFakeAlertsEnv();
  expect(createEnterKey(env, false).value.value).toBe('sends');
  const touched = createEnterKey(env, true);
  expect(touched.value.value).toBe('breaks');
  touched.set('sends');
  expect(createEnterKey(env, true).value.value).toBe('sends');
  const elsewhere = createEnterKey(env, false);
  env.changeElsewhere('tabcast.enter', 'breaks');
  expect(elsewhere.value.value).toBe('breaks');
});
