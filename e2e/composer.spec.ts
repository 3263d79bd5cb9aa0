/** Writing a message: what goes along with it, what it names, what was sent before, and what Enter does. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright/test';
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

const attached = ({ page }: Tab): Locator =>
  page.getByRole('list', { name: 'Goes with the message' });
const you = (tab: Tab): Locator => tab.transcript.getByRole('article', { name: 'You' });

/** Pastes a drawing of that size into the box, as a screenshot is pasted. */
async function pasteImage({ message }: Tab, width: number, height: number): Promise<void> {
  await message.evaluate(
    async (box, [w = 0, h = 0]) => {
      const canvas = new OffscreenCanvas(w, h);
      canvas.getContext('2d')?.fillRect(0, 0, w / 2, h);
      const blob = await canvas.convertToBlob();
      const data = new DataTransfer();
      data.items.add(new File([blob], 'drawing.png', { type: 'image/png' }));
      box.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    },
    [width, height],
  );
}

test('[P44] a pasted image and a picked file go along, and every tab shows them', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const [one, two] = [await tab(session.id), await tab(session.id)];
  await one.message.click();
  await pasteImage(one, 3000, 1500);
  await expect(attached(one)).toContainText('made smaller: 2048 × 1024');
  await one.page.locator('input[type=file]').setInputFiles([
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('What I noted.') },
    { name: 'wrong.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
  ]);
  const remove = one.page.getByRole('button', { name: 'Remove wrong.txt' });
  await remove.focus();
  await one.page.keyboard.press('Enter');
  await expect(one.page.getByRole('button', { name: 'Remove notes.txt' })).toBeFocused();
  await expect(attached(one).getByRole('listitem')).toHaveCount(2);
  // They wait in their session.
  await one.page.getByRole('link', { name: 'tabcast' }).click();
  await expect(attached(one)).toHaveCount(0);
  await one.link(session.id).click();
  await expect(attached(one).getByRole('listitem')).toHaveCount(2);

  await one.message.fill('Look at this');
  await one.button('Send').click();
  for (const each of [one, two]) {
    const image = you(each).getByRole('img');
    await expect(image).toBeVisible();
    expect(await image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(2048);
    await expect(you(each)).toContainText('notes.txt');
  }
  await expect(one.agent()).toContainText('You sent an image (image/');
  await expect(one.agent()).toContainText('the file notes.txt (13 bytes)');
  await expect(attached(one)).toHaveCount(0);
});

test('[P44] what the agent does not take is said when it is added, and nothing else is lost', async ({
  server,
  tab,
}) => {
  const { body } = await server.api('POST', '/api/sessions', { agent: 'plain' });
  const one = await tab((body as { id: string }).id);
  await one.message.fill('Look at this');
  await pasteImage(one, 40, 20);
  await expect(one.page.getByRole('alert')).toHaveText(
    'Plain does not take images. drawing.png was left out.',
  );
  await expect(one.message).toHaveValue('Look at this');
  await expect(attached(one)).toHaveCount(0);
});

test('[P44] what is pasted before the script for it has come is not lost', async ({
  server,
  tab,
  browser,
}) => {
  const session = await server.create();
  const context = await browser.newContext();
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await context.route(/\/assets\/aids-/, async (route) => {
    await released;
    await route.continue();
  });
  const one = await tab(session.id, context);
  await one.message.fill('Look at this');
  await pasteImage(one, 40, 20);
  await expect(attached(one)).toHaveCount(0);
  release();
  await expect(attached(one)).toContainText('drawing.png');
  await expect(one.message).toHaveValue('Look at this');
});

test('[P40] [P43] @ completes files of the session’s folder, by keyboard, and the agent gets a link', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  await mkdir(join(session.cwd, 'src'));
  await writeFile(join(session.cwd, 'src/parser.ts'), 'x');
  const one = await tab(session.id);
  await one.message.click();
  await one.page.keyboard.type('Read @par');
  const option = one.page.getByRole('listbox', { name: 'Files' }).getByRole('option');
  await expect(option).toHaveText(['parser.tssrc/']);
  await expect(one.message).toHaveAttribute(
    'aria-activedescendant',
    (await option.getAttribute('id')) ?? '',
  );
  await one.page.keyboard.press('Enter');
  await expect(one.message).toHaveValue('Read @src/parser.ts ');
  await expect(option).toHaveCount(0);
  await expect(attached(one)).toHaveText('src/parser.ts');
  // Not chosen, but typed: it is a link all the same. The draft comes back with it.
  await one.message.fill('Again @src/parser.ts.');
  await one.page.reload();
  await expect(attached(one)).toHaveText('src/parser.ts');
  await one.button('Send').click();
  await expect(you(one).getByRole('list', { name: 'Sent with it' })).toContainText('src/parser.ts');
  await expect(one.agent()).toContainText('a link to src/parser.ts');
});

test('[P45] arrow up brings what was sent before, and the half-typed message stays the server’s', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const [one, two] = [await tab(session.id), await tab(session.id)];
  for (const text of ['/count 1', '/count 2']) {
    await one.send(text);
    await expect(one.agent()).toHaveCount(Number(text.slice(-1)));
    await expect(one.button('Send')).toBeVisible();
  }
  await one.message.fill('half');
  await expect(two.message).toHaveValue('half');
  const { draftRev } = await server.row(session.id);
  await one.message.press('Home');
  for (const [key, shown] of [
    ['ArrowUp', '/count 2'],
    ['ArrowUp', '/count 1'],
    ['ArrowUp', '/count 1'],
    ['ArrowDown', '/count 2'],
    ['ArrowDown', 'half'],
    ['Home', 'half'],
    ['ArrowUp', '/count 2'],
  ] as const) {
    await one.message.press(key);
    await expect(one.message).toHaveValue(shown);
  }
  await one.message.press('End');
  await one.page.keyboard.type('2');
  await one.message.press('Enter');
  await expect(one.message).toHaveValue('half');
  await expect(you(one).last()).toHaveText('/count 22');
  await expect(two.message).toHaveValue('half');
  // Looking back alone was no change of the draft.
  expect(draftRev).toBeGreaterThan(0);
});

test('[P42] what Enter does is one choice for all tabs', async ({ server, tab }) => {
  const session = await server.create();
  const [one, two] = [await tab(session.id), await tab(session.id)];
  await two.page.getByRole('button', { name: 'Settings' }).click();
  await two.page.getByRole('switch', { name: 'Enter sends' }).click();
  await one.message.click();
  await one.page.keyboard.type('/count');
  await one.message.press('Escape');
  await one.message.press('Enter');
  await one.page.keyboard.type('3');
  await expect(one.message).toHaveValue('/count\n3');
  await one.message.press('Control+Enter');
  await expect(you(one)).toHaveText('/count 3');
});
