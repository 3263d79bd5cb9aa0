/**
 * A random walk of tabs for a minute; at its end every pane shows what the server's log says. The seed is printed;
 * `WALK_SEED=<n>` takes the same steps again, though not at the same moments, and `WALK_SECONDS` makes it longer.
 */
import type { Browser } from 'playwright/test';
import type { Row } from '../shared/row.ts';
import {
  articlesOf,
  expectLog,
  wholeState,
  wholeTranscript,
  type Article,
} from './fixtures/articles.ts';
import { startFaultyServer } from './fixtures/fault-proxy.ts';
import { createFaultWalk, type FaultWalk } from './fixtures/fault-walk.ts';
import { createRandom } from './fixtures/random.ts';
import type { TestServer } from './fixtures/server.ts';
import { expect, openTab, test } from './fixtures/test.ts';
import { SECONDS, SEED } from './fixtures/walk.ts';

const BROWSERS = 2;
/** More than have a stream of their own over HTTP/1.1 (H3). */
const SESSIONS = 5;
const SETTLE_MS = 30_000;

test.setTimeout((SECONDS + 240) * 1000);

test('[O1] [O4] [L5] [H1] [H10] [T1] a random walk of tabs: in the end every pane is the server’s log @needs-cdp', async ({
  browser,
}) => {
  process.stdout.write(`WALK_SEED=${SEED} WALK_SECONDS=${SECONDS}\n`);
  const random = createRandom(SEED);
  const faulty = await startFaultyServer(BROWSERS);
  const { server } = faulty;
  const sessions: Row[] = [];
  for (let n = 0; n < SESSIONS; n += 1) sessions.push(await server.create(`Session ${n}`));
  const walk = await createFaultWalk(browser, faulty, sessions, random);
  try {
    await walk.run(SECONDS, 'restart');
    await walk.complete();
    await walk.calm();
    await settle(server, sessions);
    await compare(browser, server, sessions, walk);
    expect(walk.tabs.errors).toEqual([]);
    expect(walk.missing()).toEqual([]);
  } catch (error) {
    process.stdout.write(`WALK_SEED=${SEED} failed after:\n${walk.trace.join('\n')}\n`);
    throw error;
  } finally {
    test.info().annotations.push({ type: 'steps', description: JSON.stringify(walk.taken) });
    await walk.close();
    await faulty.close();
  }
});

/** Ends every turn, also those that start when another has ended. */
async function settle(server: TestServer, sessions: readonly Row[]): Promise<void> {
  await expect(async () => {
    for (const { id } of sessions) {
      const { status, activeTurnId } = await server.row(id);
      if (activeTurnId !== null) {
        await server.api('POST', `/api/sessions/${id}/turns/${activeTurnId}/cancel`);
      }
      expect(status).toBe('idle');
    }
  }).toPass({ timeout: SETTLE_MS, intervals: [100] });
}

async function compare(
  browser: Browser,
  server: TestServer,
  sessions: readonly Row[],
  walk: FaultWalk,
): Promise<void> {
  const fresh = await browser.newContext();
  const shown = new Map<string, { title: string; articles: Article[] }>();
  for (const session of sessions) {
    const tab = await openTab(fresh, server.origin, server.link, session.id);
    const title = (await server.row(session.id)).title;
    const articles = await wholeTranscript(tab);
    expectLog(articles, (await wholeState(server, session)).turns);
    shown.set(session.logId, { title, articles });
    await tab.page.close();
  }
  await fresh.close();
  // What a long-lived tab shows may go back further than a fresh one's page, and a fresh one's may have been paged in.
  for (const { tab, way } of walk.tabs.all) {
    await expect(tab.status).toHaveText('live', { timeout: SETTLE_MS });
    const rows = tab.sessions.locator('a[data-session-id]');
    await expect(rows).toHaveCount(sessions.length);
    await expect(tab.sessions.locator('a[data-session-id][data-status="idle"]')).toHaveCount(
      sessions.length,
      { timeout: SETTLE_MS },
    );
    const [, sessionId] = /^\/session\/(.+)$/.exec(new URL(tab.page.url()).pathname) ?? [];
    if (sessionId === undefined) {
      await expect(tab.transcript).toHaveCount(0);
      continue;
    }
    const expected = shown.get((await server.row(sessionId)).logId);
    if (expected === undefined) throw new Error(`no such session: ${sessionId}`);
    await expect(tab.page.getByRole('heading', { level: 1 })).toHaveText(expected.title);
    await expect(async () => {
      const articles = await articlesOf(tab);
      const earlier = (await tab.button('Show earlier').count()) > 0;
      const whole = expected.articles;
      if (!earlier) expect(articles, `way ${way}`).toHaveLength(whole.length);
      expect(articles, `way ${way}`).toEqual(whole.slice(whole.length - articles.length));
      if (earlier) expect(articles.length).toBeGreaterThan(0);
    }).toPass({ timeout: SETTLE_MS });
  }
  // One lane for each browser that has a tab, and nothing runs (H1, H2).
  const browsers = new Set(walk.tabs.all.map(({ way }) => way)).size;
  await expect
    .poll(async () => (await server.diagnostics()).streams, { timeout: SETTLE_MS })
    .toMatchObject({ own: 0, sessions: {} });
  await expect
    .poll(async () => (await server.diagnostics()).streams.lanes, { timeout: SETTLE_MS })
    .toBeGreaterThanOrEqual(browsers);
  expect((await server.diagnostics()).streams.lanes).toBeLessThanOrEqual(BROWSERS);
}
