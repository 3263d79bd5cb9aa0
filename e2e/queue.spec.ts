/** Prompts that wait on the server: changed from any tab, surviving tabs and browsers, never fired unasked. */
import type { Locator } from 'playwright/test';
import { expect, expectCounted, test, type Tab } from './fixtures/test.ts';

const queue = (tab: Tab): Locator => tab.page.getByRole('list', { name: 'Queue' });
const lines = (tab: Tab): Locator => queue(tab).getByRole('listitem');
const line = (tab: Tab, text: string): Locator => lines(tab).filter({ hasText: text });

async function expectQueue(tab: Tab, texts: string[]): Promise<void> {
  await expect(lines(tab).locator('.queue-text')).toHaveText(texts);
}
async function enqueue(tab: Tab, text: string): Promise<void> {
  await tab.message.fill(text);
  await tab.button('Queue').click();
  await expect(line(tab, text)).toBeVisible();
}
/** What the agent was asked, in order. */
const asked = (tab: Tab): Locator => tab.transcript.getByRole('article', { name: 'You' });

test('[O10] order, text and removal of what waits, from several tabs and another browser; then it runs so', async ({
  server,
  tab,
  browser,
}) => {
  const session = await server.create();
  const context = await browser.newContext();
  const [one, two] = [await tab(session.id), await tab(session.id)];
  const far = await tab(session.id, context);
  await one.send('/slow 600');
  await expect(one.button('Stop')).toBeVisible();
  for (const text of ['/count 1', '/count 2', '/count 3', '/count 4']) await enqueue(one, text);
  for (const each of [two, far]) {
    await expectQueue(each, ['/count 1', '/count 2', '/count 3', '/count 4']);
  }
  await expect(lines(one).first()).toContainText('next');

  await line(far, '/count 3').getByRole('button', { name: 'Move up' }).click();
  await expectQueue(one, ['/count 1', '/count 3', '/count 2', '/count 4']);
  await expect(line(far, '/count 3').getByRole('button', { name: 'Move up' })).toBeFocused();
  await line(two, '/count 3').getByRole('button', { name: 'Move up' }).click();
  await expectQueue(far, ['/count 3', '/count 1', '/count 2', '/count 4']);
  await line(two, '/count 1').getByRole('button', { name: 'Move down' }).click();
  await expectQueue(far, ['/count 3', '/count 2', '/count 1', '/count 4']);
  await expect(lines(far).first().getByRole('button', { name: 'Move up' })).toBeDisabled();
  await expect(lines(far).last().getByRole('button', { name: 'Move down' })).toBeDisabled();

  await line(two, '/count 2').getByRole('button', { name: 'Edit' }).click();
  const editor = queue(two).getByRole('textbox', { name: 'Queued message' });
  await expect(editor).toBeFocused();
  await editor.fill('/count 22');
  await two.page.keyboard.press('Enter');
  await expect(line(two, '/count 22').getByRole('button', { name: 'Edit' })).toBeFocused();
  await line(far, '/count 4').getByRole('button', { name: 'Remove' }).click();
  for (const each of [one, two, far])
    await expectQueue(each, ['/count 3', '/count 22', '/count 1']);

  // The tabs and browsers may go; the order is the server's.
  await context.close();
  await two.page.close();
  await one.page.reload();
  await expectQueue(one, ['/count 3', '/count 22', '/count 1']);
  await one.message.fill('/count 5');
  await one.button('Stop and send').click();
  await expect(asked(one)).toHaveText(['/slow 600', '/count 5']);
  await expect(one.link(session.id)).toHaveAttribute('data-status', 'idle');
  // After a stop the rest waits for the person, and says so.
  await expectQueue(one, ['/count 3', '/count 22', '/count 1']);
  await expect(one.page.getByText(/These wait for you/)).toBeVisible();
  await line(one, '/count 22').getByRole('button', { name: 'Send now' }).click();
  await expect(asked(one)).toHaveText(['/slow 600', '/count 5', '/count 22']);
  await expect(one.link(session.id)).toHaveAttribute('data-status', 'idle');
  await expectCounted(one, 22);
});

test('[O10] a prompt that starts while it is edited starts as it was; the change is in the box', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const [one, two] = [await tab(session.id), await tab(session.id)];
  await one.send('/permission');
  const permission = two.page.getByRole('group', { name: /^Permission/ });
  await expect(permission).toBeVisible();
  await enqueue(one, '/count 7');
  await line(one, '/count 7').getByRole('button', { name: 'Edit' }).click();
  await queue(one).getByRole('textbox', { name: 'Queued message' }).fill('/count 9');
  await permission.getByRole('button').first().click();
  await expect(asked(one)).toHaveText(['/permission', '/count 7']);
  await expect(one.message).toHaveValue('/count 9');
  await expect(one.page.getByRole('alert')).toContainText('Your change came too late.');
  await expect(two.message).toHaveValue('/count 9');
  const answer = await server.api('PATCH', `/api/sessions/${session.id}/turns/nothing`, {
    before: null,
  });
  expect(answer.status).toBe(404);
  const turnId = (await server.view(session.id)).state.turns.at(-1)?.turnId ?? '';
  const late = await server.api('PATCH', `/api/sessions/${session.id}/turns/${turnId}`, {
    prompt: 'x',
  });
  expect(late).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
});

test('[O10] [L10] after a crash of the server the queue waits, as it was ordered; nothing fires', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const one = await tab(session.id);
  await one.send('/slow 600');
  await expect(one.button('Stop')).toBeVisible();
  for (const text of ['/count 1', '/count 2']) await enqueue(one, text);
  await line(one, '/count 2').getByRole('button', { name: 'Move up' }).click();
  await expectQueue(one, ['/count 2', '/count 1']);
  await server.kill();
  await server.start();
  await expect(one.status).toContainText('live');
  await expect(one.link(session.id)).toHaveAttribute('data-status', 'idle');
  await expectQueue(one, ['/count 2', '/count 1']);
  await expect(one.page.getByText(/These wait for you/)).toBeVisible();
  await one.page.reload();
  await expectQueue(one, ['/count 2', '/count 1']);
  await expect(asked(one)).toHaveText(['/slow 600']);
  await expect(one.row(session.id)).toContainText('2 not sent');
  await one.button('Send all in turn').click();
  await expect(asked(one)).toHaveText(['/slow 600', '/count 2', '/count 1']);
  await expect(queue(one)).toHaveCount(0);
});
