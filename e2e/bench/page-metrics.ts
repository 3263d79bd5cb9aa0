/** What a page costs its main thread and its memory, as Chromium counts it. */
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright';

export interface Spent {
  /**
   * Milliseconds of a processor that the main thread took: script, style, layout, paint, garbage collection. What other
   * programs do meanwhile is not in it.
   */
  busy: number;
  /** Milliseconds on the clock. */
  wall: number;
}

export interface Held {
  /** Bytes of JavaScript's heap after a collection. */
  heap: number;
  /** DOM nodes. */
  nodes: number;
}

export interface Meter {
  /** Since some moment before. */
  spent(): Promise<Spent>;
  held(): Promise<Held>;
  /** Milliseconds of each task above 50, since this was asked last. */
  longTasks(): Promise<number[]>;
}

declare global {
  var longTasks: number[];
}

/** For pages in which functions of the bench run: they are compiled to call a helper, which pages lack. */
export async function newBenchContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext();
  await context.addInitScript('globalThis.__name = (it) => it');
  return context;
}

/** Of the page's renderer: a SharedWorker has a thread of its own and is not in it. */
export async function meterOf(page: Page): Promise<Meter> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.evaluate(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longTasks.push(duration);
    }).observe({ type: 'longtask' });
  });
  return {
    async spent() {
      const metrics = await metricsOf(session);
      return { busy: 1000 * metrics('TaskDuration'), wall: performance.now() };
    },
    async held() {
      await session.send('HeapProfiler.collectGarbage');
      const metrics = await metricsOf(session);
      return { heap: metrics('JSHeapUsedSize'), nodes: metrics('Nodes') };
    },
    longTasks: () => page.evaluate(() => globalThis.longTasks.splice(0)),
  };
}

async function metricsOf(session: CDPSession): Promise<(name: string) => number> {
  const { metrics } = await session.send('Performance.getMetrics');
  const values = new Map(metrics.map(({ name, value }) => [name, value]));
  return (name) => values.get(name) ?? Number.NaN;
}

/** Between two looks. */
export function between(from: Spent, to: Spent): Spent {
  return { busy: to.busy - from.busy, wall: to.wall - from.wall };
}
