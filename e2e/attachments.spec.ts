/** What is attached to a half-typed message, over reloads, tabs and sign-outs. */
import { expect, test, type Tab } from './fixtures/test.ts';

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
