/** Twenty running sessions and twenty tabs, within what a browser's connections bear (H3). */
import type { Page } from 'playwright/test';
import type { Row } from '../shared/row.ts';
import { startServer, type TestServer } from './fixtures/server.ts';
import { expect, test as base, type Tab } from './fixtures/test.ts';

const SESSIONS = 20;
/** Playwright's pages are all visible, so twenty of them write 100 events a second. */
const PROMPT = '/count 100000 5';
/** Enough for a 99th percentile. */
const POSTS = 300;

const test = base.extend<{ tls: boolean }>({
  tls: [false, { option: true }],
  server: async ({ tls }, use) => {
    const server = await startServer({ tls });
    await use(server);
    await server.stop();
  },
  // The certificate is the test's own.
  ignoreHTTPSErrors: true,
});
test.setTimeout(180_000);

for (const { protocol, tls } of [
  { protocol: 'http/1.1', tls: false },
  { protocol: 'h2', tls: true },
]) {
  test.describe(protocol, () => {
    test.use({ tls });

    test(`[H3] over ${protocol}: 20 tabs on 20 running sessions, all live, and a POST is answered at once @alone`, async ({
      server,
      tab,
      context,
    }, info) => {
      const rows: Row[] = [];
      for (let n = 0; n < SESSIONS; n += 1) rows.push(await server.create(`Session ${n}`));
      for (const row of rows) await server.prompt(row.id, PROMPT);
      const tabs: Tab[] = [];
      for (const row of rows) tabs.push(await tab(row.id));

      const most = { connections: 0, perSession: 0, lanes: 0 };
      const look = async () => {
        const { streams } = await server.diagnostics();
        most.connections = Math.max(most.connections, streams.lanes + streams.own);
        most.lanes = Math.max(most.lanes, streams.lanes);
        most.perSession = Math.max(most.perSession, ...Object.values(streams.sessions));
        return streams;
      };
      const each = Object.fromEntries(rows.map(({ id }) => [id, 1]));
      const own = tls ? SESSIONS : 3;
      await expect.poll(look, { timeout: 30_000 }).toEqual({ lanes: 1, own, sessions: each });

      await expectAllLive(tabs, rows);
      const beside = await context.newPage();
      await beside.goto(`${server.origin}/healthz`);
      const latencies = await postLatencies(beside, rows[0]!.id);
      await expectAllLive(tabs, rows);
      expect(await look()).toEqual({ lanes: 1, own, sessions: each });
      expect(most.connections).toBeLessThanOrEqual(tls ? 1 + SESSIONS : 4);
      expect(most).toMatchObject({ lanes: 1, perSession: 1 });

      expect(await spoken(beside)).toEqual([protocol]);
      const p99 = latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length * 0.99)] ?? 0;
      info.annotations.push({ type: 'POST p99', description: `${p99.toFixed(1)} ms` });
      expect(latencies).toHaveLength(POSTS);
      expect(p99).toBeLessThanOrEqual(100);
      await stopAll(server, rows);
    });
  });
}

/** Every pane counts on, from 1 without gap or repeat, and every tab's sidebar says that all run. */
async function expectAllLive(tabs: readonly Tab[], rows: readonly Row[]): Promise<void> {
  const check = async (tab: Tab, n: number): Promise<void> => {
    await expect(tab.status).toContainText('live');
    const running = tab.page.locator('[data-session-id][data-status="running"]');
    await expect(running).toHaveCount(rows.length);
    const before = await tab.numbers();
    await expect.poll(async () => (await tab.numbers()).length).toBeGreaterThan(before.length);
    const shown = await tab.numbers();
    expect({ n, wrong: shown.findIndex((number, at) => number !== at + 1) }).toEqual({
      n,
      wrong: -1,
    });
  };
  await Promise.all(tabs.map(check));
}

/**
 * From a page's own fetch, which shares the browser's connections with the hub; the page shows nothing, so that no
 * rendering is measured. The turn is none: the server answers 200 and does nothing.
 * @returns milliseconds
 */
function postLatencies(page: Page, sessionId: string): Promise<number[]> {
  return page.evaluate(
    async ({ path, count }) => {
      const took: number[] = [];
      for (let n = 0; n < count; n += 1) {
        const began = performance.now();
        const answer = await fetch(path, { method: 'POST' });
        await answer.text();
        took.push(performance.now() - began);
        if (answer.status !== 200) throw new Error(`status ${answer.status}`);
      }
      return took;
    },
    { path: `/api/sessions/${sessionId}/turns/none/cancel`, count: POSTS },
  );
}

/** The protocols that this page's requests went over. */
function spoken(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const posts = entries.filter(({ initiatorType }) => initiatorType === 'fetch');
    return [...new Set(posts.map(({ nextHopProtocol }) => nextHopProtocol))];
  });
}

async function stopAll(server: TestServer, rows: readonly Row[]): Promise<void> {
  for (const { id } of rows) {
    const turnId = (await server.row(id)).activeTurnId;
    if (turnId !== null) await server.api('POST', `/api/sessions/${id}/turns/${turnId}/cancel`);
  }
  // An idle session has no stream (H2): the hub noticed every end.
  await expect
    .poll(async () => (await server.diagnostics()).streams, { timeout: 30_000 })
    .toEqual({ lanes: 1, own: 0, sessions: {} });
}
