/** What a person chooses of an agent, agents that can't be used, and the first look at tabcast. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from './fixtures/server.ts';
import { expect, openTab, test, type Tab } from './fixtures/test.ts';

const picker = (tab: Tab, name: 'Mode' | 'Model') =>
  tab.page.getByRole('combobox', { name, exact: true });
const choose = async (tab: Tab, name: 'Mode' | 'Model', value: string) => {
  await picker(tab, name).click();
  await tab.page.getByRole('listbox', { name }).getByText(value, { exact: true }).click();
};

test('[P50] [P51] [P53] a choice in one tab is there in another, and after a reload', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const [one, two] = [await tab(session.id), await tab(session.id)];
  await one.button('Mode and model').click();
  await expect(picker(two, 'Mode')).toHaveText('Plain');
  await choose(one, 'Mode', 'Verbose');
  await expect(picker(two, 'Mode')).toHaveText('Verbose');
  await two.send('hello');
  await expect(one.agent().last()).toContainText('You asked me to be verbose');
  // The agent itself.
  await two.send('/config model script-2');
  await expect(picker(one, 'Model')).toHaveText('Script 2');
  await one.page.reload();
  await expect(picker(one, 'Mode')).toHaveText('Verbose');
  await expect(picker(one, 'Model')).toHaveText('Script 2');
});

test('[P86] what the agent says of its modes is read and chosen by keyboard', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const one = await tab(session.id);
  await one.button('Mode and model').click();
  await picker(one, 'Mode').focus();
  await one.page.keyboard.press('Enter');
  const list = one.page.getByRole('listbox', { name: 'Mode' });
  await expect(list).toContainText('Says first how it was asked to answer');
  await one.page.keyboard.press('ArrowDown');
  await expect(picker(one, 'Mode')).toHaveAttribute(
    'aria-activedescendant',
    (await list.getByRole('option', { name: 'Verbose' }).getAttribute('id')) ?? '',
  );
  await one.page.keyboard.press('Enter');
  await expect(list).toHaveCount(0);
  await expect(picker(one, 'Mode')).toHaveText('Verbose');
  await expect(picker(one, 'Mode')).toBeFocused();
});

test('[P52] what was chosen holds after a restart', async ({ server, tab }) => {
  const session = await server.create();
  const shown = await tab(session.id);
  await shown.button('Mode and model').click();
  await choose(shown, 'Mode', 'Verbose');
  await expect(picker(shown, 'Mode').locator('..')).toHaveAttribute('aria-busy', 'false');
  await server.kill();
  await server.start();
  await shown.send('hello');
  await expect(shown.agent().last()).toContainText('You asked me to be verbose');
  await expect(picker(shown, 'Mode')).toHaveText('Verbose');
});

test('[P54] an agent that is not installed says how to, and is found once it is', async ({
  context,
}) => {
  const tools = await mkdtemp(join(tmpdir(), 'tabcast-tools-'));
  const command = join(tools, 'qwen');
  const agents = [
    { id: 'qwen', title: 'Qwen Code', command },
    { id: 'demo', builtin: 'demo' },
  ];
  const server = await startServer({ config: { agents } });
  try {
    const { page } = await openTab(context, server.origin, server.link);
    const note = page.getByRole('region', { name: 'Qwen Code is not installed' });
    await expect(note).toContainText('npm install -g @qwen-code/qwen-code');
    await writeFile(command, '#!/bin/sh\n');
    await chmod(command, 0o755);
    await expect(async () => {
      await note.getByRole('button', { name: 'Check again' }).click({ timeout: 500 });
      await expect(note).toHaveCount(0, { timeout: 500 });
    }).toPass();
  } finally {
    await server.stop();
    await rm(tools, { recursive: true });
  }
});

test('[P55] [P56] a session outlives its agent: it is read, and says what to do', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  await server.prompt(session.id, 'Remember this');
  await expect.poll(async () => (await server.row(session.id)).status).toBe('idle');
  await server.drain();
  await server.configure({ agents: [] });
  await server.start();
  const shown = await tab(session.id);
  await expect(shown.agent()).toContainText('Remember this');
  await expect(
    shown.page.getByRole('region', { name: 'The agent of this session is gone' }),
  ).toBeVisible();
  await shown.page.goto(server.origin);
  await expect(shown.page.getByRole('region', { name: 'No agent is configured' })).toContainText(
    '"builtin": "demo"',
  );
  expect((await server.api('POST', '/api/sessions', {})).status).toBe(400);
});

test('[P57] the first page says what this is; a card starts the demo agent', async ({ tab }) => {
  const { page, ...first } = await tab();
  await expect(page.getByText('Close the tab, and they work on.')).toBeVisible();
  const own = page.getByRole('region', { name: 'Add your own agent' });
  await expect(own.getByRole('listitem').filter({ hasText: 'Goose' })).toBeVisible();
  await page.getByRole('button', { name: /^\/permission/ }).click();
  await expect(page.getByRole('textbox', { name: 'First message' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(first.button(/^Allow once/)).toBeVisible();
});
