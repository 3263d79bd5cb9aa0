/** Several people: each sees their own, in one browser and in several (A1, A2, A4). */
import type { BrowserContext, Page } from 'playwright/test';
import { passwordOf, startServer, type TestServer } from './fixtures/server.ts';
import { createTab, expect, expectCounted, test as base } from './fixtures/test.ts';

const test = base.extend<{ server: TestServer }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern
  server: async ({}, use) => {
    const server = await startServer({ users: ['anna', 'bert'] });
    await use(server);
    await server.stop();
  },
});

async function fillIn(page: Page, name: string, password = passwordOf(name)): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** A tab of somebody who comes for the first time. */
async function signedIn(context: BrowserContext, origin: string, name: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(origin);
  await fillIn(page, name);
  await expect(page.getByRole('navigation', { name: 'Sessions' })).toBeVisible();
  return page;
}

const cookieOf = (server: TestServer) => `tabcast_${server.port}`;

test('[A2] the sign-in page says what is wrong, goes on where it was wanted, and nowhere else', async ({
  server,
  page,
}) => {
  const session = await server.create('Of Anna');
  await page.goto(`${server.origin}/session/${session.id}`);
  await expect(page).toHaveURL(`${server.origin}/sign-in?to=%2Fsession%2F${session.id}`);
  await fillIn(page, 'anna', 'not the password');
  await expect(page.getByRole('alert')).toHaveText('The name or the password is not right.');
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('anna');
  await expect(page.getByLabel('Password')).toHaveValue('');
  await fillIn(page, 'Anna ', passwordOf('anna'));
  await expect(page.getByRole('heading', { name: 'Of Anna' })).toBeVisible();
  expect(page.url()).toBe(`${server.origin}/session/${session.id}`);
  const cookies = await page.context().cookies();
  const secret = cookies.find(({ name }) => name === cookieOf(server));
  expect(secret).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  for (const to of ['//evil.example', 'https://evil.example', '/\\evil.example', '/api/sessions']) {
    await page.goto(`${server.origin}/sign-in?to=${encodeURIComponent(to)}`);
    expect(page.url()).toBe(`${server.origin}/`);
  }
});

test('[A4] signing out empties every tab; the next one in this browser finds nothing of the one before', async ({
  server,
  context,
}) => {
  const session = await server.create('Secret of Anna');
  const first = await signedIn(context, server.origin, 'anna');
  await first.goto(`${server.origin}/session/${session.id}`);
  const one = createTab(first);
  await one.message.fill('half-typed by Anna');
  const two = await context.newPage();
  await two.goto(server.origin);
  await expect(two.getByRole('link', { name: 'Secret of Anna' }).first()).toBeVisible();

  await two.getByRole('button', { name: 'Settings' }).click();
  await two.getByRole('button', { name: 'Sign out', exact: true }).click();
  for (const page of [first, two]) {
    await expect(page.getByRole('heading', { name: 'Sign in to tabcast' })).toBeVisible();
  }
  await expect
    .poll(async () => (await server.diagnostics()).streams)
    .toMatchObject({ lanes: 0, own: 0 });

  await fillIn(two, 'bert');
  await expect(two.getByText('No sessions yet.')).toBeVisible();
  await first.goBack();
  await expect(first.getByRole('navigation', { name: 'Sessions' })).toBeVisible();
  await first.goto(`${server.origin}/session/${session.id}`);
  await expect(first.getByRole('heading', { name: /not found/i })).toBeVisible();
  for (const page of [first, two]) {
    await expect(page.getByText(/Anna/)).toHaveCount(0);
    expect(
      await page.evaluate(() =>
        JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
      ),
    ).not.toMatch(/Anna/);
  }
});

test('[A4] when somebody else signs in in the same browser, open tabs drop what they show', async ({
  server,
  context,
}) => {
  const session = await server.create('Secret of Anna');
  const anna = await signedIn(context, server.origin, 'anna');
  await anna.goto(`${server.origin}/session/${session.id}`);
  await createTab(anna).send('/count 1000 50');
  await expect.poll(async () => (await createTab(anna).numbers()).length).toBeGreaterThan(5);
  const other = await context.newPage();
  await other.goto(server.origin);
  await expect(other.getByRole('link', { name: 'Secret of Anna' }).first()).toBeVisible();

  // The cookie is Bert's from now on; Anna's sign-in has ended with it.
  const answer = await context.request.post(`${server.origin}/api/sign-in`, {
    data: { name: 'bert', password: passwordOf('bert') },
  });
  expect(answer.status()).toBe(200);
  const bert = await context.newPage();
  await bert.goto(server.origin);
  for (const page of [bert, anna, other]) {
    await expect(page).toHaveURL(`${server.origin}/`);
    await expect(page.getByText('No sessions yet.')).toBeVisible();
    await expect(page.getByText(/Anna/)).toHaveCount(0);
  }
  // Anna's turn is hers, and runs on.
  expect((await server.row(session.id)).status).toBe('running');
});

test('[A2] after a sign-in ran out every tab says so once, and goes on in the same pane when one signs in', async ({
  server,
  context,
}) => {
  const session = await server.create('Long');
  const first = await signedIn(context, server.origin, 'anna');
  await first.goto(`${server.origin}/session/${session.id}`);
  const one = createTab(first);
  const two = createTab(await context.newPage());
  await two.page.goto(first.url());
  await one.send('/count 300 30');
  await expect.poll(async () => (await two.numbers()).length).toBeGreaterThan(5);
  const marked = (page: Page) => page.evaluate(() => Reflect.get(window, 'same') as unknown);
  for (const { page } of [one, two]) await page.evaluate(() => Reflect.set(window, 'same', true));

  // As when it has run out: the streams end, and what the browser sends is known to nobody.
  await context.clearCookies();
  const list = (await server.api('GET', '/api/sign-ins')).body as { signIns: { id: string }[] };
  for (const { id } of list.signIns) await server.api('DELETE', `/api/sign-ins/${id}`);
  for (const tab of [one, two]) await expect(tab.status).toContainText(/signed out/i);
  await one.message.fill('typed while signed out');
  expect((await one.numbers()).length).toBeGreaterThan(5);
  for (const { page } of [one, two]) {
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toHaveCount(1);
    await expect(page.getByRole('alert')).toHaveCount(0);
  }

  await one.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const dialog = one.page.getByRole('dialog', { name: 'Sign in to go on' });
  await dialog.getByLabel('Name').fill('anna');
  await dialog.getByLabel('Password').fill('not the password');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog.getByRole('alert')).toHaveText('The name or the password is not right.');
  await dialog.getByLabel('Password').fill(passwordOf('anna'));
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog).toHaveCount(0);
  for (const tab of [one, two]) await expect(tab.status).toContainText(/live/i);
  await Promise.all([expectCounted(one, 300), expectCounted(two, 300)]);
  await expect(one.message).toHaveValue('typed while signed out');
  for (const { page } of [one, two]) expect(await marked(page)).toBe(true);
});

test('[A2] a browser is signed out from another one, and its tabs leave', async ({
  server,
  browser,
}) => {
  await server.create('Secret of Anna');
  const contexts = [await browser.newContext(), await browser.newContext()] as const;
  const lost = await signedIn(contexts[0], server.origin, 'anna');
  await expect(lost.getByRole('link', { name: 'Secret of Anna' }).first()).toBeVisible();
  const here = await signedIn(contexts[1], server.origin, 'anna');
  await here.getByRole('button', { name: 'Settings' }).click();
  await here.getByRole('button', { name: 'Signed-in browsers' }).click();
  const list = here.getByRole('list', { name: 'Signed-in browsers' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list.getByText('this one')).toHaveCount(1);
  await list.getByRole('button', { name: /^Sign out / }).click();
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await expect(lost.getByRole('heading', { name: 'Sign in to tabcast' })).toBeVisible();
  await expect(here.getByRole('status')).toContainText(/live/i);
  for (const context of contexts) await context.close();
});

test('[A2] a user who is removed is signed out within seconds, whatever flows', async ({
  server,
  context,
}) => {
  const bert = await signedIn(context, server.origin, 'bert');
  await server.user(['remove', 'bert']);
  await expect(bert.getByRole('heading', { name: 'Sign in to tabcast' })).toBeVisible();
  await fillIn(bert, 'bert');
  await expect(bert.getByRole('alert')).toHaveText('The name or the password is not right.');
});
