/** What has bitten others, by its name: pages that were hidden, reloaded, or went and came back. */
import type { Row } from '../shared/row.ts';
import { back, noteRestores } from './fixtures/back-forward.ts';
import { untilStatus } from './fixtures/steps.ts';
import { createTab, expect, expectCounted, test } from './fixtures/test.ts';

test('[T1] [O12] a start and end while hidden @needs-bfcache', async ({ server, tab }) => {
  const session = await server.create('Hidden');
  const only = await tab(session.id);
  await only.send('/count 3');
  await expectCounted(only, 3);
  await noteRestores(only.page);
  await only.page.goto(`${server.origin}/healthz`);
  await server.prompt(session.id, '/count 40 400');
  await untilStatus(server, session, 'idle');
  await back(only.page);
  await expect(only.agent()).toHaveCount(2);
  await expectCounted(only, 40);
  await expect(only.button('Stop')).toHaveCount(0);
  await expect(only.agent().last()).toHaveAttribute('aria-busy', 'false');
  await expect(only.link(session.id)).toHaveAttribute('data-status', 'idle');
  await expect(only.row(session.id)).not.toContainText(/unread/i);
});

test('[O11] [O6] a deleted session resurrected by a reload', async ({ server, tab, browser }) => {
  const keep = await server.create('Keep');
  const session = await server.create('Gone');
  await server.prompt(session.id, '/count 100000 50');
  const context = await browser.newContext();
  const tabs = [await tab(session.id), await tab(keep.id), await tab(session.id, context)];
  for (const each of tabs) await expect(each.link(session.id)).toBeVisible();
  await server.api('DELETE', `/api/sessions/${session.id}`);
  for (let round = 0; round < 2; round += 1) {
    for (const each of tabs) {
      await expect(each.link(session.id)).toHaveCount(0);
      await expect(each.link(keep.id)).toBeVisible();
      await expect(each.button('Stop')).toHaveCount(0);
    }
    for (const each of [tabs[0], tabs[2]]) {
      await expect(each!.transcript).toHaveCount(0);
      await expect(each!.page.getByRole('heading', { level: 1 })).toContainText(
        /not found|deleted/i,
      );
    }
    expect((await server.api('GET', `/api/sessions/${session.id}`)).status).toBe(404);
    const { body } = await server.api('GET', '/api/sessions');
    expect((body as { sessions: Row[] }).sessions.map(({ id }) => id)).toEqual([keep.id]);
    for (const each of tabs) await each.page.reload();
  }
  await expect.poll(async () => (await server.diagnostics()).turns).toBe(0);
  const [first] = tabs;
  await first!.page
    .getByRole('main')
    .getByRole('link', { name: /all sessions/i })
    .click();
  await expect(first!.page).toHaveURL(`${server.origin}/`);
  await context.close();
});

test('[T1] [H11] listeners stacking up over 20 BFCache restores @needs-bfcache', async ({
  server,
  context,
}) => {
  const session = await server.create('Again and again');
  const page = await context.newPage();
  await page.addInitScript(() => {
    let listeners = 0;
    const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
    for (const target of [window, document]) {
      target.addEventListener = (...args: Parameters<typeof add>) => {
        listeners += 1;
        add.apply(target, args);
      };
      target.removeEventListener = (...args: Parameters<typeof remove>) => {
        listeners -= 1;
        remove.apply(target, args);
      };
    }
    Object.assign(window, { listeners: () => listeners });
  });
  await page.goto(server.link);
  await page.goto(`${server.origin}/session/${session.id}`);
  const only = createTab(page);
  await only.send('/count 3');
  await expectCounted(only, 3);
  const listeners = () =>
    page.evaluate(() => (window as unknown as { listeners(): number }).listeners());
  await noteRestores(page);
  const before = await listeners();
  for (let round = 1; round <= 20; round += 1) {
    await page.goto(`${server.origin}/healthz`);
    await back(page, round);
    await expect(only.status).toContainText('live');
    expect(await listeners()).toBe(before);
  }
  await only.send('/count 30 100');
  await expect(only.agent()).toHaveCount(2);
  await expectCounted(only, 30);
  await expect(only.transcript.getByRole('article', { name: 'You' })).toHaveCount(2);
  const { streams } = await server.diagnostics();
  expect(streams.lanes).toBe(1);
  expect(streams.own).toBeLessThanOrEqual(1);
});
