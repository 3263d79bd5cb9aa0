/** The worker's heap while the hub holds twenty running sessions: what is left after a collection. */
import type { Browser } from 'playwright';
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
  const heap = await workerHeap(browser, site.origin);
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

/** @returns a function that measures the one SharedWorker of that origin, garbage collected */
async function workerHeap(browser: Browser, origin: string): Promise<() => Promise<number>> {
  const session = await browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  const worker = targetInfos.find(
    ({ type, url }) => type === 'shared_worker' && url.startsWith(origin),
  );
  if (worker === undefined) throw new Error('no shared worker');
  // Not flattened: Playwright's session passes no messages of other sessions on.
  const { sessionId } = await session.send('Target.attachToTarget', {
    targetId: worker.targetId,
    flatten: false,
  });
  let id = 0;
  const call = (method: string): Promise<Record<string, unknown>> =>
    new Promise((resolve) => {
      id += 1;
      const mine = id;
      const listen = (event: { sessionId: string; message: string }): void => {
        const answer = JSON.parse(event.message) as { id: number; result: Record<string, unknown> };
        if (event.sessionId !== sessionId || answer.id !== mine) return;
        session.off('Target.receivedMessageFromTarget', listen);
        resolve(answer.result);
      };
      session.on('Target.receivedMessageFromTarget', listen);
      void session.send('Target.sendMessageToTarget', {
        sessionId,
        message: JSON.stringify({ id: mine, method }),
      });
    });
  return async () => {
    await call('HeapProfiler.collectGarbage');
    const { usedSize } = await call('Runtime.getHeapUsage');
    return Number(usedSize);
  };
}
