/** An answer that streams into one tab: what it costs the page's main thread, against the same answer rendered whole per chunk. */
import { createServer } from 'node:http';
import type { Browser } from 'playwright';
import { chunksOf, markdownDocument } from '../../server/agents/demo/markdown.ts';
import { openTab } from '../fixtures/test.ts';
import type { TestServer } from '../fixtures/server.ts';
import { bundle } from './browser.ts';
import { median, type Figure } from './figures.ts';
import { between, meterOf, newBenchContext, type Spent } from './page-metrics.ts';
import type { RenderWhole } from './pages/whole.ts';

const KILOBYTES = 40;
const PER_SECOND = 200;
const ROUNDS = 3;
/** The answer in as many parts of the same length; the first has the page's own start in it. */
const PARTS = 5;

const CHUNKS = chunksOf(markdownDocument(KILOBYTES * 1024));

/** What the demo agent is told, so that it sends `PER_SECOND` chunks a second. */
export function markdownCommand(kilobytes: number): string {
  const chunks = chunksOf(markdownDocument(kilobytes * 1024)).length;
  return `/markdown ${kilobytes} ${((PER_SECOND * kilobytes) / chunks).toFixed(3)}`;
}

interface Round {
  /** Of the main thread, of each part of the answer. */
  parts: Spent[];
  longTasks: number[];
}

export async function benchStreaming(browser: Browser, server: TestServer): Promise<Figure[]> {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await streamOnce(browser, server));
  const whole = await renderWhole(browser);

  const sum = (parts: readonly Spent[], of: keyof Spent) =>
    parts.reduce((all, part) => all + part[of], 0);
  const busy = median(rounds.map(({ parts }) => sum(parts, 'busy')));
  const share = median(rounds.map(({ parts }) => sum(parts, 'busy') / sum(parts, 'wall')));
  const perChunk = (at: number) =>
    median(rounds.map(({ parts }) => (parts.at(at)?.busy ?? 0) / (CHUNKS.length / PARTS)));
  const growth = median(
    rounds.map(({ parts }) => (parts.at(-1)?.busy ?? 0) / (parts.at(1)?.busy ?? 0)),
  );
  const long = rounds.flatMap(({ longTasks }) => longTasks);
  const longest = Math.max(0, ...long);
  console.log(
    `streaming: ${rounds.map(({ parts }) => `[${parts.map((part) => Math.round(part.busy)).join(' ')}]`).join(' ')} ms in parts; tasks above 50 ms: ${long.map(Math.round).join(' ') || 'none'}; whole: ${Math.round(whole.busy)} ms`,
  );
  return [
    {
      what: `Main thread busy while ${KILOBYTES} kB of markdown stream in at ${PER_SECOND} chunks/s, one tab`,
      measured: `${(100 * share).toFixed(1)} %`,
      target: '≤ 15 %',
      ok: share <= 0.15,
    },
    {
      what: '… its longest task',
      measured: longest === 0 ? '< 50 ms' : `${Math.round(longest)} ms`,
      target: '≤ 50 ms',
      ok: longest <= 50,
    },
    {
      what: `… a chunk in the last fifth (${perChunk(-1).toFixed(2)} ms) over one in the second (${perChunk(1).toFixed(2)} ms)`,
      measured: `${growth.toFixed(2)} ×`,
      target: '≤ 1.5 ×',
      ok: growth <= 1.5,
    },
    {
      what: `… the whole answer (${Math.round(busy)} ms) against marked, DOMPurify and innerHTML of all of it per chunk (${(whole.busy / 1000).toFixed(1)} s)`,
      measured: `${(whole.busy / busy).toFixed(0)} × less`,
      target: '≥ 20 ×',
      ok: whole.busy / busy >= 20,
    },
  ];
}

async function streamOnce(browser: Browser, server: TestServer): Promise<Round> {
  const { id } = await server.create();
  const context = await newBenchContext(browser);
  const { page, message, agent } = await openTab(context, server.origin, server.link, id);
  await message.waitFor();
  const meter = await meterOf(page);
  const turnId = await server.prompt(id, markdownCommand(KILOBYTES));
  await agent(turnId).waitFor();
  // In the page: asking it from outside would be work of its own.
  const grown = (length: number) =>
    page.evaluate(
      ([turnId, length]) =>
        new Promise<void>((resolve) => {
          const look = () => {
            const article = document.querySelector(
              `article[aria-label="Agent"][data-turn-id="${turnId}"]`,
            );
            const over = article?.getAttribute('aria-busy') === 'false';
            if (over || (article?.textContent?.length ?? 0) >= length) resolve();
            else setTimeout(look, 50);
          };
          look();
        }),
      [turnId, length] as const,
    );
  const shown = markdownDocument(KILOBYTES * 1024).length * SHOWN;
  const looks = [await meter.spent()];
  for (let part = 1; part <= PARTS; part += 1) {
    await grown(part === PARTS ? Number.MAX_SAFE_INTEGER : (part * shown) / PARTS);
    looks.push(await meter.spent());
  }
  const longTasks = await meter.longTasks();
  await context.close();
  return {
    parts: looks.slice(1).flatMap((look, n) => {
      const before = looks[n];
      return before === undefined ? [] : [between(before, look)];
    }),
    longTasks,
  };
}

/** Of the markdown's characters, those that are shown: signs and addresses are not. */
const SHOWN = 0.83;

/** Each chunk 5 ms after the one before or, as it turns out, as soon as the one before is rendered. */
async function renderWhole(browser: Browser): Promise<Spent> {
  const script = await bundle('whole.ts');
  const site = createServer((request, response) => {
    const isScript = request.url === '/whole.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html;charset=utf-8');
    response.end(
      isScript
        ? script
        : '<!doctype html><title>whole</title><body><script type=module src=/whole.js></script>',
    );
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const address = site.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const context = await newBenchContext(browser);
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${address.port}/`);
  await page.waitForFunction(() => 'renderWhole' in globalThis);
  const meter = await meterOf(page);
  const before = await meter.spent();
  await page.evaluate(
    ([chunks, ms]) =>
      (globalThis as unknown as { renderWhole: RenderWhole }).renderWhole(chunks, ms),
    [CHUNKS, 1000 / PER_SECOND] as const,
  );
  const spent = between(before, await meter.spent());
  await context.close();
  site.closeAllConnections();
  site.close();
  return spent;
}
