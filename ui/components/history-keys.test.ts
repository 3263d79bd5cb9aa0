import { expect, test } from 'vitest';
import { historyStep } from './history-keys.ts';

const key = (name: string, held: 'shiftKey' | 'ctrlKey' | null = null) => ({
  key: name,
  shiftKey: held === 'shiftKey',
  ctrlKey: held === 'ctrlKey',
  altKey: false,
  metaKey: false,
});
const box = (text: string) => {
  const at = text.indexOf('|');
  return { value: text.replace('|', ''), selectionStart: at, selectionEnd: at };
};

test.each([
  ['ArrowUp', '|', false, 'older'],
  ['ArrowUp', '|typed', false, 'older'],
  ['ArrowUp', 'ty|ped', false, null],
  ['ArrowDown', '|', false, null],
  ['Escape', '|', false, null],
  ['ArrowUp', 'an earlier one|', true, 'older'],
  ['ArrowUp', 'two\nlines|', true, null],
  ['ArrowUp', 'tw|o\nlines', true, 'older'],
  ['ArrowDown', 'tw|o\nlines', true, null],
  ['ArrowDown', 'two\nli|nes', true, 'newer'],
  ['Escape', 'an earlier one|', true, 'leave'],
] as const)('[P45] %s at %j, going through history: %s', (name, text, browsing, step) => {
  expect(historyStep(key(name), box(text), browsing)).toBe(step);
  expect(historyStep(key(name, 'shiftKey'), box(text), browsing)).toBeNull();
});

test('[P45] a selection is moved by arrows, and history is not', () => {
  const selected = { value: 'abc', selectionStart: 0, selectionEnd: 3 };
  expect(historyStep(key('ArrowUp'), selected, false)).toBeNull();
  expect(historyStep(key('ArrowUp'), selected, true)).toBeNull();
});
