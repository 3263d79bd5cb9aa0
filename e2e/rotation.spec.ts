/** A session gets another canonical id while it runs: one log, one row, and nobody who looks loses their place. */
import { join } from 'node:path';
import type { BrowserContext } from 'playwright/test';
import type { Row } from '../shared/row.ts';
import { recordNotifications } from './fixtures/notifications.ts';
import { startServer, type TestServer } from './fixtures/server.ts';
import { untilStatus } from './fixtures/steps.ts';
import { expect, openTab, test, type Tab } from './fixtures/test.ts';
import { witness } from './fixtures/witness.ts';

const ROTATING = {
  id: 'rotating',
  command: process.execPath,
  args: [join(import.meta.dirname, 'fixtures/rotating-agent.mjs')],
};

const queue = (tab: Tab) => tab.page.getByRole('list', { name: 'Queue' });
const permission = (tab: Tab) => tab.page.getByRole('group', { name: /^Permission/ });
const asked = (tab: Tab) => tab.transcript.getByRole('article', { name: 'You' });
const historyLength = (tab: Tab) => tab.page.evaluate(() => history.length);
const scrollTop = (tab: Tab) =>
  tab.transcript.evaluate((log) => (log.parentElement as HTMLElement).scrollTop);

/** Waits until the session is called otherwise. @returns its newest id */
async function rotated(server: TestServer, session: Row, times = 1): Promise<string> {
  await expect
    .poll(async () => (await server.row(session.id)).aliases.length)
    .toBe(session.aliases.length + times);
  return (await server.row(session.id)).id;
}

async function draftOf(server: TestServer, id: string): Promise<unknown> {
  return (await server.api('GET', `/api/sessions/${id}/draft`)).body;
}

/** What `main` must never say while its session changes its name. */
const keepsItsPane = (tab: Tab, title: string) =>
  witness(
    tab.page,
    ({ heading, text }, expected) =>
      heading !== expected || /not found|was deleted|Loading…|may be old/.test(text)
        ? `${heading}: ${text.slice(0, 200)}`
        : null,
    title,
  );

/** The list that every sidebar and the API give. */
async function expectRows(server: TestServer, tabs: readonly Tab[], ids: string[]): Promise<void> {
  for (const tab of tabs) {
    await expect
      .poll(() =>
        tab.sessions
          .locator('a[data-session-id]')
          .evaluateAll((links) => links.map((link) => link.getAttribute('data-session-id'))),
      )
      .toEqual(ids);
  }
  const { body } = await server.api('GET', '/api/sessions');
  const rows = (body as { sessions: Row[] }).sessions;
  expect(rows.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
}

test('[O9] while it is shown here and far away, and in the background: place, cards, draft, queue and requests stay', async ({
  server,
  tab,
  browser,
}) => {
  const other = await server.create('Other');
  const session = await server.create('Compacted');
  await server.prompt(session.id, '/tool');
  for (let n = 0; n < 12; n += 1) await server.prompt(session.id, `/count ${200 + n} 0`);
  await untilStatus(server, session, 'idle');
  const context = await browser.newContext();
  const one = await tab(session.id);
  const far = await tab(session.id, context);
  const [home, aside] = [await tab(), await tab(other.id)];
  const all = [one, far, home, aside];
  for (const each of [one, far]) await expect(asked(each)).toHaveCount(13);

  await one.message.fill('half a thou');
  await expect(far.message).toHaveValue('half a thou');
  const card = one.transcript.locator('details').first();
  await card.locator('summary').first().click();
  await expect(card).toHaveAttribute('open');
  await one.transcript.evaluate((log) => {
    (log.parentElement as HTMLElement).scrollTop = 60;
  });
  await expect(one.button(/To the end|New messages below/)).toBeVisible();
  const entries = await historyLength(one);
  const witnesses = [await keepsItsPane(one, 'Compacted'), await keepsItsPane(far, 'Compacted')];
  const asideWitness = await keepsItsPane(aside, 'Other');

  await server.prompt(session.id, '/compact');
  for (const text of ['/permission', '/count 3']) await server.prompt(session.id, text);
  await expect(queue(one).getByRole('listitem')).toHaveCount(2);
  const id = await rotated(server, session);
  for (const each of [one, far]) {
    await expect(each.page).toHaveURL(`${server.origin}/session/${id}`);
    await expect(permission(each)).toBeVisible();
    await expect(queue(each).locator('.queue-text')).toHaveText(['/count 3']);
    await expect(each.page).toHaveTitle('(1) Compacted · tabcast');
  }
  await expectRows(server, all, [id, other.id]);
  await expect(home.row(id)).toContainText('needs you');
  await expect(home.page.getByRole('main').getByRole('link', { name: 'Compacted' })).toBeVisible();

  // As it was left; and what is typed goes on.
  expect(await scrollTop(one)).toBe(60);
  await expect(card).toHaveAttribute('open');
  await expect(one.message).toHaveValue('half a thou');
  await one.message.pressSequentially('ght');
  await expect(far.message).toHaveValue('half a thought');
  expect(await historyLength(one)).toBe(entries);

  await permission(far).getByRole('button').first().click();
  for (const each of [one, far]) {
    await expect(permission(each)).toHaveCount(0);
    await expect(asked(each)).toHaveCount(16);
    await expect(asked(each).last()).toHaveText('/count 3');
    await expect(each.link(id)).toHaveAttribute('data-status', 'idle');
    await expect(queue(each)).toHaveCount(0);
  }
  expect(await scrollTop(one)).toBe(60);
  for (const seen of [...witnesses, asideWitness]) await seen.expectClean();
  expect(await draftOf(server, id)).toEqual(await draftOf(server, session.id));
  expect(await draftOf(server, id)).toMatchObject({ text: 'half a thought' });
  await context.close();
});

test('[O9] twice with no tab anywhere: the first address, in the browser and in the API, goes on working', async ({
  server,
  tab,
  browser,
}) => {
  const session = await server.create('Twice');
  await server.api('PATCH', `/api/sessions/${session.id}`, { draft: 'half', draftRev: 0 });
  const from = (await server.view(session.id)).cursor;
  for (const text of ['/compact', '/compact', '/permission', 'waits in line']) {
    await server.prompt(session.id, text);
  }
  const id = await rotated(server, session, 2);
  await untilStatus(server, session, 'waiting');
  const row = await server.row(session.id);
  const [first = '', second = ''] = row.aliases;
  expect(first).toBe(session.id);

  const near = await openTab(await browser.newContext(), server.origin, server.link, first);
  const tabs = [near, await tab(second), await tab(id)];
  for (const each of tabs) {
    await expect(each.page).toHaveURL(`${server.origin}/session/${id}`);
    await expect(asked(each)).toHaveText(['/compact', '/compact', '/permission']);
    await expect(each.message).toHaveValue('half');
    await expect(permission(each)).toBeVisible();
  }
  await expectRows(server, tabs, [id]);

  for (const name of [first, second, id]) {
    expect((await server.view(name)).row).toMatchObject({ id, logId: session.logId });
    expect((await server.log(name)).at(-1)?.seq).toBe((await server.row(id)).lastSeq);
  }
  // A reader with a cursor of before, at the old address.
  const abort = new AbortController();
  const stream = await server.request(`/api/sessions/${first}/events?cursor=${from}`, {
    signal: abort.signal,
  });
  let text = '';
  for await (const chunk of (stream.body ?? []) as AsyncIterable<Uint8Array>) {
    text += new TextDecoder().decode(chunk);
    if (text.includes('/compact')) break;
  }
  expect(text).toContain('/compact');
  abort.abort();

  const [request] = (await server.row(id)).asks;
  const answered = await server.api(
    'POST',
    `/api/sessions/${first}/requests/${request?.requestId}`,
    { outcome: { outcome: 'selected', optionId: 'allow-once' } },
  );
  expect(answered.status).toBe(200);
  await server.prompt(second, 'by the second name');
  await untilStatus(server, session, 'idle');
  expect(
    (await server.api('PATCH', `/api/sessions/${first}`, { title: 'Renamed' })).body,
  ).toMatchObject({ id, title: 'Renamed' });
  for (const each of tabs) {
    await expect(asked(each).last()).toHaveText('by the second name');
    await expect(each.page).toHaveTitle('Renamed · tabcast');
  }
  expect((await server.api('DELETE', `/api/sessions/${second}`)).status).toBeLessThan(300);
  for (const each of tabs) {
    await expect(
      each.page.getByRole('heading', { name: 'This session was deleted' }),
    ).toBeVisible();
  }
  await expectRows(server, tabs, []);
  expect((await server.api('GET', `/api/sessions/${first}`)).status).toBe(404);
  await near.page.context().close();
});

test('[O9] [O6] back and forward lead over the address of before, without an entry of its own', async ({
  server,
  tab,
}) => {
  const session = await server.create('Rotates');
  const other = await server.create('Other');
  await server.prompt(session.id, 'Hello there');
  const one = await tab();
  await one.link(session.id).click();
  await expect(one.agent()).toHaveCount(1);
  await one.link(other.id).click();
  await expect(one.page.getByRole('heading', { level: 1, name: 'Other' })).toBeVisible();
  const entries = await historyLength(one);
  await server.prompt(session.id, '/compact');
  const id = await rotated(server, session);
  await expect(one.link(id)).toBeVisible();
  await expect(one.page).toHaveURL(`${server.origin}/session/${other.id}`);

  const seen = await witness(
    one.page,
    ({ text }) => (/not found|was deleted|Loading…/.test(text) ? text : null),
    null,
  );
  await one.page.evaluate(() => history.back());
  await expect(one.page).toHaveURL(`${server.origin}/session/${id}`);
  await expect(asked(one)).toHaveText(['Hello there', '/compact']);
  await one.page.evaluate(() => history.forward());
  await expect(one.page).toHaveURL(`${server.origin}/session/${other.id}`);
  await one.page.evaluate(() => history.go(-2));
  await expect(one.page).toHaveURL(`${server.origin}/`);
  await one.page.evaluate(() => history.forward());
  await expect(one.page).toHaveURL(`${server.origin}/session/${id}`);
  await expect(one.page.getByRole('heading', { level: 1, name: 'Rotates' })).toBeVisible();
  expect(await historyLength(one)).toBe(entries);
  await seen.expectClean();
});

test('[O9] [O7] three times while a permission is open: one card, counted once, answered under any name', async ({
  browser,
}) => {
  const server = await startServer({ config: { agents: [ROTATING] } });
  const context = await browser.newContext();
  try {
    const session = await server.create('Asks');
    const open = (id?: string, within: BrowserContext = context) =>
      openTab(within, server.origin, server.link, id);
    const [one, home] = [await open(session.id), await open()];
    const seen = await keepsItsPane(one, 'Asks');
    await server.prompt(session.id, '0');
    await expect(permission(one)).toBeVisible();
    await permission(one).getByRole('button').first().click();
    await expect(one.agent().first()).toContainText('Told: selected.');

    await server.prompt(session.id, '3');
    const id = await rotated(server, session, 3);
    await expect(one.page).toHaveURL(`${server.origin}/session/${id}`);
    await expect(permission(one)).toHaveCount(1);
    await expect(home.row(id)).toContainText('needs you');
    for (const each of [one, home]) await expect(each.page).toHaveTitle(/^\(1\) /);
    await expectRows(server, [one, home], [id]);
    const late = await open(session.id);
    await expect(late.page).toHaveURL(`${server.origin}/session/${id}`);
    await permission(late).getByRole('button').first().click();
    for (const each of [one, late]) {
      await expect(permission(each)).toHaveCount(0);
      await expect(each.agent()).toHaveText([/Told: selected\./, /Told: selected\./]);
    }

    // Stopped from its row, whose id is the newest, while the turn knows the first one.
    await server.prompt(session.id, '2');
    const last = await rotated(server, session, 5);
    await home.row(last).getByRole('button', { name: 'Stop' }).click();
    await expect(home.link(last)).toHaveAttribute('data-status', 'idle');
    await expect(permission(one)).toHaveCount(0);
    await seen.expectClean();
  } finally {
    await context.close();
    await server.stop();
  }
});

test('[O9] [O8] in the background: unread and told once, and a click leads to its new address', async ({
  server,
  context,
  browser,
  tab,
}) => {
  const { shown, click } = await recordNotifications(context);
  const session = await server.create('Far from here');
  const far = await openTab(await browser.newContext(), server.origin, server.link);
  const [home, aside] = [await tab(), await tab()];
  await expect(aside.link(session.id)).toBeVisible();
  await server.prompt(session.id, '/compact');
  const id = await rotated(server, session);
  for (const each of [home, aside, far]) await expect(each.row(id)).toContainText('unread');
  await expect.poll(async () => (await shown()).length).toBe(1);
  expect((await shown())[0]).toMatchObject({ title: 'Far from here', body: 'Finished' });

  // What is told next is the second: the first was told once.
  await server.prompt(session.id, '/compact');
  await server.prompt(session.id, '/permission');
  const last = await rotated(server, session, 2);
  const bodies = async () => (await shown()).map(({ body }) => body);
  await expect.poll(async () => (await bodies()).at(-1)).toMatch(/^Needs your approval/);
  expect((await bodies()).filter((body) => body === 'Finished').length).toBeLessThanOrEqual(2);
  expect((await bodies()).filter((body) => body.startsWith('Needs'))).toHaveLength(1);

  const asks = (await shown()).find(({ body }) => body.startsWith('Needs'));
  await click(asks?.tag ?? '');
  const address = `${server.origin}/session/${last}`;
  const there = () => [home, aside].find(({ page }) => page.url() === address);
  await expect.poll(() => there()?.page.url()).toBe(address);
  const teller = there() ?? home;
  await permission(teller).getByRole('button').first().click();
  await expect(teller.link(last)).toHaveAttribute('data-status', 'idle');
  for (const each of [home, aside, far]) {
    await expect(each.row(last)).not.toContainText(/unread|needs you/);
  }
  await expect.poll(async () => (await shown()).every(({ closed }) => closed)).toBe(true);
  await expectRows(server, [home, aside, far], [last]);
  await far.page.context().close();
});

test('[O9] [L11] a hit that was found before leads to the new address, at its turn', async ({
  server,
  tab,
}) => {
  const session = await server.create('Found');
  await server.prompt(session.id, 'a word about walnuts');
  await untilStatus(server, session, 'idle');
  const one = await tab();
  const hits = one.page.getByRole('region', { name: 'In messages' });
  const box = one.page.getByRole('searchbox', { name: 'Search sessions' });
  await box.fill('walnuts');
  await expect(hits.getByRole('link')).toHaveCount(1);
  await server.prompt(session.id, '/compact');
  const id = await rotated(server, session);
  await expect(hits.getByRole('link')).toHaveAttribute('href', `/session/${id}?turn=0`);
  await hits.getByRole('link').click();
  await expect(one.page).toHaveURL(`${server.origin}/session/${id}?turn=0`);
  await expect(asked(one).first()).toBeFocused();

  // And while its turn stands in the address.
  await server.prompt(session.id, '/compact');
  const last = await rotated(server, session, 2);
  await expect(one.page).toHaveURL(`${server.origin}/session/${last}?turn=0`);
  await expect(asked(one).first()).toBeFocused();
  // Words are found once their turn has ended.
  await untilStatus(server, { id: last }, 'idle');
  await box.fill('compacting said');
  await expect(hits.getByRole('link')).toHaveCount(2);
});

test('[O9] [T1] half typed, left for another page, rotated, and back: restored under the new address @needs-bfcache', async ({
  server,
  tab,
}) => {
  const session = await server.create('Kept');
  await server.prompt(session.id, 'Hello there');
  const one = await tab(session.id);
  await expect(one.agent()).toHaveCount(1);
  await one.page.evaluate(() => {
    addEventListener('pageshow', (event) => {
      document.documentElement.dataset['persisted'] = String(event.persisted);
    });
  });
  await one.message.pressSequentially('half');
  const seen = await keepsItsPane(one, 'Kept');
  await one.page.goto(`${server.origin}/healthz`);
  await server.prompt(session.id, '/compact');
  await server.prompt(session.id, '/permission');
  const id = await rotated(server, session);
  await untilStatus(server, session, 'waiting');
  await one.page.evaluate(() => history.back());
  await expect(one.page.locator('html')).toHaveAttribute('data-persisted', 'true');
  await expect(one.page).toHaveURL(`${server.origin}/session/${id}`);
  await expect(permission(one)).toBeVisible();
  await expect(asked(one)).toHaveText(['Hello there', '/compact', '/permission']);
  await expect(one.message).toHaveValue('half');
  await expectRows(server, [one], [id]);
  await seen.expectClean();
});
