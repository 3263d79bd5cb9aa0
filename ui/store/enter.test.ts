import { expect, test } from 'vitest';
import { createFakeAlertsEnv } from '../testing/fake-alerts-env.ts';
import { createEnterSetting, sendsMessage, type KeyPress } from './enter.ts';

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
  expect(createEnterSetting({ ...env, touch: false }).key.value).toBe('sends');
  const touched = createEnterSetting({ ...env, touch: true });
  expect(touched.key.value).toBe('breaks');
  touched.set('sends');
  expect(createEnterSetting({ ...env, touch: true }).key.value).toBe('sends');
});

test('[P42] the choice is heard in other tabs, and holds where nothing can be stored', () => {
  const env = createFakeAlertsEnv();
  const setting = createEnterSetting({ ...env, touch: false });
  env.changeElsewhere('tabcast.enter', 'breaks');
  expect(setting.key.value).toBe('breaks');
  env.changeElsewhere('tabcast.enter', 'nonsense');
  expect(setting.key.value).toBe('sends');
  setting.close();
  setting.close();
  expect(env.listeners).toBe(0);

  const refuse = () => {
    throw new Error('refused');
  };
  const storage = { getItem: refuse, setItem: refuse };
  const alone = createEnterSetting({ storage, onStorage: () => () => {}, touch: false });
  alone.set('breaks');
  expect(alone.key.value).toBe('breaks');
});
