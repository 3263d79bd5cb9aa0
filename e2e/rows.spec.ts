/** What a person does with a session from its row, shown or not: seen in every tab and in another browser. */
import type { BrowserContext } from 'playwright/test';
import { expect, test, type Tab } from './fixtures/test.ts';

async function more(tab: Tab, sessionId: string, action: string): Promise<void> {
  await tab.row(sessionId).getByRole('button', { name: 'More' }).click();
  await tab.row(sessionId).getByRole('button', { name: action, exact: true }).click();
}

/** Home, another session and, in a second browser, the session itself. */
async function watchers(
  tab: (id?: string, context?: BrowserContext) => Promise<Tab>,
  context: BrowserContext,
  ids: { shown: string; other: string },
) {
  const home = await tab();
  const other = await tab(ids.other);
  const far = await tab(ids.shown, context);
  return { home, other, far, all: [home, other, far] };
}

test('[O3] rename, pin, archive and bring back a session that is not shown: every tab and browser follows', async ({
  server,
  tab,
  browser,
}) => {
  const session = await server.create('First name');
  const elsewhere = await server.create('Elsewhere');
  const context = await browser.newContext();
  const { home, other, far, all } = await watchers(tab, context, {
    shown: session.id,
    other: elsewhere.id,
  });
  for (const each of all) await expect(each.link(session.id)).toHaveText('First name');

  await more(other, session.id, 'Rename');
  await other.row(session.id).getByRole('textbox', { name: 'Title' }).fill('Second name');
  await other.page.keyboard.press('Enter');
  for (const each of all) await expect(each.link(session.id)).toHaveText('Second name');
  await expect(far.page.getByRole('heading', { name: 'Second name' })).toBeVisible();
  await expect(far.page).toHaveTitle('Second name · tabcast');
  await expect(other.page.getByRole('heading', { name: 'Elsewhere' })).toBeVisible();

  await expect(other.row(session.id).getByRole('button', { name: 'More' })).toBeFocused();

  await more(home, elsewhere.id, 'Pin');
  for (const each of all) {
    const pinned = each.sessions.getByRole('list', { name: 'Pinned' });
    await expect(pinned.getByRole('link')).toHaveText(['Elsewhere']);
    await expect(each.sessions.getByRole('heading', { name: 'Pinned' })).toBeVisible();
    await expect(each.sessions.getByRole('link')).toHaveText(['Elsewhere', 'Second name']);
  }
  await more(far, elsewhere.id, 'Unpin');
  for (const each of all) {
    await expect(each.sessions.getByRole('list', { name: 'Pinned' })).toHaveCount(0);
  }

  await more(far, elsewhere.id, 'Archive');
  for (const each of all) {
    await expect(each.sessions.getByText('Archived (1)')).toBeVisible();
    await expect(each.link(elsewhere.id)).toBeHidden();
  }
  await home.sessions.getByText('Archived (1)').click();
  await more(home, elsewhere.id, 'Bring back');
  for (const each of all) {
    await expect(each.link(elsewhere.id)).toBeVisible();
    await expect(each.sessions.getByText(/^Archived/)).toHaveCount(0);
  }
  await context.close();
});

test('[O8] marked unread: it stays so under the eyes of every tab that shows it, and the next look reads it', async ({
  server,
  tab,
  browser,
}) => {
  const session = await server.create('To be read');
  const elsewhere = await server.create('Elsewhere');
  await server.prompt(session.id, '/count 3');
  const context = await browser.newContext();
  const near = await tab(session.id);
  const far = await tab(session.id, context);
  const home = await tab();
  await expect.poll(async () => (await server.row(session.id)).endedSeq).toBeGreaterThan(0);
  const unread = async (): Promise<boolean> => {
    const { endedSeq, readSeq } = await server.row(session.id);
    return endedSeq > readSeq;
  };
  await near.page.bringToFront();
  await expect.poll(unread).toBe(false);

  await more(home, session.id, 'Mark unread');
  for (const each of [near, far, home]) {
    await expect(each.row(session.id)).toContainText('unread');
  }
  await expect(home.page.getByRole('heading', { name: 'Ended, not read yet' })).toBeVisible();
  // Both panes stand at its end, in view. What they might send was sent before this turn's prompt is answered.
  await near.send('/count 4');
  await expect(near.agent()).toHaveCount(2);
  await expect(near.link(session.id)).toHaveAttribute('data-status', 'idle');
  await expect(far.agent()).toHaveCount(2);
  expect(await unread()).toBe(true);
  for (const each of [near, far, home]) {
    await expect(each.row(session.id)).toContainText('unread');
  }

  await near.link(elsewhere.id).click();
  await expect(near.page.getByRole('heading', { name: 'Elsewhere' })).toBeVisible();
  await near.link(session.id).click();
  for (const each of [near, far, home]) {
    await expect(each.row(session.id)).not.toContainText('unread');
  }
  expect(await unread()).toBe(false);

  // A pane that knew of no mark speaks late: the mark stays.
  const { endedSeq } = await server.row(session.id);
  await more(home, session.id, 'Mark unread');
  await expect(far.row(session.id)).toContainText('unread');
  const late = { readSeq: endedSeq, readMark: 1 };
  await server.api('PATCH', `/api/sessions/${session.id}`, late);
  expect(await unread()).toBe(true);
  await more(far, session.id, 'Mark read');
  for (const each of [near, far, home]) {
    await expect(each.row(session.id)).not.toContainText('unread');
  }
  await context.close();
});

test('[O1] [O3] a running session is deleted from its row: it is cancelled, its panes say so, and a reload does not bring it back', async ({
  server,
  tab,
  browser,
}) => {
  const session = await server.create('Doomed');
  const elsewhere = await server.create('Elsewhere');
  const context = await browser.newContext();
  const near = await tab(session.id);
  const far = await tab(session.id, context);
  const other = await tab(elsewhere.id);
  await near.send('/count 100000 50');
  await near.message.fill('half a thought');
  await expect.poll(async () => (await far.numbers()).length).toBeGreaterThan(5);
  await server.prompt(session.id, '/count 5');
  await expect(other.link(session.id)).toHaveAttribute('data-status', 'running');

  await more(other, session.id, 'Delete…');
  await expect(other.row(session.id)).toContainText('It is running, and is stopped first.');
  await other.row(session.id).getByRole('button', { name: 'Delete', exact: true }).click();
  for (const each of [near, far]) {
    await expect(
      each.page.getByRole('heading', { name: 'This session was deleted' }),
    ).toBeVisible();
    await expect(each.transcript).toHaveCount(0);
    await expect(each.message).toHaveCount(0);
    await expect(each.page).toHaveTitle('tabcast');
  }
  await expect(near.page.getByText('half a thought')).toBeVisible();
  for (const each of [near, far, other]) await expect(each.link(session.id)).toHaveCount(0);
  await expect(other.page.getByRole('heading', { name: 'Elsewhere' })).toBeVisible();
  expect((await server.diagnostics()).turns).toBe(0);
  await expect.poll(async () => (await server.diagnostics()).streams.own).toBe(0);

  for (let round = 0; round < 2; round += 1) {
    await near.page.reload();
    await expect(near.page.getByRole('heading', { name: 'Session not found' })).toBeVisible();
    await expect(near.status).toContainText('live');
  }
  await near.page.getByRole('main').getByRole('link', { name: 'Back to all sessions' }).click();
  await expect(near.page).toHaveURL(`${server.origin}/`);
  await far.page.getByRole('main').getByRole('link', { name: 'Back to all sessions' }).click();
  await expect(far.page.getByRole('textbox', { name: 'First message' })).toBeVisible();

  // From its own pane: home, and back does not lead to it.
  await other.page.bringToFront();
  await more(other, elsewhere.id, 'Delete…');
  await other.row(elsewhere.id).getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(other.page).toHaveURL(`${server.origin}/`);
  expect((await server.api('GET', '/api/sessions')).body).toEqual({ sessions: [] });
  await context.close();
});
