/** By keyboard alone: sessions and commands through the palette, shortcuts, and a session with a folder of one's choice. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from './fixtures/server.ts';
import { untilStatus } from './fixtures/steps.ts';
import { expect, openTab, test, type Tab } from './fixtures/test.ts';

const box = ({ page }: Tab) => page.getByRole('combobox', { name: 'Session or command' });
const option = ({ page }: Tab, name: string | RegExp) => page.getByRole('option', { name });

test('[P12] [P13] any session and what can be done with it, without a mouse; the focus comes back', async ({
  server,
  tab,
}) => {
  const one = await server.create('Trip to Lisbon');
  const other = await server.create('Build of the website');
  const reader = await tab(one.id);
  const { page } = reader;
  await reader.message.fill('half-typed');

  // Also while one types; Escape leaves everything as it was.
  await page.keyboard.press('Control+k');
  await expect(box(reader)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(reader.message).toBeFocused();
  await expect(reader.message).toHaveValue('half-typed');

  await page.keyboard.press('Control+k');
  await page.keyboard.type('bwe');
  await expect(option(reader, /Build of the website/)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${server.origin}/session/${other.id}`);
  await expect(reader.message).toBeFocused();
  await expect(reader.message).toHaveValue('');

  await page.keyboard.type('/count 100000 20');
  await page.keyboard.press('Enter');
  await untilStatus(server, other, 'running');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('rename');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Title' })).toBeFocused();
  await page.keyboard.type('Website');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Website', level: 1 })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(reader.message).toBeFocused();

  // What runs is stopped, and only that.
  await page.keyboard.press('Control+.');
  await untilStatus(server, other, 'idle');
});

test('[P14] shortcuts: sessions one after the other, home, and their list with a switch', async ({
  server,
  tab,
}) => {
  const asks = await server.create('Asks');
  await server.prompt(asks.id, '/permission');
  await untilStatus(server, asks, 'waiting');
  const plain = await server.create('Plain');
  const reader = await tab(plain.id);
  const { page } = reader;
  await reader.message.press('Alt+Shift+ArrowDown');
  await expect(page).toHaveURL(`${server.origin}/session/${asks.id}`);
  await page.keyboard.press('Alt+ArrowDown');
  await expect(page).toHaveURL(`${server.origin}/session/${plain.id}`);
  await expect(reader.message).toBeFocused();

  // In a box a letter is a letter.
  await page.keyboard.type('g?');
  await expect(reader.message).toHaveValue('g?');
  const main = page.getByRole('main');
  await main.focus();
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await expect(page).toHaveURL(`${server.origin}/`);

  const list = page.getByRole('dialog', { name: 'Shortcuts' });
  await main.focus();
  await page.keyboard.press('?');
  await expect(list).toBeVisible();
  await list.getByRole('checkbox', { name: 'Keys of one letter' }).press('Space');
  await page.keyboard.press('Escape');
  await expect(main).toBeFocused();
  await page.keyboard.press('?');
  await page.keyboard.press('Control+k');
  await expect(box(reader)).toBeFocused();
  await expect(list).toHaveCount(0);
});

test('[P10] [P11] a session with an agent and a folder of one’s choice; what is refused stays filled in', async ({
  context,
}) => {
  const root = await mkdtemp(join(tmpdir(), 'tabcast-roots-'));
  await mkdir(join(root, 'website', 'docs'), { recursive: true });
  const server = await startServer({ config: { roots: [root] } });
  try {
    const reader = await openTab(context, server.origin, server.link);
    const { page } = reader;
    await page.getByRole('button', { name: 'Choose agent and folder' }).press('Enter');
    const folder = page.getByRole('combobox', { name: 'Folder' });
    await folder.fill('/etc');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('outside the folders');
    await expect(folder).toHaveValue('/etc');
    await folder.fill('web');
    await expect(option(reader, join(root, 'website'))).toBeVisible();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(option(reader, join(root, 'website', 'docs'))).toBeVisible();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await expect(reader.message).toBeFocused();
    const { body } = await server.api('GET', '/api/sessions');
    expect(body).toMatchObject({ sessions: [{ cwd: join(root, 'website', 'docs') }] });
  } finally {
    await server.stop();
    await rm(root, { recursive: true });
  }
});

test('[P15] [P17] a session as a file, while it runs, from its head and by the palette', async ({
  server,
  tab,
}) => {
  const session = await server.create('Größe: a/b');
  await server.prompt(session.id, '/tool');
  await untilStatus(server, session, 'idle');
  await server.prompt(session.id, '/count 100000 20');
  const reader = await tab(session.id);
  const { page } = reader;
  await expect(reader.agent().last()).toContainText('1 2 3');
  const taken = async (act: () => Promise<unknown>) => {
    const [download] = await Promise.all([page.waitForEvent('download'), act()]);
    return {
      name: download.suggestedFilename(),
      text: await readFile(await download.path(), 'utf8'),
    };
  };
  const markdown = await taken(async () => {
    await reader.button('Export').click();
    await page.getByRole('link', { name: /^Markdown/ }).click();
  });
  expect(markdown.name).toMatch(/^Größe a b \d{4}-\d\d-\d\d\.md$/);
  expect(markdown.text).toMatch(/^# Größe: a\/b\n/);
  expect(markdown.text).toContain('> /tool');
  expect(markdown.text).toMatch(/1 2 3[\d ]*\n\n\*Unfinished: this turn still ran/);
  const json = await taken(async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('json');
    await page.keyboard.press('Enter');
  });
  expect(json.name).toMatch(/\.json$/);
  expect(JSON.parse(json.text)).toMatchObject({
    format: 'tabcast.session',
    version: 1,
    unfinished: (await server.row(session.id)).activeTurnId,
    turns: [
      { ordinal: 0, end: { reason: 'end_turn' } },
      { ordinal: 1, end: null },
    ],
  });
});
