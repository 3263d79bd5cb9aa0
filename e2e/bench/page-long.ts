/** Sessions of 1,000 turns: opening one, streaming into it, reading all of it, and going to and fro between two. */
import type { Browser, Page } from 'playwright';
import { openTab, type Tab } from '../fixtures/test.ts';
import type { TestServer } from '../fixtures/server.ts';
import { median, thousands, type Figure } from './figures.ts';
import { between, meterOf, newBenchContext, type Held, type Meter } from './page-metrics.ts';
import { markdownCommand } from './page-streaming.ts';

export const LONG = { turns: 1000, cards: 5 };
const STREAMS = 4;
const STREAM_KILOBYTES = 8;
const SWITCHES = 20;
/** A page that changed nothing for so long is at rest. */
const QUIET_MS = 700;
/** Turns between two looks at the memory. */
const STRETCH = 50;
/** Pages of turns come and go in steps: up to here the most is seen that a reader near the end has. */
const SOON = 300;

export async function benchLongSessions(
  browser: Browser,
  server: TestServer,
  ids: readonly string[],
): Promise<Figure[]> {
  const context = await newBenchContext(browser);
  const empty = await server.create('Empty');
  const tab = await openTab(context, server.origin, server.link, empty.id);
  await tab.message.waitFor();
  const meter = await meterOf(tab.page);

  const paints: number[] = [];
  for (const id of ids) paints.push(await untilShown(tab, id));
  const paint = median(paints);
  console.log(`first paint: ${paints.map(Math.round).join(' ')} ms`);

  const [a = '', b = ''] = ids;
  const reading = await readAll(tab, meter);
  const streams = await streamInto(tab, meter, server, a);
  const switches = await switchBetween(tab, server, [a, b]);
  await context.close();

  const worst = Math.max(...switches);
  const ratio = streams.long / streams.empty;
  const mb = ({ heap }: Held) => `${(heap / 1e6).toFixed(1)} MB`;
  const growth = reading.most.heap / reading.soon.heap;
  const nodes = reading.most.nodes / reading.soon.nodes;
  const many = `${thousands(LONG.turns)} turns and ${thousands(LONG.turns * LONG.cards)} tool cards`;
  return [
    {
      what: `A session of ${many}: from the click to its last page on the screen, first time, median of ${ids.length} (most: ${Math.round(Math.max(...paints))} ms)`,
      measured: `${Math.round(paint)} ms`,
      target: '≤ 200 ms',
      ok: paint <= 200,
    },
    {
      what: `… streaming into it (${Math.round(streams.long)} ms of main thread for ${STREAM_KILOBYTES} kB), against into an empty one (${Math.round(streams.empty)} ms)`,
      measured: `${ratio.toFixed(2)} ×`,
      target: '≤ 1.2 ×',
      ok: ratio <= 1.2,
    },
    {
      what: `… the page’s heap while all of it is scrolled through, to the top and back: most (${mb(reading.most)}) over the most in the first ${SOON} turns (${mb(reading.soon)})`,
      measured: `${growth.toFixed(2)} ×`,
      target: '≤ 1.25 ×',
      ok: growth <= 1.25,
    },
    {
      what: `… its DOM nodes: ${thousands(reading.most.nodes)} over ${thousands(reading.soon.nodes)}`,
      measured: `${nodes.toFixed(2)} ×`,
      target: '≤ 1.25 ×',
      ok: nodes <= 1.25,
    },
    {
      what: `Switching between two of them while both stream: from the click to the frame that shows the other, most of ${SWITCHES} (median ${Math.round(median(switches))} ms)`,
      measured: `${Math.round(worst)} ms`,
      target: '≤ 100 ms',
      ok: worst <= 100,
    },
  ];
}

/** Clicks on a session. @returns milliseconds until a frame with its end in it is on the screen */
function untilShown({ page }: Tab, id: string): Promise<number> {
  return page.evaluate(async (id) => {
    const link = document.querySelector<HTMLElement>(`a[data-session-id="${id}"]`);
    if (link === null) throw new Error(`no link to ${id}`);
    const before = document.querySelector('[role=log]');
    const began = performance.now();
    link.click();
    for (;;) {
      await new Promise(requestAnimationFrame);
      const log = document.querySelector('[role=log]');
      if (log === null || log === before) continue;
      if (log.querySelector('article, .blank') === null) continue;
      // A message of its own comes after the frame that is being made.
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = resolve;
        port2.postMessage(null);
      });
      return performance.now() - began;
    }
  }, id);
}

/** The same answer into both, in turn. @returns medians of the main thread's milliseconds */
async function streamInto(
  tab: Tab,
  meter: Meter,
  server: TestServer,
  long: string,
): Promise<{ long: number; empty: number }> {
  const costs = { long: [] as number[], empty: [] as number[] };
  for (let round = 0; round <= STREAMS; round += 1) {
    const empty = (await server.create()).id;
    await tab.link(empty).waitFor();
    for (const [name, id] of [
      ['long', long],
      ['empty', empty],
    ] as const) {
      await untilOpen(tab, id);
      const before = await meter.spent();
      const turnId = await server.prompt(id, markdownCommand(STREAM_KILOBYTES));
      await tab.page.waitForFunction(
        (turnId) =>
          document
            .querySelector(`article[aria-label="Agent"][data-turn-id="${turnId}"]`)
            ?.getAttribute('aria-busy') === 'false',
        turnId,
        { polling: 200 },
      );
      // The first round warms up the engine.
      if (round > 0) costs[name].push(between(before, await meter.spent()).busy);
    }
  }
  console.log(
    `streaming: into a long session ${costs.long.map(Math.round).join(' ')}, into an empty one ${costs.empty.map(Math.round).join(' ')} ms`,
  );
  return { long: median(costs.long), empty: median(costs.empty) };
}

/** Opens a session and lets the page come to rest: what is put in by steps is no cost of what comes then. */
async function untilOpen(tab: Tab, id: string): Promise<void> {
  await untilShown(tab, id);
  await tab.page.evaluate(async (quiet) => {
    const limit = performance.now() + 5_000;
    let changed = performance.now();
    const observer = new MutationObserver(() => (changed = performance.now()));
    observer.observe(document.body, { subtree: true, childList: true });
    while (performance.now() < Math.min(limit, changed + quiet)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    observer.disconnect();
  }, QUIET_MS);
}

interface Reading {
  /** The most of the first `SOON` turns. */
  soon: Held;
  most: Held;
}

const most = (held: readonly Held[]): Held => ({
  heap: Math.max(...held.map(({ heap }) => heap)),
  nodes: Math.max(...held.map(({ nodes }) => nodes)),
});

/** Scrolls the open session from its end to its first turn and back. */
async function readAll({ page }: Tab, meter: Meter): Promise<Reading> {
  const held: Held[] = [];
  for (let to = LONG.turns - STRETCH; to > 0; to -= STRETCH) {
    await scrollTo(page, to, 'up');
    held.push(await meter.held());
  }
  await scrollTo(page, 0, 'up');
  held.push(await meter.held());
  for (let to = STRETCH; to < LONG.turns; to += STRETCH) {
    await scrollTo(page, to, 'down');
    held.push(await meter.held());
  }
  console.log(
    `heap: ${held.map(({ heap }) => (heap / 1e6).toFixed(1)).join(' ')} MB; nodes: ${held.map(({ nodes }) => nodes).join(' ')}`,
  );
  return { soon: most(held.slice(0, SOON / STRETCH)), most: most(held) };
}

/** As one who reads on in that direction, a screen per frame, until the turn of that ordinal is there. */
function scrollTo(page: Page, ordinal: number, way: 'up' | 'down'): Promise<void> {
  return page.evaluate(
    async ([ordinal, way]) => {
      const box = document.querySelector('.transcript');
      if (!(box instanceof HTMLElement)) throw new Error('no transcript');
      const inView = () => {
        const { top, bottom } = box.getBoundingClientRect();
        return [...box.querySelectorAll<HTMLElement>('article')]
          .filter((article) => {
            const at = article.getBoundingClientRect();
            return at.bottom > top && at.top < bottom;
          })
          .map((article) => Number(/\d+$/.exec(article.dataset['turnId'] ?? '')?.[0]));
      };
      const limit = performance.now() + 60_000;
      for (;;) {
        const seen = inView();
        if (seen.some((at) => (way === 'up' ? at <= ordinal : at >= ordinal))) return;
        if (performance.now() > limit) throw new Error(`at ${seen.join(' ')}, not at ${ordinal}`);
        // Not past where turns are missing: whoever jumps to the end reads nothing between.
        const gap = box.querySelector('.gap')?.getBoundingClientRect().top ?? Infinity;
        const step = box.clientHeight - 40;
        if (way === 'up') box.scrollTop -= step;
        else if (gap > box.getBoundingClientRect().bottom) box.scrollTop += step;
        else box.scrollTop += 1;
        await new Promise(requestAnimationFrame);
      }
    },
    [ordinal, way] as const,
  );
}

async function switchBetween(
  tab: Tab,
  server: TestServer,
  ids: readonly [string, string],
): Promise<number[]> {
  const running = await Promise.all(
    ids.map(async (id) => [id, await server.prompt(id, '/count 100000 50')] as const),
  );
  for (const id of ids) {
    await untilOpen(tab, id);
    await tab.button('Stop').waitFor();
  }
  const times: number[] = [];
  for (let n = 0; n < SWITCHES; n += 1) {
    times.push(await untilShown(tab, ids[n % 2] ?? ''));
    // They stream on for a while.
    await tab.page.waitForTimeout(150);
  }
  for (const [id, turnId] of running) {
    await server.api('POST', `/api/sessions/${id}/turns/${turnId}/cancel`);
  }
  console.log(`switching: ${times.map(Math.round).join(' ')} ms`);
  return times;
}
