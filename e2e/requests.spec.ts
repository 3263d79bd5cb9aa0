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

test('[O7] it outlives its tabs, is counted in row and title of every tab of every browser, and its options are the agent’s own', async ({
  server,
  tab,
  browser,
}) => {
  const session = await server.create('Asks');
  const elsewhere = await server.create('Elsewhere');
  const context = await browser.newContext();
  const first = await tab(session.id);
  await first.send('/permission');
  await expect(permission(first.page)).toBeVisible();
  await first.page.close();

  const near = await tab(elsewhere.id);
  const far = await tab(session.id, context);
  for (const each of [near, far]) await expect(each.row(session.id)).toContainText('needs you');
  await expect(near.page).toHaveTitle('(1) Elsewhere · tabcast');
  await expect(far.page).toHaveTitle('(1) Asks · tabcast');
  await expect(permission(near.page)).toHaveCount(0);
  await near.link(session.id).click();
  await expect(permission(near.page)).toBeVisible();
  await near.link(elsewhere.id).click();
  await expect(near.page.getByRole('heading', { name: 'Elsewhere' })).toBeVisible();
  await near.link(session.id).click();

  const [open] = openRequests((await server.view(session.id)).state);
  const options = open?.request.kind === 'permission' ? open.request.options : [];
  expect(options.length).toBeGreaterThan(1);
  const names = options.map(({ name }) => name);
  for (const each of [near, far]) {
    await expect(permission(each.page).getByRole('button')).toHaveText(names);
  }
  const chosen = options.find(({ kind }) => kind === 'allow_always') ?? options.at(-1)!;
  await permission(far.page).getByRole('button', { name: chosen.name, exact: true }).click();
  for (const each of [near, far]) {
    await expect(permission(each.page)).toHaveCount(0);
    await expect(each.page).toHaveTitle('Asks · tabcast');
  }
  const log = await server.log(session.id);
  expect(log.find((event) => event.type === 'request.resolved')).toMatchObject({
    outcome: { outcome: 'selected', optionId: chosen.optionId },
  });
  await context.close();
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
