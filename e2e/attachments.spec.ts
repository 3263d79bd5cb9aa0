/** What is attached to a half-typed message, over reloads, tabs and sign-outs; the first message; the page that one signs in at. */
import { join } from 'node:path';
import { startServer } from './fixtures/server.ts';
import { expect, test as base, type Tab } from './fixtures/test.ts';

/** Its agent takes text and nothing else. */
const PLAIN = {
  id: 'plain',
  title: 'Plain',
  command: process.execPath,
  args: [join(import.meta.dirname, 'fixtures/rotating-agent.mjs')],
};
const test = base.extend({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern
  server: async ({}, use) => {
    const server = await startServer({
      config: { agents: [{ id: 'demo', builtin: 'demo' }, PLAIN] },
    });
    await use(server);
    await server.stop();
  },
});

const attached = ({ page }: Tab) => page.getByRole('list', { name: 'Goes with the message' });
const pick = ({ page }: Tab, name: string) =>
  page
    .locator('input[type=file]')
    .setInputFiles([{ name, mimeType: 'text/plain', buffer: Buffer.from(`This is ${name}.`) }]);

test('[P84] attachments are there after a reload and in every tab, go once, and are gone at sign-out', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const [one, two] = [await tab(session.id), await tab(session.id)];
  await expect(two.message).toBeVisible();
  await pick(one, 'notes.txt');
  await expect(attached(two)).toContainText('notes.txt');
  await one.page.reload();
  await expect(attached(one)).toContainText('notes.txt');
  // Of both tabs' files each goes once, whichever sends them.
  await pick(one, 'more.txt');
  await expect(attached(two).getByRole('listitem')).toHaveCount(2);
  await two.send('Look at these');
  await expect(two.agent()).toContainText('the file more.txt');
  for (const each of [one, two]) await expect(attached(each)).toHaveCount(0);
  await one.page.reload();
  await expect(one.agent()).toContainText('the file notes.txt');
  await expect(attached(one)).toHaveCount(0);

  await pick(one, 'secret.txt');
  await expect(attached(two)).toContainText('secret.txt');
  await one.page.getByRole('button', { name: 'Settings' }).click();
  await one.page.getByRole('button', { name: 'Sign out' }).click();
  for (const { page } of [one, two]) {
    await expect(page).toHaveURL(/\/sign-in/);
    const left = async () => (await page.evaluate(() => indexedDB.databases())).map((d) => d.name);
    await expect.poll(left).toEqual([]);
  }
});

test('[P85] [P42] the first message takes files as the chosen agent does, and goes with the person’s own key', async ({
  tab,
}) => {
  const one = await tab();
  const { page } = one;
  const first = page.getByRole('textbox', { name: 'First message' });
  const start = one.button('Start');
  await page.evaluate(() => localStorage.setItem('tabcast.enter', 'breaks'));
  await page.reload();
  await pick(one, 'notes.txt');
  await expect(attached(one)).toContainText('notes.txt');
  const choose = async (agent: string) => {
    await page.getByRole('button', { name: 'Agent and folder: ' }).click();
    await page.getByRole('radio', { name: agent }).check();
    await page.getByRole('button', { name: 'Use these' }).click();
  };
  await choose('Plain');
  await expect(page.getByRole('alert')).toHaveText(
    'Plain does not take files. Remove notes.txt, or choose another agent.',
  );
  await expect(start).toBeDisabled();
  await choose('Demo');
  await expect(start).toBeEnabled();
  await first.fill('Look at');
  const low = (await first.boundingBox())?.height ?? 0;
  await first.press('End');
  for (let lines = 0; lines < 6; lines += 1) await first.press('Enter');
  await expect.poll(async () => (await first.boundingBox())?.height ?? 0).toBeGreaterThan(low);
  await first.press('ControlOrMeta+Enter');
  await expect(page).toHaveURL(/\/session\//);
  await expect(one.agent()).toContainText('the file notes.txt');
  await expect(attached(one)).toHaveCount(0);
});

test('[P6] the sign-in page has the theme that was chosen in this browser', async ({
  server,
  tab,
}) => {
  const { page } = await tab();
  await page.emulateMedia({ colorScheme: 'light' });
  await page.evaluate(() => localStorage.setItem('tabcast.theme', 'dark'));
  await page.context().clearCookies();
  await page.goto(`${server.origin}/sign-in`);
  await expect(page.getByRole('heading', { name: 'Sign in to tabcast' })).toBeVisible();
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(await ground()).toBe('rgb(22, 24, 27)');
  await page.evaluate(() => localStorage.removeItem('tabcast.theme'));
  await page.reload();
  expect(await ground()).toBe('rgb(247, 246, 242)');
});
