/** `npm run bench hub`, `server` or `page`: measures, prints what was measured against its target, and puts the table into the README. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchAppends } from './appends.ts';
import { launch } from './browser.ts';
import { benchDatabase } from './database.ts';
import { benchDeliveries } from './deliveries.ts';
import { benchFanOut } from './fan-out.ts';
import type { Figure } from './figures.ts';
import { benchHeap } from './heap.ts';
import { benchIdleReaders } from './idle-readers.ts';
import { benchLatency } from './latency.ts';
import { benchOpening } from './opening.ts';
import { benchPage } from './page.ts';
import { benchReload } from './reload.ts';
import { benchSettledTurns } from './settled-turns.ts';

const README = join(import.meta.dirname, '../../README.md');

async function benchHub(): Promise<Figure[]> {
  const figures: Figure[] = [];
  // A browser for each: what one leaves behind is no other's cost.
  for (const bench of [benchDeliveries, benchLatency, benchReload, benchHeap]) {
    const browser = await launch();
    figures.push(...(await bench(browser)));
    await browser.close();
  }
  return [...figures, ...(await benchSettledTurns())];
}

/** In this order; each starts what it needs and ends it. */
const SERVER_BENCHES: (() => Promise<Figure[]>)[] = [
  benchFanOut,
  benchIdleReaders,
  benchAppends,
  benchDatabase,
  benchOpening,
];

async function benchServer(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const bench of SERVER_BENCHES) figures.push(...(await bench()));
  return figures;
}

const BENCHES: Record<string, () => Promise<Figure[]>> = {
  hub: benchHub,
  server: benchServer,
  page: benchPage,
};

function tableOf(figures: readonly Figure[]): string {
  const lines = figures.map(
    ({ what, measured, target, ok }) =>
      `| ${what} | ${measured} | ${target} | ${target === '' ? '' : ok ? '✓' : '✗'} |`,
  );
  return ['| measured | | target | |', '|---|---|---|---|', ...lines].join('\n');
}

/** Between the bench's two markers, which the README has. */
function writeTable(name: string, table: string): void {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const readme = readFileSync(README, 'utf8');
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from === -1 || to === -1) throw new Error(`README.md lacks ${begin} … ${end}`);
  writeFileSync(README, `${readme.slice(0, from + begin.length)}\n${table}\n${readme.slice(to)}`);
}

const [name = ''] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
  console.error(`npm run bench <name>, where name is one of: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
const figures = await bench();
const table = tableOf(figures);
console.log(`\n${table}`);
writeTable(name, table);
// Message ports of the hub that ran in this process would keep it alive.
process.exit(figures.every(({ ok }) => ok) ? 0 : 1);
