/** What it costs to open a session, by its number of turns: the last page is sent, so it should not matter. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../server/store/sqlite.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { median, type Figure } from './figures.ts';
import { plotLines } from './plot.ts';
import { seedStore } from './seeded-store.ts';

const PLOT = join(import.meta.dirname, 'opening.svg');
const TURNS = [10, 100, 1000];
/** Of each size; each is opened once after the start, and then again. */
const EACH = 15;
/** The rest of the 1,000 sessions. */
const SMALL = 1000 - TURNS.length * EACH;
const WORDS = 500;
const AGAIN = 5;

interface Times {
  turns: number;
  /** Milliseconds, medians: from the database, and from memory. */
  first: number;
  again: number;
}

export async function benchOpening(): Promise<Figure[]> {
  const data = await mkdtemp(join(tmpdir(), 'tabcast-bench-'));
  try {
    const store = openSqliteStore({ file: join(data, 'tabcast.sqlite') });
    const turns = [
      ...TURNS.flatMap((count) => Array.from({ length: EACH }, () => count)),
      ...Array.from({ length: SMALL }, () => 2),
    ];
    const { ids } = await seedStore(store, { owner: 'local', turns, words: WORDS, deltas: 1 });
    await store.close();
    const server = await startServer({ data });
    try {
      const times = await measure(server, ids);
      await writeFile(PLOT, plotOf(times));
      return figuresOf(times);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function measure(server: TestServer, ids: readonly string[]): Promise<Times[]> {
  const open = async (id: string): Promise<number> => {
    const asked = performance.now();
    await (await server.request(`/api/sessions/${id}`)).arrayBuffer();
    return performance.now() - asked;
  };
  // The connection and the server's own code are warm.
  for (const id of ids.slice(-20)) for (let n = 0; n < 5; n += 1) await open(id);
  const first = TURNS.map((): number[] => []);
  const again = TURNS.map((): number[] => []);
  // In turn, so that what else the machine does falls on all of them alike.
  for (let n = 0; n < EACH; n += 1) {
    for (const size of TURNS.keys()) first[size]?.push(await open(ids[size * EACH + n] ?? ''));
  }
  for (let n = 0; n < EACH * AGAIN; n += 1) {
    for (const size of TURNS.keys()) {
      again[size]?.push(await open(ids[size * EACH + (n % EACH)] ?? ''));
    }
  }
  return TURNS.map((turns, size) => ({
    turns,
    first: median(first[size] ?? []),
    again: median(again[size] ?? []),
  }));
}

function figuresOf(times: readonly Times[]): Figure[] {
  return times
    .map(({ turns, first, again }) => {
      const largest = turns === Math.max(...TURNS);
      return {
        what: largest
          ? `Opening the largest of 1,000 sessions, ${turns} turns of 3 kB, from the database, median (again, from memory: ${again.toFixed(1)} ms)`
          : `… one of ${turns} turns (again: ${again.toFixed(1)} ms)`,
        measured: `${first.toFixed(1)} ms`,
        target: largest ? '≤ 10 ms' : '',
        ok: !largest || first <= 10,
      };
    })
    .toReversed();
}

function plotOf(times: readonly Times[]): string {
  const points = (of: (one: Times) => number) =>
    times.map((one) => ({ at: one.turns, value: of(one) }));
  return plotLines({
    title: 'Opening a session: median over HTTP, by its number of turns',
    unit: 'ms',
    limit: 10,
    lines: [
      { name: 'from the database', points: points(({ first }) => first) },
      { name: 'from memory', points: points(({ again }) => again) },
    ],
  });
}
