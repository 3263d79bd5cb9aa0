// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeLayout, type FakeLayout } from '../testing/fake-layout.ts';
import { followEnd, type FollowEnd } from './follow-end.ts';

let layout: FakeLayout;
let box: HTMLElement;
let follow: FollowEnd;
let atEnd: boolean[];
beforeEach(() => {
  layout = fakeLayout();
  box = document.createElement('div');
  const content = document.createElement('div');
  atEnd = [];
  follow = followEnd(box, content, (is) => atEnd.push(is));
});
afterEach(() => {
  follow.close();
  layout.close();
});
/** Content of that height, as the next frame has it. */
const grow = (height: number) => {
  layout.content = height;
  layout.resized();
};
const scroll = (top: number) => {
  box.scrollTop = top;
  box.dispatchEvent(new Event('scroll'));
};

test('begins at the end and stays there', () => {
  grow(1_000);
  expect(box.scrollTop).toBe(900);
  grow(1_500);
  expect([box.scrollTop, atEnd.at(-1)]).toEqual([1_400, true]);
});

test('a smaller box keeps its end in view', () => {
  grow(1_000);
  layout.box = 60;
  layout.resized();
  expect(box.scrollTop).toBe(940);
});

test('a reader who scrolled up is left alone, and comes back to the end by scrolling there', () => {
  grow(1_000);
  scroll(500);
  expect(atEnd.at(-1)).toBe(false);
  grow(1_500);
  expect(box.scrollTop).toBe(500);
  scroll(1_390);
  expect(atEnd.at(-1)).toBe(true);
  grow(1_600);
  expect(box.scrollTop).toBe(1_500);
});

test('what came between the last frame and a scroll event does not take the reader from the end', () => {
  grow(1_000);
  layout.content = 1_200;
  box.dispatchEvent(new Event('scroll'));
  expect(atEnd.at(-1)).toBe(true);
  layout.resized();
  expect(box.scrollTop).toBe(1_100);
});

test('taken elsewhere, the reader stays there; taken to the end, they follow it again', () => {
  grow(1_000);
  follow.goTo(() => (box.scrollTop = 20));
  expect([box.scrollTop, atEnd.at(-1)]).toEqual([20, false]);
  grow(1_700);
  expect(box.scrollTop).toBe(20);
  // The scroll event comes late, and what is seen has grown: still not at the end.
  layout.content = 5_000;
  follow.goTo(() => (box.scrollTop = 2_000));
  box.dispatchEvent(new Event('scroll'));
  layout.resized();
  expect([box.scrollTop, atEnd.at(-1)]).toEqual([2_000, false]);
  follow.goTo(() => (box.scrollTop = 4_900));
  grow(6_000);
  expect([box.scrollTop, atEnd.at(-1)]).toEqual([5_900, true]);
});

test('[H11] after close, twice, nothing listens', () => {
  follow.close();
  follow.close();
  expect(layout.observed).toBe(0);
  scroll(0);
  expect(atEnd).toEqual([]);
});
