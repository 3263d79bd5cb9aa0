import { expect, test } from 'vitest';
import { createFrames, FRAME_MS } from './frames.ts';
import { createFakeFrames, createFakeTimers } from './testing/fake-env.ts';

function setUp() {
  const drawn = createFakeFrames();
  const timers = createFakeTimers();
  const page = { visible: true };
  const frames = createFrames({
    requestFrame: drawn.request,
    cancelFrame: drawn.cancel,
    setTimeout: timers.setTimeout,
    clearTimeout: timers.clearTimeout,
    visible: () => page.visible,
  });
  let runs = 0;
  const request = () => frames.request(() => (runs += 1));
  return { drawn, timers, page, frames, request, runs: () => runs };
}

test('[T5] runs in the frame that comes, once, and leaves nothing', () => {
  const { drawn, timers, request, runs } = setUp();
  request();
  expect(runs()).toBe(0);
  drawn.paint();
  expect([runs(), drawn.count, timers.count]).toEqual([1, 0, 0]);
  timers.advance(FRAME_MS);
  expect(runs()).toBe(1);
});

test('[T5] a visible page that gets no frame does not wait for one', () => {
  const { drawn, timers, request, runs } = setUp();
  request();
  timers.advance(FRAME_MS - 1);
  expect(runs()).toBe(0);
  timers.advance(1);
  expect([runs(), drawn.count, timers.count]).toEqual([1, 0, 0]);
});

test('[T5] a hidden page waits for the frame that it gets when it is shown', () => {
  const { drawn, timers, page, request, runs } = setUp();
  page.visible = false;
  request();
  timers.advance(60_000);
  expect([runs(), timers.count]).toEqual([0, 0]);
  page.visible = true;
  drawn.paint();
  expect(runs()).toBe(1);
});

test('[H11] a request that is taken back leaves neither frame nor timer', () => {
  const { drawn, timers, frames, request, runs } = setUp();
  frames.cancel(request());
  expect([drawn.count, timers.count]).toEqual([0, 0]);
  drawn.paint();
  timers.advance(FRAME_MS);
  expect(runs()).toBe(0);
});
