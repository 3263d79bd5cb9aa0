/** The frame around the sessions: sidebar, drawer, settings, theme, and what a tab shows from outside. */
import type { Page } from 'playwright/test';
import { expect, test } from './fixtures/test.ts';

const ground = (page: Page): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const colourOfBars = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('meta[name=theme-color]')].map(
      (meta) => meta.getAttribute('content') ?? '',
    ),
  );
const icon = async (page: Page): Promise<string> =>
  decodeURIComponent((await page.getAttribute('link[rel=icon]', 'href')) ?? '');

test('[P1] on a narrow screen: one line at the top, and the sessions as a drawer that takes the keyboard and gives it back', async ({
  server,
  tab,
}) => {
  const title = 'A session with a very long title that does not fit into the bar at all';
  const [long, other] = [await server.create(title), await server.create('Other')];
  const { page, sessions, link, status } = await tab(long.id);
  await page.setViewportSize({ width: 390, height: 844 });
  const menu = page.getByRole('button', { name: 'Sessions' });
  await expect(menu).toBeVisible();
  await expect(sessions).toBeHidden();
  await expect(status).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  const size = async () => ({
    bar: (await page.locator('.top').boundingBox())?.height,
    // Nothing is wider than the screen.
    wide: await page.evaluate(() => document.documentElement.scrollWidth),
  });
  expect(await size()).toEqual({ bar: 48, wide: 390 });

  await menu.focus();
  await page.keyboard.press('Enter');
  await expect(sessions).toBeVisible();
  await expect(page.getByRole('button', { name: 'Close' })).toBeFocused();
  // Whoever tabs on stays in it, or is in the browser's own bars.
  for (let n = 0; n < 15; n += 1) {
    await page.keyboard.press('Tab');
    const where = await page.evaluate(() => document.activeElement?.closest('#sidebar, body')?.id);
    expect(['sidebar', '']).toContain(where);
  }
  await page.keyboard.press('Escape');
  await expect(menu).toBeFocused();
  await expect(sessions).toBeHidden();

  await menu.click();
  await link(other.id).click();
  await expect(page.getByRole('heading', { name: 'Other' })).toBeAttached();
  await expect(sessions).toBeHidden();
  // Docked again, with nothing that slides.
  await page.setViewportSize({ width: 1280, height: 720 });
  await expect(sessions).toBeVisible();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  await page.getByRole('button', { name: 'Hide sidebar' }).click();
  await expect(sessions).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Other' })).toBeAttached();
  await expect(sessions).toBeHidden();
});

test('[P6] [P7] the theme that a person chooses: in all tabs at once, after a reload before anything is drawn', async ({
  tab,
}) => {
  const [one, two] = [await tab(), await tab()];
  for (const { page } of [one, two]) await page.emulateMedia({ colorScheme: 'light' });
  const light = await ground(one.page);
  const [lightBars, darkBars] = await colourOfBars(one.page);
  await one.page.getByRole('button', { name: 'Settings' }).click();
  await one.page.getByRole('radio', { name: 'Dark' }).check();
  for (const { page } of [one, two]) {
    await expect.poll(() => ground(page)).not.toBe(light);
    expect(await colourOfBars(page)).toEqual([darkBars, darkBars]);
  }
  const dark = await ground(one.page);
  await one.page.keyboard.press('Escape');
  await expect(one.page.getByRole('button', { name: 'Settings' })).toBeFocused();

  // Without the page's script: what the first paint has.
  await two.page.route(/\/assets\/index-.*\.js$/, (route) => route.abort());
  await two.page.reload();
  expect(await ground(two.page)).toBe(dark);

  await one.page.getByRole('button', { name: 'Settings' }).click();
  await one.page.getByRole('radio', { name: 'System' }).check();
  await expect.poll(() => ground(one.page)).toBe(light);
  expect(await colourOfBars(one.page)).toEqual([lightBars, darkBars]);
  await one.page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => ground(one.page)).toBe(dark);
});

test('[P5] [P3] what runs and who is waited for: in the title, the icon and the rows, also where colours are the person’s own', async ({
  server,
  tab,
}) => {
  const [runs, asks] = [await server.create('Runs'), await server.create('Asks')];
  const { page, row } = await tab(runs.id);
  await page.emulateMedia({ forcedColors: 'active' });
  await expect(page).toHaveTitle('Runs · tabcast');
  await expect.poll(() => icon(page)).toContain('<svg');
  const idle = await icon(page);
  await server.prompt(runs.id, '/slow 600');
  await expect(page).toHaveTitle('Runs · 1 running · tabcast');
  await expect.poll(() => icon(page)).not.toBe(idle);
  const running = await icon(page);
  await server.prompt(asks.id, '/permission');
  await expect(page).toHaveTitle('(1) Runs · 1 running · tabcast');
  await expect.poll(() => icon(page)).not.toBe(running);
  for (const [{ id }, shape] of [
    [runs, 'running'],
    [asks, 'waiting'],
  ] as const) {
    const glyph = row(id).locator(`[data-glyph="${shape}"]`);
    await expect(glyph).toBeVisible();
    // Drawn in the text's colour, which the person chose to stand out from the ground.
    expect(await glyph.evaluate((it) => getComputedStyle(it).fill)).not.toBe(await ground(page));
  }
  expect(await row(runs.id).evaluate((it) => getComputedStyle(it).outlineStyle)).toBe('solid');
  expect(await row(asks.id).evaluate((it) => getComputedStyle(it).outlineStyle)).toBe('none');
  await row(runs.id).getByRole('button', { name: 'Stop' }).click();
  await expect(page).toHaveTitle('(1) Runs · tabcast');
});
