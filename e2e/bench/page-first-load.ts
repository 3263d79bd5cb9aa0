/** What the first load costs: the script's size, and what Lighthouse says of the page. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse, { desktopConfig, type Config } from 'lighthouse';
import { freePort, type TestServer } from '../fixtures/server.ts';
import { median, type Figure } from './figures.ts';
import { launchKept } from './browser.ts';

const SIZE = join(import.meta.dirname, '../size.mjs');
const ROUNDS = 1;
const CATEGORIES = ['performance', 'accessibility'] as const;

type Scores = Record<(typeof CATEGORIES)[number], number>;

export async function benchFirstLoad(server: TestServer, sessionId: string): Promise<Figure[]> {
  // It fails above its budget; this one is told here.
  const { stdout } = spawnSync(process.execPath, [SIZE], { encoding: 'utf8' });
  const size = Number(/^page on a session: ([\d.]+) kB/m.exec(stdout)?.[1]);
  const figures = [
    {
      what: 'Script of the first load, on a session, gzipped',
      measured: `${size} kB`,
      target: '≤ 70 kB',
      ok: size <= 70,
    },
  ];
  for (const [name, path] of [
    ['the home page', '/'],
    ['a session of 1,000 turns', `/session/${sessionId}`],
  ] as const) {
    for (const [device, config] of DEVICES) {
      const scores = await judge(server, path, config);
      for (const category of CATEGORIES) {
        figures.push({
          what: `Lighthouse, ${category} of ${name}, ${device}`,
          measured: `${scores[category]}`,
          target: '≥ 95',
          ok: scores[category] >= 95,
        });
      }
    }
  }
  return figures;
}

/** A phone is imitated: a processor four times slower, 1.6 Mbit/s, 150 ms. */
const DEVICES: readonly (readonly [string, Config | undefined])[] = [
  ['phone', undefined],
  ['desktop', desktopConfig],
];

/** Signed in, as whoever comes back; medians. */
async function judge(
  server: TestServer,
  path: string,
  config: Config | undefined,
): Promise<Scores> {
  const all: Scores[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const profile = await mkdtemp(join(tmpdir(), 'tabcast-profile-'));
    const port = await freePort();
    const context = await launchKept(profile, port);
    try {
      const [page = await context.newPage()] = context.pages();
      await page.goto(server.link);
      await page.goto('about:blank');
      const flags = { port, onlyCategories: [...CATEGORIES], disableStorageReset: true };
      const result = await lighthouse(server.origin + path, flags, config);
      if (result === undefined) throw new Error('Lighthouse has no result');
      const { categories, runtimeError } = result.lhr;
      if (runtimeError !== undefined) throw new Error(runtimeError.message);
      const score = (name: keyof Scores) => Math.round(100 * (categories[name]?.score ?? 0));
      all.push({ performance: score('performance'), accessibility: score('accessibility') });
    } finally {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    }
  }
  console.log(`lighthouse ${path}: ${JSON.stringify(all)}`);
  return {
    performance: median(all.map(({ performance }) => performance)),
    accessibility: median(all.map(({ accessibility }) => accessibility)),
  };
}
