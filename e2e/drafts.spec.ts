/** The half-typed message belongs to its session (O13). */
import { expect, test } from './fixtures/test.ts';

test('[O13] half typed, then reloaded at once, in another tab, in another browser: it is there, in its session only', async ({
  server,
  tab,
  browser,
}) => {
  const session = await server.create('With a draft');
  const other = await server.create('Other');
  const one = await tab(session.id);
  await one.message.pressSequentially('half a message');
  // Before the pause after which it is saved: the page's last word does it.
  await one.page.reload();
  await expect(one.message).toHaveValue('half a message');
  const two = await tab(session.id);
  await expect(two.message).toHaveValue('half a message');
  const context = await browser.newContext();
  const far = await tab(session.id, context);
  await expect(far.message).toHaveValue('half a message');

  await one.link(other.id).click();
  await expect(one.page.getByRole('heading', { name: 'Other' })).toBeVisible();
  await expect(one.message).toHaveValue('');
  await one.message.pressSequentially('another thought');
  await one.link(session.id).click();
  await expect(one.message).toHaveValue('half a message');
  await one.link(other.id).click();
  await expect(one.message).toHaveValue('another thought');

  // Sent from anywhere, it is gone everywhere, and stays so.
  await far.message.press('Enter');
  await expect(far.link(session.id)).toHaveAttribute('data-status', 'idle');
  for (const each of [two, far]) {
    await expect(each.transcript.getByRole('article', { name: 'You' })).toHaveText(
      'half a message',
    );
    await expect(each.message).toHaveValue('');
    await each.page.reload();
    await expect(each.agent()).toBeVisible();
    await expect(each.message).toHaveValue('');
  }
  await context.close();
});

test('[O13] typing is never overwritten by what another tab has typed; where nothing is typed, it appears', async ({
  server,
  tab,
  browser,
}) => {
  const session = await server.create();
  const context = await browser.newContext();
  const [one, idle] = [await tab(session.id), await tab(session.id)];
  const far = await tab(session.id, context);
  await one.message.pressSequentially('one');
  for (const each of [idle, far]) await expect(each.message).toHaveValue('one');
  // Going on with the same text in another browser: the first one follows.
  await far.message.press('End');
  await far.message.pressSequentially(' and far');
  for (const each of [one, idle]) await expect(each.message).toHaveValue('one and far');

  // Both at once: each keeps its own, letter by letter.
  const [a, b] = ['one types this', 'far types that'];
  await one.message.fill('');
  await expect(far.message).toHaveValue('');
  await Promise.all([
    one.message.pressSequentially(a, { delay: 90 }),
    far.message.pressSequentially(b, { delay: 90 }),
  ]);
  await expect(one.message).toHaveValue(a);
  await expect(far.message).toHaveValue(b);
  // The third tab has the one that was saved last, whole; and so has a reload.
  await expect(idle.message).toHaveValue(/^(one types this|far types that)$/);
  await expect(one.message).toHaveValue(a);
  await expect(far.message).toHaveValue(b);
  await context.close();
});

test('[O13] [T1] half typed, gone, and back by the back button: restored from the cache, saved meanwhile @needs-bfcache', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const [one, two] = [await tab(session.id), await tab(session.id)];
  await one.page.evaluate(() => {
    addEventListener('pageshow', (event) => {
      document.documentElement.dataset['persisted'] = String(event.persisted);
    });
  });
  await one.message.pressSequentially('half');
  await one.page.goto(`${server.origin}/healthz`);
  await expect(two.message).toHaveValue('half');
  await two.message.press('End');
  await two.message.pressSequentially(' a message');
  // `page.goBack()` hangs on a restore: go back from within, and look.
  await one.page.evaluate(() => history.back());
  await expect(one.page.locator('html')).toHaveAttribute('data-persisted', 'true');
  await expect(one.message).toHaveValue('half a message');
});

test('[O13] a tab that is killed loses at most the last half second; the sidebar carries no text of drafts @needs-cdp', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const one = await tab(session.id);
  const long = 'x'.repeat(60_000);
  await one.message.fill(long);
  await expect
    .poll(
      async () =>
        ((await server.api('GET', `/api/sessions/${session.id}/draft`)).body as { text: string })
          .text,
    )
    .toBe(long);
  const crashed = one.page.waitForEvent('crash');
  await one.page.goto('chrome://crash').catch(() => {});
  await crashed;
  const again = await tab(session.id);
  await expect(again.message).toHaveValue(long);
  const { body } = await server.api('GET', '/api/sessions');
  expect(JSON.stringify(body).length).toBeLessThan(1_000);
});
