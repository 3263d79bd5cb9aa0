/** Permissions and questions: asked of the session, answered once, closed everywhere. */
import type { Page } from 'playwright/test';
import { openRequests } from '../shared/state.ts';
import { expect, test } from './fixtures/test.ts';

const permission = (page: Page) => page.getByRole('group', { name: /^Permission/ });
const question = (page: Page) => page.getByRole('form', { name: /^Question/ });

test('[O7] a permission asked while no tab shows the session: the row says so, one answer closes it everywhere', async ({
  server,
  tab,
}) => {
  const session = await server.create('Asks');
  const home = await tab();
  await server.prompt(session.id, '/permission');
  await expect(home.row(session.id)).toContainText(/needs you/i);
  await expect(permission(home.page)).toHaveCount(0);

  const [one, two] = [await tab(session.id), await tab(session.id)];
  await expect(permission(one.page)).toBeVisible();
  await one.page.reload();
  await expect(permission(one.page)).toBeVisible();
  await expect(permission(two.page)).toBeVisible();
  const [open] = openRequests((await server.view(session.id)).state);
  await permission(one.page).getByRole('button').first().click();
  await expect(permission(one.page)).toHaveCount(0);
  await expect(permission(two.page)).toHaveCount(0);
  await expect(home.row(session.id)).not.toContainText(/needs you/i);

  const optionId = open?.request.kind === 'permission' ? open.request.options.at(-1)?.optionId : '';
  const second = await server.api(
    'POST',
    `/api/sessions/${session.id}/requests/${open?.requestId}`,
    {
      outcome: { outcome: 'selected', optionId },
    },
  );
  expect(second).toMatchObject({ status: 409, body: { error: { code: 'already_answered' } } });
  await expect(two.link(session.id)).toHaveAttribute('data-status', 'idle');
  expect((await server.view(session.id)).state.turns[0]?.end?.reason).toBe('end_turn');
});

test('[O7] a question likewise, by its form', async ({ server, tab }) => {
  const session = await server.create('Asks');
  const home = await tab();
  await server.prompt(session.id, '/question');
  await expect(home.row(session.id)).toContainText(/needs you/i);
  const [one, two] = [await tab(session.id), await tab(session.id)];
  await expect(question(one.page)).toBeVisible();
  await expect(question(two.page)).toBeVisible();
  const [open] = openRequests((await server.view(session.id)).state);
  await question(one.page).getByRole('textbox').first().fill('Ada');
  await question(one.page).getByRole('button', { name: 'Answer' }).click();
  await expect(question(one.page)).toHaveCount(0);
  await expect(question(two.page)).toHaveCount(0);
  await expect(two.agent().last()).toContainText('Ada');
  const second = await server.api(
    'POST',
    `/api/sessions/${session.id}/requests/${open?.requestId}`,
    {
      outcome: { action: 'decline' },
    },
  );
  expect(second.status).toBe(409);
});

test('[O7] [O11] cancelling the turn closes its request in every tab', async ({ server, tab }) => {
  const session = await server.create();
  const [one, two] = [await tab(session.id), await tab(session.id)];
  await one.send('/permission');
  await expect(permission(two.page)).toBeVisible();
  await two.button('Stop').click();
  await expect(permission(one.page)).toHaveCount(0);
  await expect(permission(two.page)).toHaveCount(0);
  await expect(one.link(session.id)).toHaveAttribute('data-status', 'idle');
});
