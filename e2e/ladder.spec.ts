/** A hub that dies, or that never starts: each tab finds another, and says so where there is none. */
import type { BrowserContext } from 'playwright/test';
import { copyProduct, type Product } from './fixtures/product.ts';
import { startServer, type TestServer } from './fixtures/server.ts';
import { expect, expectCounted, openTab, test, type Tab } from './fixtures/test.ts';

async function crash(context: BrowserContext, tab: Tab): Promise<void> {
  const session = await context.newCDPSession(tab.page);
  const crashed = tab.page.waitForEvent('crash');
  // Never answered: who should answer it is gone.
  session.send('Page.crash').catch(() => {});
  await crashed;
}

test('[T4] the tab that made the worker crashes: every other tab is live within 5 s of being looked at, whole to the end @needs-cdp @alone', async ({
  server,
  context,
  tab,
}) => {
  const session = await server.create();
  const creator = await tab(session.id);
  const [one, two] = [await tab(session.id), await tab(session.id)];
  await one.send('/count 1200 60');
  await expect.poll(async () => (await two.numbers()).length).toBeGreaterThan(20);
  await crash(context, creator);
  // The hub died with it: nobody reads the session any more.
  await expect
    .poll(async () => (await server.diagnostics()).streams.sessions[session.id] ?? 0)
    .toBe(0);
  for (const each of [one, two]) {
    await each.page.bringToFront();
    const lookedAt = Date.now();
    const before = (await each.numbers()).length;
    await expect
      .poll(async () => (await each.numbers()).length, { timeout: 5_000, intervals: [50] })
      .toBeGreaterThan(before + 5);
    test
      .info()
      .annotations.push({ type: 'live again', description: `${Date.now() - lookedAt} ms` });
    await expect(each.status).toHaveText('live');
  }
  // Both found the same new hub (H1).
  const { streams } = await server.diagnostics();
  expect([streams.lanes, streams.sessions[session.id]]).toEqual([1, 1]);
  await Promise.all([expectCounted(one, 1200), expectCounted(two, 1200)]);
});

test.describe('a worker that does not start', () => {
  let product: Product;
  let server: TestServer;

  test.beforeEach(async () => {
    product = await copyProduct();
  });
  test.afterEach(async () => {
    await server.stop();
    await product.close();
  });

  test('[T4] its script throws: the page runs the hub itself, says so, and works', async ({
    context,
  }) => {
    const hub = `dist/client/assets/${await product.hubFile()}`;
    const script = await product.read(hub);
    await product.write(
      hub,
      `if (typeof SharedWorkerGlobalScope !== 'undefined') throw new Error('broken');\n${script}`,
    );
    server = await startServer({ program: product.program });
    const session = await server.create();
    const one = await openTab(context, server.origin, server.link, session.id);
    await expect(one.status).toHaveText('live hub in this page', { timeout: 30_000 });
    await one.send('/count 100 100');
    await expectCounted(one, 100);
    const two = await openTab(context, server.origin, server.link, session.id);
    await expectCounted(two, 100);
  });

  test('[T4] its script is not there: a clear message, no more attempts, and a button that works once it is back', async ({
    context,
  }) => {
    const hub = `dist/client/assets/${await product.hubFile()}`;
    const script = await product.read(hub);
    await product.remove(hub);
    server = await startServer({ program: product.program });
    const session = await server.create();
    const one = await openTab(context, server.origin, server.link, session.id);
    const again = one.page.getByRole('button', { name: 'Try again' });
    await expect(again).toBeVisible({ timeout: 20_000 });
    await expect(one.status).toContainText('no hub');
    await expect(one.status).toContainText('in this page');
    await again.click();
    // Up the whole ladder once more, and to the same end.
    await expect(one.status).toContainText('reconnecting');
    await expect(again).toBeVisible({ timeout: 20_000 });

    await product.write(hub, script);
    await server.kill();
    await server.start();
    await again.click();
    await expect(one.status).toHaveText('live');
    await one.send('/count 50 100');
    await expectCounted(one, 50);
  });
});
