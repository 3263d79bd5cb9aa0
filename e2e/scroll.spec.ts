/** Where the transcript stands while text comes in: only a real browser lays out. */
import { expect, test, type Tab } from './fixtures/test.ts';

/** Pixels from the end, and from the start, as painted last. */
const place = (tab: Tab): Promise<{ fromEnd: number; top: number }> =>
  tab.transcript.evaluate(
    (log) =>
      new Promise((resolve) => {
        requestAnimationFrame(() => {
          // After this frame's layout and what follows it.
          setTimeout(() => {
            const box = log.parentElement ?? log;
            const { scrollHeight, scrollTop, clientHeight } = box;
            resolve({ fromEnd: scrollHeight - scrollTop - clientHeight, top: scrollTop });
          });
        });
      }),
  );

test('[T5] the transcript follows its end, leaves a reader who scrolled up alone, and follows again from there', async ({
  server,
  tab,
}) => {
  const { id } = await server.create();
  const shown = await tab(id);
  await shown.page.setViewportSize({ width: 700, height: 500 });
  await shown.send('/count 3000 400');
  await expect.poll(async () => (await place(shown)).top).toBeGreaterThan(600);
  await expect.poll(async () => (await place(shown)).fromEnd).toBeLessThanOrEqual(48);

  await shown.transcript.hover();
  await shown.page.mouse.wheel(0, -400);
  await expect.poll(async () => (await place(shown)).fromEnd).toBeGreaterThan(300);
  // The wheel's movement may go on for some frames.
  await expect.poll(async () => (await place(shown)).top - (await place(shown)).top).toBe(0);
  const before = await place(shown);
  await expect.poll(async () => (await place(shown)).fromEnd).toBeGreaterThan(before.fromEnd + 100);
  expect((await place(shown)).top).toBe(before.top);

  await shown.page.mouse.wheel(0, 100_000);
  await expect.poll(async () => (await place(shown)).top).toBeGreaterThan(before.top + 800);
  await expect.poll(async () => (await place(shown)).fromEnd).toBeLessThanOrEqual(48);
});

test('[L8] where all that is shown fits there is nothing to scroll: a button brings older turns', async ({
  server,
  tab,
}) => {
  const { id } = await server.create();
  for (let n = 0; n < 24; n += 1) await server.prompt(id, `/count ${40 + n} 1000`);
  await expect
    .poll(async () => (await server.view(id)).row.status, { timeout: 40_000 })
    .toBe('idle');
  const shown = await tab();
  await shown.page.setViewportSize({ width: 900, height: 6000 });
  await shown.link(id).click();
  await expect(shown.agent()).toHaveCount(20);
  await shown.button('Show earlier').click();
  await expect(shown.agent()).toHaveCount(24);
  await expect(shown.agent().first()).toHaveText(/ 40\s*$/);
  await expect(shown.button('Show earlier')).toHaveCount(0);
});
