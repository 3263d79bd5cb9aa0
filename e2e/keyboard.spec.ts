/** By keyboard alone: no test of this file uses a pointer. */
import type { Locator, Page } from 'playwright/test';
import { untilStatus } from './fixtures/steps.ts';
import { expect, test } from './fixtures/test.ts';

const MOST_TABS = 80;

/** Presses Tab until that has the focus, as somebody does who sees where it is. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toBeVisible();
  for (let n = 0; n < MOST_TABS; n += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${MOST_TABS} times ${key} did not reach ${target.toString()}`);
}

/** Something in the page has the focus, and it is seen that it has. */
async function expectFocus(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.tagName ?? 'BODY'))
    .not.toBe('BODY');
}

test('[P83] [P82] a session by keyboard: started from home, a permission answered, a message queued, the turn stopped', async ({
  server,
  tab,
}) => {
  const { page, message, button, agent, transcript } = await tab();
  await tabTo(page, page.getByRole('textbox', { name: 'First message' }));
  await page.keyboard.type('/permission');
  await page.keyboard.press('Enter');
  const card = page.getByRole('group', { name: /^Permission/ });
  await tabTo(page, card.getByRole('button', { name: 'Allow once' }));
  await page.keyboard.press('Enter');
  await expect(agent().last()).toContainText('You chose: Allow once.');
  await expectFocus(page);

  await tabTo(page, message);
  await page.keyboard.type('/slow 60');
  await page.keyboard.press('Enter');
  await expect(button('Stop')).toBeVisible();
  await expect(message).toBeFocused();
  await page.keyboard.type('for later');
  await page.keyboard.press('Enter');
  const queue = page.getByRole('list', { name: 'Queue' });
  await expect(queue.getByRole('listitem')).toHaveCount(1);
  await tabTo(page, queue.getByRole('button', { name: 'Remove' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(queue).toHaveCount(0);
  await expectFocus(page);
  await tabTo(page, button('Stop'));
  await page.keyboard.press('Enter');
  await expect(transcript.getByText('Stopped.')).toBeVisible();
  await expectFocus(page);
  const { sessions } = (await server.api('GET', '/api/sessions')).body as { sessions: unknown[] };
  expect(sessions).toHaveLength(1);
});

test('[P83] [P82] a question by keyboard, in a form', async ({ server, tab }) => {
  const session = await server.create();
  await server.prompt(session.id, '/question');
  await untilStatus(server, session, 'waiting');
  const { page, agent } = await tab(session.id);
  const form = page.getByRole('form', { name: /^Question/ });
  await tabTo(page, form.getByRole('textbox').first());
  await page.keyboard.type('tabcast');
  await page.keyboard.press('Enter');
  await expect(form).toHaveCount(0);
  await expect(agent().last()).toContainText('tabcast');
  await expectFocus(page);
});

test('[P83] [P82] a row by keyboard: switched to, renamed, archived, deleted', async ({
  server,
  tab,
}) => {
  const [first, second] = [await server.create('First'), await server.create('Second')];
  const { page, row, link, sessions } = await tab(first.id);
  await tabTo(page, link(second.id));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Second' })).toBeVisible();

  const choose = async (id: string, name: string) => {
    await tabTo(page, row(id).getByRole('button', { name: 'More' }));
    await page.keyboard.press('Enter');
    await tabTo(page, row(id).getByRole('button', { name }));
    await page.keyboard.press('Enter');
  };
  await choose(second.id, 'Rename');
  await expect(sessions.getByRole('textbox', { name: 'Title' })).toBeFocused();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Renamed');
  await page.keyboard.press('Enter');
  await expect(link(second.id)).toHaveText('Renamed');
  await expectFocus(page);
  await choose(second.id, 'Archive');
  await expect(sessions.getByText('Archived (1)')).toBeVisible();
  await expectFocus(page);
  await choose(first.id, 'Delete');
  await tabTo(page, row(first.id).getByRole('button', { name: /Delete/ }));
  await page.keyboard.press('Enter');
  await expect(link(first.id)).toHaveCount(0);
  await expectFocus(page);
});

test('[P80] what an agent says is told to who listens, in sentences, and the transcript itself is silent', async ({
  server,
  context,
  tab,
}) => {
  await context.addInitScript(() => {
    const heard: string[] = [];
    Object.assign(globalThis, { heard });
    Object.assign(Document.prototype, { ariaNotify: (words: string) => heard.push(words) });
  });
  const session = await server.create();
  const { page, transcript, agent, send } = await tab(session.id);
  await expect(transcript).toHaveAttribute('aria-live', 'off');
  await send('/think');
  const heard = () =>
    page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard.join(' | '));
  await expect.poll(heard).toContain('The agent has finished.');
  await expect(agent()).toHaveCount(1);
  expect(await heard()).toContain('I have thought about it, and the answer is yes.');
  // A word at a time nobody could follow.
  expect((await heard()).split(' | ').length).toBeLessThan(5);
});
