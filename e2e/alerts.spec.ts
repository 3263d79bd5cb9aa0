/** Notifications and sounds: told by one tab of a browser, once, and taken back when somebody has seen it. */
import type { Page } from 'playwright/test';
import { recordNotifications } from './fixtures/notifications.ts';
import { createTab, expect, openTab, test } from './fixtures/test.ts';

test('[O8] five tabs: an end is told by one of them, closed once it is read, and not told again by a reload', async ({
  server,
  context,
  tab,
}) => {
  const { shown } = await recordNotifications(context);
  const [session, other] = [await server.create('Long work'), await server.create('Other')];
  for (let n = 0; n < 3; n += 1) await tab(other.id);
  const home = await tab();
  const last = await tab(other.id);
  await expect(last.link(session.id)).toBeVisible();
  await server.prompt(session.id, '/count 5');
  await expect.poll(async () => (await shown()).length).toBe(1);
  expect((await shown())[0]).toMatchObject({ title: 'Long work', body: 'Finished', closed: false });
  // What comes later, comes after whatever the first one could still have caused.
  await server.prompt(session.id, '/fail');
  await expect.poll(async () => (await shown()).length).toBe(2);
  const [, second] = await shown();
  expect(second?.body).toMatch(/^Failed/);
  await home.link(session.id).click();
  await expect.poll(async () => (await shown()).every(({ closed }) => closed)).toBe(true);
  await last.page.reload();
  await expect(last.link(session.id)).toHaveAttribute('data-status', 'idle');
  await server.prompt(other.id, '/count 3');
  await expect(last.agent()).toHaveCount(1);
  expect((await shown()).filter(({ title }) => title === 'Other')).toEqual([]);
});

test('[O8] a request: told once, taken back when it is answered from another tab', async ({
  server,
  context,
  tab,
}) => {
  const { shown } = await recordNotifications(context);
  const [session, other] = [await server.create('Asks'), await server.create('Other')];
  const teller = await tab(other.id);
  await expect(teller.link(session.id)).toBeVisible();
  await server.prompt(session.id, '/permission');
  await expect.poll(async () => (await shown()).length).toBe(1);
  expect((await shown())[0]).toMatchObject({ title: 'Asks', closed: false });
  expect((await shown())[0]?.body).toMatch(/^Needs your approval: \S/);
  const answering = await tab(session.id);
  const card = answering.page.getByRole('group', { name: /^Permission/ });
  await card.getByRole('button').first().click();
  await expect.poll(async () => (await shown())[0]?.closed).toBe(true);
});

test('[O8] nothing is told to somebody who looks', async ({ server, context, tab }) => {
  const { shown } = await recordNotifications(context);
  const [session, other] = [await server.create('Seen'), await server.create('Unseen')];
  const looking = await tab(session.id);
  await tab();
  await looking.send('/count 5');
  await expect(looking.link(session.id)).toHaveAttribute('data-status', 'idle');
  await expect.poll(async () => (await server.row(session.id)).readSeq).toBeGreaterThan(0);
  await server.prompt(other.id, '/count 3');
  await expect.poll(async () => (await shown()).map(({ title }) => title)).toEqual(['Unseen']);
});

test('[O8] the tab that told is closed, then the worker’s own tab crashes: the others tell what comes, once', async ({
  server,
  context,
}) => {
  const { shown } = await recordNotifications(context);
  const session = await server.create('Goes on');
  const creator = await openTab(context, server.origin, server.link);
  const tabs = [
    await openTab(context, server.origin, server.link),
    await openTab(context, server.origin, server.link),
  ];
  for (const each of tabs) await expect(each.link(session.id)).toBeVisible();
  await server.prompt(session.id, '/count 3');
  await expect.poll(async () => (await shown()).length).toBe(1);

  const cdp = await context.newCDPSession(creator.page);
  const crashed = creator.page.waitForEvent('crash');
  cdp.send('Page.crash').catch(() => {});
  await crashed;
  await creator.page.close();
  const before = await shown();
  // Ends while there is no hub.
  await server.prompt(session.id, '/count 3');
  await expect.poll(async () => (await server.row(session.id)).status).toBe('idle');
  await expect
    .poll(async () => (await shown()).length, { timeout: 20_000 })
    .toBe(before.length + 1);

  const teller = tabs[0]!;
  await teller.page.close();
  const left = await shown();
  await server.prompt(session.id, '/count 3');
  await expect.poll(async () => (await shown()).length).toBe(left.length + 1);
});

test('[O8] [T3] pages with a hub each tell it once', async ({ server, browser }) => {
  const context = await browser.newContext();
  const { shown } = await recordNotifications(context);
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'));
  const [first, second] = [await server.create('First'), await server.create('Second')];
  const tabs = [
    await openTab(context, server.origin, server.link),
    await openTab(context, server.origin, server.link),
    await openTab(context, server.origin, server.link),
  ];
  for (const each of tabs) await expect(each.link(first.id)).toBeVisible();
  await server.prompt(first.id, '/count 3');
  for (const each of tabs) await expect(each.row(first.id)).toContainText('unread');
  await server.prompt(second.id, '/count 3');
  for (const each of tabs) await expect(each.row(second.id)).toContainText('unread');
  await expect
    .poll(async () => (await shown()).map(({ title }) => title).toSorted())
    .toEqual(['First', 'Second']);
  await context.close();
});

test('[O8] a click on it: a page that shows no session goes there, another stays and a tab is opened', async ({
  server,
  context,
  tab,
}) => {
  const { shown, click } = await recordNotifications(context);
  const [session, other] = [await server.create('Wanted'), await server.create('Other')];
  const home = await tab();
  await expect(home.link(session.id)).toBeVisible();
  await server.prompt(session.id, '/count 3');
  await expect.poll(async () => (await shown()).length).toBe(1);
  await click((await shown())[0]?.tag ?? '');
  await expect(home.page).toHaveURL(`${server.origin}/session/${session.id}`);
  await expect(home.page.getByRole('heading', { name: 'Wanted' })).toBeVisible();

  await server.prompt(other.id, '/count 3');
  await expect.poll(async () => (await shown()).length).toBe(2);
  // The browser opens a tab only for a person who did something.
  await home.message.click();
  const opening = context.waitForEvent('page');
  await click((await shown())[1]?.tag ?? '');
  const opened = createTab(await opening);
  await expect(opened.page.getByRole('heading', { name: 'Other' })).toBeVisible();
  await expect(home.page).toHaveURL(`${server.origin}/session/${session.id}`);
});

test('[O8] the switches: off at first, on by a click, the same in every tab; what the browser refuses is said', async ({
  server,
  context,
  browser,
  tab,
}) => {
  await context.grantPermissions(['notifications']);
  await server.create();
  const [one, two] = [await tab(), await tab()];
  const of = (page: Page, name: string) => page.getByRole('switch', { name });
  const open = (page: Page) => page.getByRole('button', { name: 'Settings' }).click();
  for (const { page } of [one, two]) await open(page);
  for (const name of ['Notifications', 'Sound']) {
    await expect(of(one.page, name)).not.toBeChecked();
    await of(one.page, name).click();
    for (const each of [one, two]) await expect(of(each.page, name)).toBeChecked();
  }
  await two.page.reload();
  await open(two.page);
  await expect(of(two.page, 'Notifications')).toBeChecked();
  await of(two.page, 'Notifications').click();
  await expect(of(one.page, 'Notifications')).not.toBeChecked();

  const refusing = await browser.newContext();
  await refusing.addInitScript(() => {
    Reflect.set(Notification, 'requestPermission', async () => 'denied');
    Reflect.defineProperty(Notification, 'permission', { get: () => 'denied' });
  });
  const refused = await openTab(refusing, server.origin, server.link);
  await open(refused.page);
  await expect(of(refused.page, 'Notifications')).toBeDisabled();
  await expect(refused.page.getByText(/browser blocks notifications/)).toBeVisible();
  await refusing.close();
});
