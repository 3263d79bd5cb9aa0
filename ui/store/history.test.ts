import { expect, test } from 'vitest';
import { queued, running, settled, stateOf } from '../testing/fixtures.ts';
import { createHistory, sentTexts } from './history.ts';

const LOG = 'log-a';
const textOf = (history: ReturnType<typeof createHistory>) => {
  const browse = history.of(LOG);
  return browse === null ? null : browse.entries[browse.at];
};

test('[P45] what was sent, the newest first: waiting, running, settled, and what was paged in', () => {
  const state = stateOf(LOG, [
    ...settled('t1', 'one', 'x'),
    ...settled('t2', 'two', 'x'),
    ...settled('t3', 'two', 'x'),
    ...running('t4', 'three', 'x'),
    queued('t5', 'four'),
    queued('t6', '  '),
  ]);
  expect(sentTexts(state, [])).toEqual(['four', 'three', 'two', 'one']);
  const [old] = stateOf(LOG, settled('t0', 'zero', 'x')).turns;
  expect(sentTexts(state, old === undefined ? [] : [old]).at(-1)).toBe('zero');
});

test('[P45] back and forth, and home to the half-typed message', () => {
  const history = createHistory();
  expect(history.older(LOG, [])).toBe(false);
  expect(history.older(LOG, ['b', 'a'])).toBe(true);
  expect(textOf(history)).toBe('b');
  // What is sent meanwhile moves nothing under the reader's eyes.
  expect(history.older(LOG, ['c', 'b', 'a'])).toBe(true);
  expect(textOf(history)).toBe('a');
  expect(history.older(LOG, ['c', 'b', 'a'])).toBe(false);
  expect(textOf(history)).toBe('a');
  expect(history.of('log-b')).toBeNull();
  history.newer(LOG);
  expect(textOf(history)).toBe('b');
  history.newer(LOG);
  expect(history.of(LOG)).toBeNull();
  history.older(LOG, ['b']);
  history.leave(LOG);
  expect(history.of(LOG)).toBeNull();
});

test('[P45] a half-typed message that gives way is the newest entry, and comes back', () => {
  const history = createHistory();
  history.older(LOG, ['b', 'a']);
  history.adopt(LOG, 'half');
  expect(history.of(LOG)).toBeNull();
  history.older(LOG, ['b', 'a']);
  expect(textOf(history)).toBe('half');
  history.leave(LOG);
  expect(history.takeAside(LOG)).toBe('half');
  expect(history.takeAside(LOG)).toBe('');
  history.older(LOG, ['b']);
  history.adopt(LOG, ' ');
  expect(history.takeAside(LOG)).toBe('');
});
