/** `npm run bench page`: what the page costs the person who has it open. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../server/store/sqlite.ts';
import { startServer } from '../fixtures/server.ts';
import { launch } from './browser.ts';
import type { Figure } from './figures.ts';
import { benchFirstLoad } from './page-first-load.ts';
import { benchLongSessions, LONG } from './page-long.ts';
import { benchStreaming } from './page-streaming.ts';
import { seedStore } from './seeded-store.ts';

/** Each of them is opened for the first time once. */
const SESSIONS = 5;

export async function benchPage(): Promise<Figure[]> {
  const data = await mkdtemp(join(tmpdir(), 'tabcast-bench-'));
  try {
    const store = openSqliteStore({ file: join(data, 'tabcast.sqlite') });
    const turns = Array.from({ length: SESSIONS }, () => LONG.turns);
    const { ids } = await seedStore(store, {
      owner: 'local',
      turns,
      words: 120,
      deltas: 1,
      cards: LONG.cards,
      cwd: data,
    });
    await store.close();
    const server = await startServer({ data, config: { roots: [data] } });
    try {
      const browser = await launch();
      const figures = [
        ...(await benchStreaming(browser, server)),
        ...(await benchLongSessions(browser, server, ids)),
      ];
      await browser.close();
      return [...figures, ...(await benchFirstLoad(server, ids.at(-1) ?? ''))];
    } finally {
      await server.stop();
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}
