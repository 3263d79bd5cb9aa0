/** One turn, many tabs: each sees all of it, and the server serves one stream per browser. */
import type { Row } from '../shared/row.ts';
import { agentText, type TestServer } from './fixtures/server.ts';
import { counted, expect, expectCounted, test, type Tab } from './fixtures/test.ts';

test('[H1] nine tabs of one browser show 1…300 whole, over one stream', async ({ server, tab }) => {
  const session = await server.create();
  const tabs = [];
  for (let n = 0; n < 9; n += 1) tabs.push(await tab(session.id));
  for (const each of tabs) await expect(each.status).toContainText('live');

  const most = { streams: 0, seen: 0, done: false };
  const watch = (async () => {
    while (!most.done) {
      const { streams } = await server.diagnostics();
      const open = streams.sessions[session.id] ?? 0;
      most.streams = Math.max(most.streams, open);
      if (open === 1) most.seen += 1;
    }
  })();
  await tabs[0]?.send('/count 300 100');
  await Promise.all(tabs.map((each) => expectCounted(each, 300)));
  most.done = true;
  await watch;
  expect(most.streams).toBe(1);
  expect(most.seen).toBeGreaterThan(20);

  // [H2] [H9] An idle session has no stream.
  await expect
    .poll(async () => (await server.diagnostics()).streams.sessions[session.id] ?? 0)
    .toBe(0);
  for (const each of tabs) expect(await each.numbers()).toEqual(counted(300));
});

test('[O1] the only tab reloads mid-turn, five times in a row: each time whole and gapless', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const only = await tab(session.id);
  await only.send('/count 100000 60');
  await expect.poll(async () => (await only.numbers()).length).toBeGreaterThan(20);
  let before = 20;
  for (let reload = 0; reload < 5; reload += 1) {
    await only.page.reload();
    await expect(only.agent()).toBeVisible();
    const shown = await only.numbers();
    expect(shown).toEqual(counted(shown.length));
    // What was there before the reload is there at once.
    expect(shown.length).toBeGreaterThanOrEqual(before);
    before = shown.length;
  }
  await stopAndCompare(server, session, [only]);
});

test('[O1] [H1] two tabs of one browser and one of another reload mid-turn: two streams', async ({
  server,
  tab,
  browser,
}) => {
  const session = await server.create();
  const other = await browser.newContext();
  const tabs = [await tab(session.id), await tab(session.id), await tab(session.id, other)];
  await tabs[0]?.send('/count 100000 60');
  for (const each of tabs) {
    await expect.poll(async () => (await each.numbers()).length).toBeGreaterThan(10);
  }
  const streams = async () => (await server.diagnostics()).streams.sessions[session.id];
  await expect.poll(streams).toBe(2);
  for (let reload = 0; reload < 5; reload += 1) {
    const each = tabs[reload % 3] as Tab;
    await each.page.reload();
    await expect(each.agent()).toBeVisible();
    const shown = await each.numbers();
    expect(shown).toEqual(counted(shown.length));
    await expect.poll(streams).toBe(2);
  }
  await stopAndCompare(server, session, tabs);
  await other.close();
});

/** Ends the turn, which had no other reason to end, and compares every tab with the server's log. */
async function stopAndCompare(server: TestServer, session: Row, tabs: Tab[]): Promise<void> {
  const { activeTurnId } = await server.row(session.id);
  await server.api('POST', `/api/sessions/${session.id}/turns/${activeTurnId}/cancel`);
  await expect.poll(async () => (await server.row(session.id)).status).toBe('idle');
  const log = await server.log(session.id);
  const said = agentText(session.logId, log, activeTurnId ?? '');
  const numbers = said.trim().split(' ').map(Number);
  expect(numbers).toEqual(counted(numbers.length));
  for (const each of tabs) await expectCounted(each, numbers.length);
}

test('[O4] [O2] a tab switches between two running sessions: each pane shows its own', async ({
  server,
  tab,
}) => {
  const numbers = await server.create('Numbers');
  const words = await server.create('Words');
  const one = await tab(numbers.id);
  await one.send('/count 300 60');
  await one.link(words.id).click();
  await expect(one.page.getByRole('heading', { name: 'Words', level: 1 })).toBeVisible();
  await expect(one.agent()).toHaveCount(0);
  // The other session's turn is not this pane's: nothing to stop here, and Send is Send.
  await expect(one.button('Stop')).toHaveCount(0);
  await one.send('/slow 4');
  await expect(one.button('Stop')).toBeVisible();

  for (let round = 0; round < 4; round += 1) {
    await one.link(numbers.id).click();
    await expect(one.page).toHaveURL(new RegExp(`/session/${numbers.id}$`));
    await expect(one.agent()).toHaveCount(1);
    await expect.poll(async () => (await one.numbers()).length).toBeGreaterThan(5);
    const shown = await one.numbers();
    expect(shown).toEqual(counted(shown.length));
    await one.link(words.id).click();
    await expect(one.page).toHaveURL(new RegExp(`/session/${words.id}$`));
    await expect(one.transcript.getByRole('article', { name: 'You' })).toHaveText(/\/slow 4/);
    expect(await one.transcript.textContent()).not.toContain('1 2 3');
  }
  await expect(one.link(words.id)).toHaveAttribute('data-status', 'idle');
  await expect(one.link(numbers.id)).toHaveAttribute('data-status', 'idle', { timeout: 30_000 });
  await one.link(numbers.id).click();
  await expectCounted(one, 300);
  for (const session of [numbers, words]) {
    expect((await server.view(session.id)).state.turns[0]?.end?.reason).toBe('end_turn');
  }
});

test('[O11] [O3] a turn is cancelled from a fourth tab, and from a row of a session not shown', async ({
  server,
  tab,
}) => {
  const session = await server.create('Long');
  const tabs = [];
  for (let n = 0; n < 4; n += 1) tabs.push(await tab(session.id));
  const [first, , , fourth] = tabs;
  await first?.send('/count 100000 50');
  await expect(fourth!.button('Stop')).toBeVisible();
  await expect.poll(async () => (await fourth!.numbers()).length).toBeGreaterThan(3);
  await fourth?.button('Stop').click();
  for (const each of tabs) {
    await expect(each.link(session.id)).toHaveAttribute('data-status', 'idle');
    await expect(each.button('Stop')).toHaveCount(0);
    await expect(each.button('Send')).toBeVisible();
  }
  expect((await server.view(session.id)).state.turns[0]?.end?.reason).toBe('cancelled');

  const other = await server.create('Other');
  await server.prompt(other.id, '/slow 60');
  await expect(first!.link(other.id)).toHaveAttribute('data-status', 'running');
  await first?.row(other.id).getByRole('button', { name: 'Stop' }).click();
  await expect(first!.link(other.id)).toHaveAttribute('data-status', 'idle');
  expect((await server.view(other.id)).state.turns[0]?.end?.reason).toBe('cancelled');
});

test('[O6] home never shows a running session; its address always does', async ({
  server,
  tab,
}) => {
  const session = await server.create('Busy');
  await server.prompt(session.id, '/count 100000 20');
  const home = await tab();
  await expect(home.link(session.id)).toHaveAttribute('data-status', 'running');
  await expect(home.transcript).toHaveCount(0);
  await expect(home.button('Stop')).toHaveCount(0);
  const direct = await tab(session.id);
  await expect.poll(async () => (await direct.numbers()).length).toBeGreaterThan(2);
  const unknown = await tab('nothing-here');
  await expect(unknown.page.getByRole('heading', { name: /not found/i })).toBeVisible();
  await unknown.page
    .getByRole('main')
    .getByRole('link', { name: /all sessions/i })
    .click();
  await expect(unknown.page).toHaveURL(`${server.origin}/`);
});
