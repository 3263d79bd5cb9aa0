/** Events per second from the hub into the folds of ten tabs, against three ways without a hub. */
import type { Browser, Page } from 'playwright';
import { openBenchTab, startBenchSite } from './browser.ts';
import { median, thousands, type Figure } from './figures.ts';
import type { Job } from './pages/jobs.ts';

const TABS = 10;
const ROUNDS = 4;

/** As many events as take about a second. */
const WAYS = {
  limit: { kind: 'batches', events: 24_000, merges: false },
  raw: { kind: 'raw', events: 3_000, merges: false },
  comlink: { kind: 'comlink', events: 1_000, merges: false },
  hub: { kind: 'hub', events: 24_000, merges: false },
  merged: { kind: 'hub', events: 24_000, merges: true },
} as const;
type Way = keyof typeof WAYS;

export async function benchDeliveries(browser: Browser): Promise<Figure[]> {
  const site = await startBenchSite();
  const context = await browser.newContext();
  const pages: Page[] = [];
  for (let tab = 0; tab < TABS; tab += 1) {
    pages.push(await openBenchTab(await context.newPage(), site.origin));
  }
  const [first] = pages;
  let share = 1;

  const measure = async (way: Way, run: number): Promise<number> => {
    const job: Job = { ...WAYS[way], sessions: 1, prepare: true, run };
    const name = JSON.stringify(job);
    await Promise.all(
      pages.map((page, tab) =>
        page.evaluate(([name, tab]) => globalThis.bench.prepare(name, tab), [name, tab] as const),
      ),
    );
    const began = (await first?.evaluate((name) => globalThis.bench.go(name), name)) ?? 0;
    const got = await Promise.all(
      pages.map((page) => page.evaluate(() => globalThis.bench.done())),
    );
    await Promise.all(
      pages.map((page) => page.evaluate((name) => globalThis.bench.close(name), name)),
    );
    const ended = Math.max(...got.map((one) => one?.doneAt ?? Infinity));
    // What a snapshot stood for, to a tab that was far behind, is not counted.
    const delivered = got.reduce((sum, one) => sum + (one?.events ?? 0), 0);
    share = Math.min(share, delivered / (job.events * TABS));
    return (delivered * 1000) / (ended - began);
  };

  const rates: Record<Way, number[]> = { limit: [], raw: [], comlink: [], hub: [], merged: [] };
  // The first round warms up the engines.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const way of Object.keys(WAYS) as Way[]) {
      const rate = await measure(way, round);
      if (round > 0) rates[way].push(rate);
    }
  }
  await context.close();
  site.close();

  const at = (way: Way): string => `${thousands(median(rates[way]))}/s`;
  const ratio = (over: Way): number =>
    median(rates.hub.map((rate, n) => rate / (rates[over][n] ?? 0)));
  console.log(
    `deliveries to ${TABS} tabs: hub ${at('hub')} (text merged: ${at('merged')}), limit ${at('limit')}, raw ${at('raw')}, Comlink ${at('comlink')}; at least ${(100 * share).toFixed(0)} % came as events in each run, else as snapshots`,
  );
  return [
    {
      what: `Deliveries to ${TABS} tabs, hub ${at('hub')}, against raw \`postMessage\` in batches of 16 (${at('limit')})`,
      measured: `${ratio('limit').toFixed(2)} ×`,
      target: '≥ 0.6 ×',
      ok: ratio('limit') >= 0.6,
    },
    {
      what: `… against a Comlink call per event (${at('comlink')})`,
      measured: `${ratio('comlink').toFixed(1)} ×`,
      target: '≥ 8 ×',
      ok: ratio('comlink') >= 8,
    },
    {
      what: `… against a raw \`postMessage\` per event (${at('raw')})`,
      measured: `${ratio('raw').toFixed(1)} ×`,
      target: '',
      ok: true,
    },
  ];
}
