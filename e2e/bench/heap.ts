/** The worker's heap while the hub holds twenty running sessions: what is left after a collection. */
import type { Browser } from 'playwright';
import { attachSharedWorker } from '../fixtures/shared-worker.ts';
import { openBenchTab, startBenchSite } from './browser.ts';
import type { Figure } from './figures.ts';
import type { Job } from './pages/jobs.ts';

const SESSIONS = 20;
const EVENTS = 10_000;
const TABS = 10;
const LIMIT_MB = 64;

export async function benchHeap(browser: Browser): Promise<Figure[]> {
  const site = await startBenchSite();
  const context = await browser.newContext();
  const job: Job = {
    kind: 'hub',
    sessions: SESSIONS,
    events: EVENTS,
    merges: true,
    prepare: false,
    run: 0,
  };
  const name = JSON.stringify(job);
  const pages = [];
  for (let tab = 0; tab < TABS; tab += 1) {
    const page = await openBenchTab(await context.newPage(), site.origin);
    await page.evaluate(([name, tab]) => globalThis.bench.prepare(name, tab), [name, tab] as const);
    pages.push(page);
  }
  const { heap } = await attachSharedWorker(browser, site.origin);
  const before = await heap();
  await pages[0]?.evaluate((name) => globalThis.bench.go(name), name);
  await pages[0]?.evaluate((name) => globalThis.bench.filled(name), name);
  const after = await heap();
  await context.close();
  site.close();
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(
    `worker heap: ${mb(after)} with ${SESSIONS} sessions of ${EVENTS} events, ${mb(before)} before them`,
  );
  return [
    {
      what: `Worker heap with ${SESSIONS} running sessions of ${EVENTS.toLocaleString('en-US')} events each (before them: ${mb(before)})`,
      measured: mb(after),
      target: `≤ ${LIMIT_MB} MB`,
      ok: after <= LIMIT_MB * 1e6,
    },
  ];
}
