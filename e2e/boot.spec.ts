/** Where a tab begins: home shows everything and projects nothing; an address shows its session. */
import { createTab, expect, test, type Tab } from './fixtures/test.ts';

const section = (tab: Tab, name: string) => tab.page.getByRole('region', { name, exact: true });

test('[O6] [O7] home: what needs you, what runs, what ended unread, what was recent, and a way to begin', async ({
  server,
  tab,
  browser,
}) => {
  const [asks, runs, ended, read] = [
    await server.create('Asks'),
    await server.create('Runs'),
    await server.create('Ended'),
    await server.create('Read'),
  ];
  const context = await browser.newContext();
  const before = await tab(runs.id);
  await server.prompt(runs.id, '/slow 600');
  await server.prompt(asks.id, '/permission');
  await server.prompt(ended.id, '/count 3');
  await expect(before.link(runs.id)).toHaveAttribute('data-status', 'running');
  await expect(before.page).toHaveTitle('(1) Runs · 1 running · tabcast');

  // Whatever was open before.
  for (const home of [await tab(), await tab(undefined, context)]) {
    await expect(section(home, 'Needs you').getByRole('link')).toHaveText(['Asks']);
    await expect(section(home, 'Running').getByRole('link')).toHaveText(['Runs']);
    await expect(section(home, 'Ended, not read yet').getByRole('link')).toHaveText(['Ended']);
    await expect(section(home, 'Recent').getByRole('link')).toHaveText(['Read']);
    await expect(home.transcript).toHaveCount(0);
    await expect(home.button('Stop')).toHaveCount(0);
    await expect(home.page.locator('.spinner')).toHaveCount(0);
    await expect(home.page).toHaveTitle('(1) 1 running · tabcast');
  }
  await server.prompt(read.id, '/question');
  const home = await tab();
  await expect(section(home, 'Needs you (2)').getByRole('link')).toHaveText(['Read', 'Asks']);
  await expect(before.page).toHaveTitle('(2) Runs · 1 running · tabcast');
  await before.link(asks.id).click();
  await expect(before.page).toHaveTitle('(2) Asks · 1 running · tabcast');
  const permission = before.page.getByRole('group', { name: /^Permission/ });
  await permission.getByRole('button').first().click();
  await expect(home.page).toHaveTitle('(1) 1 running · tabcast');
  await expect(section(home, 'Needs you').getByRole('link')).toHaveText(['Read']);

  await home.page.getByRole('textbox', { name: 'First message' }).fill('/count 4');
  await home.button('Start').click();
  await expect(home.page).toHaveURL(/\/session\/[\w-]+$/);
  await expect(home.agent()).toContainText('1 2 3 4');
  await context.close();
});

test('[O6] [O2] duplicated tabs, restored windows and reloads at once: each stays on its own session', async ({
  server,
  tab,
  context,
}) => {
  const [a, b] = [await server.create('Session A'), await server.create('Session B')];
  await server.prompt(a.id, '/count 100000 20');
  await server.prompt(b.id, '/count 100000 20');
  const [one, two] = [await tab(a.id), await tab(b.id)];
  const expectOwn = async (each: Tab, title: string, id: string) => {
    await expect(each.page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
    await expect(each.page).toHaveURL(`${server.origin}/session/${id}`);
    const { length } = await each.numbers();
    await expect.poll(async () => (await each.numbers()).length).toBeGreaterThan(length);
  };
  await one.page.evaluate(() => sessionStorage.setItem('kept', 'as a duplicate has it'));
  // window.open copies the session storage, as 'Duplicate tab' does.
  const [copy] = await Promise.all([
    context.waitForEvent('page'),
    one.page.evaluate(() => void window.open(location.href)),
  ]);
  const duplicate = createTab(copy);
  expect(await copy.evaluate(() => sessionStorage.getItem('kept'))).toBe('as a duplicate has it');
  for (let round = 0; round < 3; round += 1) {
    await Promise.all([one.page.reload(), two.page.reload(), copy.reload()]);
    await expectOwn(one, 'Session A', a.id);
    await expectOwn(two, 'Session B', b.id);
    await expectOwn(duplicate, 'Session A', a.id);
  }
  // The two are tabs of their own: one may leave.
  await duplicate.link(b.id).click();
  await expectOwn(duplicate, 'Session B', b.id);
  await expectOwn(one, 'Session A', a.id);
  // A restored window: all addresses at once, in a browser that was closed.
  const addresses = [one, two, duplicate].map((each) => each.page.url());
  for (const each of [one, two, duplicate]) await each.page.close();
  const restored = await Promise.all(
    addresses.map(async (address) => {
      const page = await context.newPage();
      await page.goto(address);
      return createTab(page);
    }),
  );
  await expectOwn(restored[0]!, 'Session A', a.id);
  await expectOwn(restored[1]!, 'Session B', b.id);
  await expectOwn(restored[2]!, 'Session B', b.id);
  for (const { streams } of [await server.diagnostics()]) {
    expect([streams.sessions[a.id], streams.sessions[b.id]]).toEqual([1, 1]);
  }
});

test('[O6] unknown or deleted, in any browser: not found with the way home, and no request after another', async ({
  server,
  tab,
  browser,
}) => {
  const gone = await server.create('Gone');
  await server.api('DELETE', `/api/sessions/${gone.id}`);
  const context = await browser.newContext();
  for (const one of [await tab(gone.id), await tab('never-was', context)]) {
    for (let round = 0; round < 2; round += 1) {
      await expect(one.page.getByRole('heading', { name: 'Session not found' })).toBeVisible();
      await expect(one.status).toContainText('live');
      await expect(one.page).toHaveTitle('tabcast');
      await one.page.reload();
    }
    const metrics = async (): Promise<string> =>
      /route="\/api\/sessions\/:id",status="404"\} (\d+)/.exec(
        await (await server.request('/metrics')).text(),
      )?.[1] ?? '0';
    await expect(one.page.getByRole('heading', { name: 'Session not found' })).toBeVisible();
    const before = await metrics();
    // Something happens meanwhile, and the answer stays.
    const { id } = await server.create('Another');
    await expect(one.link(id)).toBeVisible();
    expect(await metrics()).toBe(before);
    await one.page.getByRole('main').getByRole('link', { name: 'Back to all sessions' }).click();
    await expect(one.page).toHaveURL(`${server.origin}/`);
    await expect(one.page.getByRole('textbox', { name: 'First message' })).toBeVisible();
  }
  await context.close();
});
