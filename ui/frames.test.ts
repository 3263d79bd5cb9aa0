import { expect, test } from 'vitest';
import { createFrames, FASTEST_MS, SLOWEST_MS } from './frames.ts';
import { createFakeFrames, createFakeTimers } from './testing/fake-env.ts';

function setUp() {
  const drawn = createFakeFrames();
  const timers = createFakeTimers();
  const page = { visible: true, cost: 0 };
  const frames = createFrames({
    requestFrame: drawn.request,
    cancelFrame: drawn.cancel,
    setTimeout: timers.setTimeout,
    clearTimeout: timers.clearTimeout,
    visible: () => page.visible,
    measure: (done) => done(page.cost),
  });
  let runs = 0;
  const request = () => frames.request(() => (runs += 1));
  return { drawn, timers, page, frames, request, runs: () => runs };
}

test('[T5] runs a pace later, whether the browser draws or not, once, and leaves nothing', () => {
  const { drawn, timers, request, runs } = setUp();
  request();
  drawn.paint();
  timers.advance(FASTEST_MS - 1);
  expect(runs()).toBe(0);
  timers.advance(1);
  expect([runs(), drawn.count, timers.count]).toEqual([1, 0, 0]);
  drawn.paint();
  timers.advance(FASTEST_MS);
  expect(runs()).toBe(1);
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
  const { drawn, timers, page, frames, request, runs } = setUp();
  frames.cancel(request());
  page.visible = false;
  const late = request();
  timers.advance(FASTEST_MS);
  expect([drawn.count, timers.count]).toEqual([1, 0]);
  frames.cancel(late);
  frames.cancel(late);
  expect([drawn.count, timers.count]).toEqual([0, 0]);
  drawn.paint();
  timers.advance(FASTEST_MS);
  expect(runs()).toBe(0);
});

test('[T5] what costs more is rendered less often: a tenth of the time at most, and 16 times a second at least', () => {
  const { timers, page, request, runs } = setUp();
  const paceAt = (cost: number): number => {
    page.cost = cost;
    // What a rendering costs is known by and by: one that was held up by something else changes little.
    for (let n = 0; n < 30; n += 1) {
      request();
      timers.advance(SLOWEST_MS);
    }
    const before = runs();
    request();
    let ms = 0;
    for (; runs() === before; ms += 1) timers.advance(1);
    return ms;
  };
  expect(paceAt(0.5)).toBe(FASTEST_MS);
  expect(paceAt(3)).toBe(30);
  expect(paceAt(40)).toBe(SLOWEST_MS);
  expect(paceAt(1)).toBe(FASTEST_MS);
});
