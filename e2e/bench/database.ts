/** How large a database of 1,000 sessions is, how long it takes to open, and how fast the list of sessions comes. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../server/store/database.ts';
import { openSqliteStore } from '../../server/store/sqlite.ts';
import { startServer } from '../fixtures/server.ts';
import { median, thousands, type Figure } from './figures.ts';
import { seedStore } from './seeded-store.ts';

const SESSIONS = Number(process.env['BENCH_SESSIONS'] ?? 1000);
const TURNS = 100;
const WORDS = 500;
/** `BENCH_DELTAS=500` writes every delta, as it would come from an agent: in a quarter of an hour the same database. */
const DELTAS = Number(process.env['BENCH_DELTAS'] ?? 1);
const ROUNDS = 51;

export async function benchDatabase(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tabcast-bench-'));
  try {
    const file = join(folder, 'tabcast.sqlite');
    const began = performance.now();
    const store = openSqliteStore({ file });
    const turns = Array.from({ length: SESSIONS }, () => TURNS);
    const { textBytes, events } = await seedStore(store, {
      owner: 'local',
      turns,
      words: WORDS,
      deltas: DELTAS,
    });
    await store.close();
    console.log(`${thousands(events)} events in ${thousands(performance.now() - began)} ms`);
    const { size } = await stat(file);
    const searched = searchBytes(file);
    const opened = openingMs(file);
    const { ready, list, bytes } = await served(folder);
    const times = size / textBytes;
    const plain = (size - searched) / textBytes;
    const what = `${thousands(SESSIONS)} sessions × ${TURNS} turns × ${WORDS} ${DELTAS === 1 ? 'words, compacted' : 'deltas'} (${mb(textBytes)} of text)`;
    return [
      {
        what: `Database of ${what}: ${mb(size)}, against its text`,
        measured: `${times.toFixed(2)} ×`,
        target: '≤ 1.5 ×',
        ok: times <= 1.5,
      },
      {
        what: '… without the search index',
        measured: `${plain.toFixed(2)} ×`,
        target: '',
        ok: true,
      },
      {
        what: `… opens; with the program, until it serves: ${thousands(ready)} ms`,
        measured: `${opened.toFixed(1)} ms`,
        target: '≤ 1,000 ms',
        ok: opened <= 1000,
      },
      {
        what: `The list of its sessions (${thousands(bytes / 1000)} kB), median`,
        measured: `${list.toFixed(1)} ms`,
        target: '≤ 20 ms',
        ok: list <= 20,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of the tables of the full-text index. */
function searchBytes(file: string): number {
  const db = openDatabase({ file });
  try {
    const sum = db.prepare("SELECT sum(pgsize) FROM dbstat WHERE name GLOB '*search*'").pluck();
    return Number(sum.get());
  } finally {
    db.close();
  }
}

function openingMs(file: string): number {
  return median(
    Array.from({ length: 5 }, () => {
      const began = performance.now();
      const db = openDatabase({ file });
      const took = performance.now() - began;
      db.close();
      return took;
    }),
  );
}

/** The built server on that data, and its list over HTTP. */
async function served(data: string): Promise<{ ready: number; list: number; bytes: number }> {
  const began = performance.now();
  const server = await startServer({ data });
  const ready = performance.now() - began;
  try {
    let bytes = 0;
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const asked = performance.now();
      const body = await (await server.request('/api/sessions')).arrayBuffer();
      times.push(performance.now() - asked);
      bytes = body.byteLength;
    }
    return { ready, list: median(times), bytes };
  } finally {
    await server.stop();
  }
}

function mb(bytes: number): string {
  return `${thousands(bytes / 1e6)} MB`;
}
