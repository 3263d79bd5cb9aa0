import { expect, test } from 'vitest';
import { afterKey } from './choice-keys.ts';

const names = ['Ask', 'Code', 'Check'];
const press = (key: string, at: number | null, keys = {}) =>
  afterKey(
    { key, ctrlKey: false, metaKey: false, altKey: false, ...keys },
    { at, chosen: 1, names },
  );

test('[P86] a closed list opens at what is chosen, and leaves other keys alone', () => {
  for (const key of ['Enter', ' ', 'ArrowDown', 'ArrowUp']) {
    expect(press(key, null)).toEqual({ at: 1, chooses: false });
  }
  for (const key of ['Tab', 'Escape', 'c', 'Home']) expect(press(key, null)).toBeNull();
});

test.each([
  ['ArrowDown', 1, 2],
  ['ArrowDown', 2, 2],
  ['ArrowUp', 1, 0],
  ['ArrowUp', 0, 0],
  ['Home', 2, 0],
  ['End', 0, 2],
  ['c', 0, 1],
  ['C', 1, 2],
  ['c', 2, 1],
  ['x', 2, 2],
  ['Escape', 2, null],
])('[P86] %s at %i of an open list leads to %s', (key, at, to) => {
  expect(press(key, at)).toEqual({ at: to, chooses: false });
});

test('[P86] Enter and Space choose; what the page or the browser does with a key stays theirs', () => {
  expect(press('Enter', 2)).toEqual({ at: null, chooses: true });
  expect(press(' ', 2)).toEqual({ at: null, chooses: true });
  expect(press('Tab', 2)).toBeNull();
  expect(press('k', 2, { ctrlKey: true })).toBeNull();
  expect(press('c', 0, { altKey: true })).toBeNull();
  const none = { key: 'Enter', ctrlKey: false, metaKey: false, altKey: false };
  expect(afterKey(none, { at: null, chosen: 0, names: [] })).toBeNull();
});
