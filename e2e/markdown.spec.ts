/** What an agent's text becomes when it has settled, and that streaming disturbs nobody who reads or selects. */
import { untilStatus } from './fixtures/steps.ts';
import { expect, test } from './fixtures/test.ts';

test('[P21] [P22] settled code has colours and can be copied, math is set, and the text is what it was', async ({
  server,
  context,
  tab,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const session = await server.create();
  await server.prompt(session.id, '/markdown 8');
  await untilStatus(server, session, 'idle');
  const { page, agent } = await tab(session.id);
  const code = agent().locator('[data-code=ts]').first();
  await code.scrollIntoViewIfNeeded();
  await expect(code.locator('.hljs-keyword').first()).toHaveText('export');
  const copy = code.getByRole('button', { name: 'Copy code' });
  await copy.click();
  await expect(code.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^export function \w+\(n: number\)[\s\S]*\n}$/);
  expect(`${copied}\n`).toBe(await code.locator('code').textContent());
  const math = agent().locator('[data-math]').first();
  await math.scrollIntoViewIfNeeded();
  await expect(math.locator('math')).toBeVisible();
  await expect(agent()).toContainText('costs $5, not $');
});

test('[P20] what is selected in the paragraph that grows stays selected, also when the turn ends', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const { page, agent, send } = await tab(session.id);
  await send('/count 130 50');
  await expect(agent().last()).toContainText(/\b12 13\b/);
  await agent()
    .last()
    .evaluate((article) => {
      const text = article.querySelector('.md p')?.firstChild;
      if (text === null || text === undefined) throw new Error('no text');
      getSelection()?.setBaseAndExtent(text, 4, text, 16);
    });
  const selected = () => page.evaluate(() => getSelection()?.toString());
  const before = await selected();
  expect(before).toHaveLength(12);
  await expect(agent().last()).toContainText(/\b100 101\b/);
  expect(await selected()).toBe(before);
  await expect(agent().last()).toHaveAttribute('aria-busy', 'false');
  await expect(agent().last()).toContainText(/\b130\b/);
  expect(await selected()).toBe(before);
});

test('[P73] what is still and out of view costs nothing, can be found, and keeps its height', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const { page, agent, send, transcript } = await tab(session.id);
  await send('/markdown 12 8');
  await expect(agent()).toHaveAttribute('aria-busy', 'false', { timeout: 20_000 });
  const first = agent().locator('.md-group').first();
  const isDrawn = () =>
    first.evaluate((it) =>
      (it.firstElementChild ?? it).checkVisibility({ contentVisibilityAuto: true }),
    );
  await expect(first).toHaveAttribute('data-still', '');
  await expect.poll(isDrawn).toBe(false);
  const height = () => first.evaluate((it) => it.getBoundingClientRect().height);
  const before = await height();
  // A browser's own search scrolls to what it finds.
  const words = (await first.locator('p').first().textContent())?.slice(0, 24) ?? '';
  expect(
    await page.evaluate((words) => Reflect.get(window, 'find')(words, true, true), words),
  ).toBe(true);
  await transcript.evaluate((log) => log.parentElement?.scrollTo(0, 0));
  await expect.poll(isDrawn).toBe(true);
  expect(Math.abs((await height()) - before)).toBeLessThanOrEqual(1);
});
