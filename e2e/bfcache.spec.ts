/** The back/forward cache: leave mid-stream, come back, and the pane goes on from where it stood. */
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { startServer, type TestServer } from './fixtures/server.ts';
import { counted, expect, expectCounted, test as base, type Tab } from './fixtures/test.ts';

const ROUNDS = 20;
const PER_SECOND = 500;
/** The hub's patience with a silent socket (H7), milliseconds. */
const SILENCE_MS = 25_000;

const AGENT = {
  id: 'bench',
  command: process.execPath,
  args: [join(import.meta.dirname, 'bench/agent.mjs')],
};

const test = base.extend({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern
  server: async ({}, use) => {
    // Its events are not merged (L7): as many are stored and sent as it says.
    const server = await startServer({ config: { agents: [AGENT] } });
    await use(server);
    await server.stop();
  },
});

/** Waits until the log has that many events more. @returns how often the session was asked for */
async function grown(server: TestServer, sessionId: string, events: number): Promise<number> {
  const { lastSeq } = await server.row(sessionId);
  let views = 1;
  const now = async (): Promise<number> => {
    views += 1;
    return (await server.row(sessionId)).lastSeq;
  };
  await expect.poll(now, { intervals: [100], timeout: 60_000 }).toBeGreaterThan(lastSeq + events);
  return views;
}

/** How often the server was asked for sessions, their older turns and their streams, by route. */
async function asked(server: TestServer): Promise<Record<string, number>> {
  const text = await (await server.request('/metrics')).text();
  const counts = text.matchAll(
    /^tabcast_http_requests_total\{method="GET",route="(\/api\/sessions\/[^"]*)".* (\d+)$/gm,
  );
  return Object.fromEntries([...counts].map(([, route, count]) => [route, Number(count)]));
}

/** The last number in the agent's last text, without its layout. */
function newest({ page }: Tab): Promise<number> {
  return page.evaluate(() => {
    const texts = document.querySelectorAll('[role=log] article[aria-label="Agent"] .md-block');
    const text = texts[texts.length - 1]?.textContent ?? '';
    return Number(/(\d+)\s*$/.exec(text.slice(-16))?.[1] ?? 0);
  });
}

/** Leaves for another page; comes back once `away` is over, and is restored rather than loaded. */
async function leaveAndReturn(page: Page, to: string, away: () => Promise<unknown>): Promise<void> {
  const from = page.url();
  await page.evaluate(() => {
    delete document.documentElement.dataset['persisted'];
    addEventListener(
      'pageshow',
      (event) => {
        document.documentElement.dataset['persisted'] = String(event.persisted);
      },
      { once: true },
    );
  });
  await page.goto(to);
  await away();
  // `page.goBack()` hangs on a restore: go back from within, and look.
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(from);
  const persisted = (): Promise<string | undefined> =>
    page.evaluate(() => document.documentElement.dataset['persisted']);
  await expect.poll(persisted, { intervals: [20] }).toBe('true');
}

/** Ends the turn; the log must have had the rate that the test says, and the tab must show all of it. */
async function settle(
  server: TestServer,
  sessionId: string,
  turnId: string,
  tab: Tab,
): Promise<void> {
  await server.api('POST', `/api/sessions/${sessionId}/turns/${turnId}/cancel`);
  await expect(tab.link(sessionId)).toHaveAttribute('data-status', 'idle');
  const log = await server.log(sessionId);
  const updates = log.filter((event) => event.type === 'update');
  const seconds = ((updates.at(-1)?.at ?? 0) - (updates[0]?.at ?? 0)) / 1000;
  expect(updates.length / seconds).toBeGreaterThan(0.95 * PER_SECOND);
  await expectCounted(tab, updates.length);
}

for (const alone of [false, true]) {
  test(`[T1] a tab left under ${PER_SECOND} events/s is restored ${ROUNDS} times of ${ROUNDS} without a refetch${alone ? ', also as the only tab' : ''} @needs-bfcache @alone`, async ({
    server,
    tab,
  }) => {
    test.setTimeout(180_000);
    const { id } = await server.create();
    if (!alone) await tab(id);
    const left = await tab(id);
    const turnId = await server.prompt(id, `/flood 0 ${PER_SECOND}`);
    await expect.poll(() => newest(left)).toBeGreaterThan(PER_SECOND);
    const before = await asked(server);
    let views = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const had = await newest(left);
      await leaveAndReturn(left.page, `${server.origin}/healthz`, async () => {
        views += await grown(server, id, PER_SECOND / 2);
      });
      await expect.poll(() => newest(left)).toBeGreaterThan(had + PER_SECOND / 2);
      const shown = await left.numbers();
      expect(shown).toEqual(counted(shown.length));
    }
    const view = '/api/sessions/:id';
    expect(await asked(server)).toEqual({ ...before, [view]: (before[view] ?? 0) + views });
    expect((await server.diagnostics()).streams.sessions[id]).toBe(1);
    await settle(server, id, turnId, left);
  });
}

test('[T1] [H7] the only tab, away for longer than a socket may be silent: restored, it is whole and live within 5 s @needs-bfcache @alone', async ({
  server,
  tab,
}) => {
  test.setTimeout(120_000);
  const { id } = await server.create();
  const left = await tab(id);
  const turnId = await server.prompt(id, `/flood 0 ${PER_SECOND}`);
  await expect.poll(() => newest(left)).toBeGreaterThan(PER_SECOND);
  const streams = '/api/sessions/:id/events';
  const { [streams]: before } = await asked(server);
  await leaveAndReturn(left.page, `${server.origin}/healthz`, () =>
    grown(server, id, (SILENCE_MS / 1000) * 1.1 * PER_SECOND),
  );
  const { lastSeq } = await server.row(id);
  await expect.poll(() => newest(left), { timeout: 5_000 }).toBeGreaterThan(lastSeq);
  await expect(left.status).toContainText('live');
  expect((await asked(server))[streams]).toBe((before ?? 0) + 1);
  await settle(server, id, turnId, left);
});
