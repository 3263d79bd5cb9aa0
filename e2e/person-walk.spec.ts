/**
 * A random walk of a person for a minute: many sessions in four tabs of two browsers. At its end every pane and
 * every sidebar is what the server has, and everything that was done was done where it was meant. The seed is
 * printed; `WALK_SEED` and `WALK_SECONDS` as in `random-walk.spec.ts`.
 */
import type { Draft } from '../shared/api.ts';
import { rowHasId } from '../shared/row.ts';
import type { SessionState, Turn } from '../shared/state.ts';
import { expectLog, wholeState, wholeTranscript, type Article } from './fixtures/articles.ts';
import { createPersonWalk } from './fixtures/person-walk.ts';
import { rowsOf, sessionIdIn, type Deeds } from './fixtures/person.ts';
import { createRandom } from './fixtures/random.ts';
import { startServer, type TestServer } from './fixtures/server.ts';
import { expectBox, expectHome, expectPane, expectSidebar, expectTitle } from './fixtures/shown.ts';
import { expect, openTab, test, type Tab } from './fixtures/test.ts';
import { SECONDS, SEED } from './fixtures/walk.ts';

const LOOKS = 6;
const SETTLE_MS = 30_000;
/** Less than what runs goes on for: its end must not be what brings a pane up to date. */
const SOON_MS = 10_000;
/** For what should be on the page at once, or is looked for again. */
const LOOK_MS = 3_000;

/** By log, as fresh tabs show them. */
type Transcripts = Map<string, Article[]>;

test.setTimeout((SECONDS + 240) * 1000);

test('[O1] [O2] [O3] [O4] [O7] [O8] [O9] [O10] [O12] [O13] a random walk of a person: in the end every pane and sidebar is the server’s state @needs-cdp', async ({
  browser,
}) => {
  process.stdout.write(`WALK_SEED=${SEED} WALK_SECONDS=${SECONDS}\n`);
  const server = await startServer();
  const walk = await createPersonWalk(browser, server, createRandom(SEED));
  try {
    const expectAll = async (transcripts: Transcripts | null, ms = SETTLE_MS): Promise<void> => {
      for (const walkTab of walk.tabs.all) {
        const typed = (logId: string) => walk.deeds.typed(walkTab, logId);
        await expectShown(server, walkTab.tab, transcripts, typed, ms);
      }
    };
    // Also on the way, in the middle of everything: what is wrong may be mended by what comes next.
    for (let look = 0; look < LOOKS; look += 1) {
      await walk.run(SECONDS / LOOKS);
      await expectAll(null, SOON_MS);
    }
    await walk.complete();
    await settle(server);
    await expectDeeds(server, walk.deeds);
    // Before anybody else looks: what a fresh tab reads, it marks as read, and every row moves.
    await expectAll(null);
    const context = await browser.newContext();
    context.setDefaultTimeout(LOOK_MS);
    const fresh = await openTab(context, server.origin, server.link);
    const transcripts: Transcripts = new Map();
    for (const row of await rowsOf(server)) {
      const tab = await openTab(context, server.origin, server.link, row.id);
      const articles = await wholeTranscript(tab);
      expectLog(articles, turnsOf(await wholeState(server, row)));
      transcripts.set(row.logId, articles);
      await expectShown(server, tab, transcripts, () => []);
      await tab.page.close();
    }
    await expectShown(server, fresh, transcripts, () => []);
    await context.close();
    await expectAll(transcripts);
    // At most one upstream per session and browser (H1).
    const { streams } = await server.diagnostics();
    for (const count of Object.values(streams.sessions)) expect(count).toBeLessThanOrEqual(2);
    expect(walk.tabs.errors).toEqual([]);
    expect(walk.missing()).toEqual([]);
  } catch (error) {
    process.stdout.write(`WALK_SEED=${SEED} failed after:\n${walk.trace.join('\n')}\n`);
    throw error;
  } finally {
    test.info().annotations.push({ type: 'steps', description: JSON.stringify(walk.taken) });
    await walk.close();
    await server.stop();
  }
});

/** Stops what runs; what waits for the person goes on waiting, with what is queued behind it. */
async function settle(server: TestServer): Promise<void> {
  await expect(async () => {
    for (const { id, status, activeTurnId } of await rowsOf(server)) {
      if (status === 'running' && activeTurnId !== null) {
        await server.api('POST', `/api/sessions/${id}/turns/${activeTurnId}/cancel`);
      }
      expect(['idle', 'waiting']).toContain(status);
    }
  }).toPass({ timeout: SETTLE_MS, intervals: [100] });
}

const turnsOf = ({ turns, live }: SessionState): Turn[] => [
  ...turns,
  ...(live === null ? [] : [live]),
];

/** Every message and every title is in the session that it was meant for, and what was deleted is gone. */
async function expectDeeds(server: TestServer, { said, named, deleted }: Deeds): Promise<void> {
  for (const row of await rowsOf(server)) {
    expect(deleted).not.toContain(row.logId);
    expect(row.title).toBe(named.get(row.logId) ?? row.title);
    const state = await wholeState(server, row);
    const prompts = [...turnsOf(state), ...state.queue].map(({ prompt }) =>
      prompt.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    );
    const messages = prompts.filter((text) => /^Message \d+$/.test(text));
    expect(messages.map((text) => said.get(text))).toEqual(messages.map(() => row.logId));
    expect(new Set(messages).size).toBe(messages.length);
  }
}

async function expectShown(
  server: TestServer,
  tab: Tab,
  transcripts: Transcripts | null,
  typed: (logId: string) => readonly string[],
  timeout = SETTLE_MS,
): Promise<void> {
  await expect(async () => {
    await expect(tab.status).toContainText('live', { timeout: LOOK_MS });
    const rows = await rowsOf(server);
    await expectSidebar(tab, rows);
    const id = sessionIdIn(tab);
    const row = rows.find((one) => id !== null && rowHasId(one, id));
    await expectTitle(tab, rows, row);
    if (id === null) return expectHome(tab, rows);
    if (row === undefined) {
      const heading = tab.page.getByRole('main').getByRole('heading', { level: 1 });
      expect(await heading.textContent()).toMatch(/^(This session was deleted|Session not found)$/);
      expect(await tab.message.count()).toBe(0);
      return;
    }
    const { state } = await server.view(row.id);
    await expectPane(
      tab,
      row,
      state,
      transcripts === null ? null : (transcripts.get(row.logId) ?? []),
    );
    const { body } = await server.api('GET', `/api/sessions/${row.id}/draft`);
    await expectBox(tab, (body as Draft).text, typed(row.logId));
  }).toPass({ timeout, intervals: [200] });
}
