/** A worker of another protocol under the page's own address, as a wrong cache or a half deploy leaves behind. */
import type { BrowserContext, Page } from 'playwright/test';
import { startFaultyServer, type FaultyServer } from './fixtures/fault-proxy.ts';
import { copyProduct, type Product } from './fixtures/product.ts';
import { expect, expectCounted, openTab, test } from './fixtures/test.ts';

let product: Product;
let faulty: FaultyServer;
let hub: string;

test.beforeEach(async () => {
  product = await copyProduct();
  hub = await product.hubFile();
});
test.afterEach(async () => {
  await faulty.close();
  await product.close();
});

/** Starts a server whose hub answers the handshake with that protocol. */
async function serve(protocol: string): Promise<FaultyServer> {
  const path = `dist/client/assets/${hub}`;
  const script = await product.read(path);
  const changed = script.replace(/\bprotocol:\d+,build:/, `protocol:${protocol},build:`);
  expect(changed).not.toBe(script);
  await product.write(path, changed);
  faulty = await startFaultyServer(1, { program: product.program });
  return faulty;
}

/** Counts the workers that a context's pages construct; the pages' clock is the test's from now on. */
async function countWorkers(context: BrowserContext): Promise<(page: Page) => Promise<number>> {
  await context.clock.install();
  await context.addInitScript(() => {
    const real = SharedWorker;
    const made = { count: 0 };
    Reflect.set(globalThis, 'workersMade', made);
    globalThis.SharedWorker = class extends real {
      constructor(...args: ConstructorParameters<typeof SharedWorker>) {
        super(...args);
        made.count += 1;
      }
    };
  });
  return (page) =>
    page.evaluate(() => (Reflect.get(globalThis, 'workersMade') as { count: number }).count);
}

/** How often the hub's script was asked for: by the worker and by the page, whatever the browser had cached. */
const scriptsAsked = (): number =>
  faulty.ways[0]?.proxy.asked.filter((path) => path.startsWith(`/assets/${hub}`)).length ?? 0;

test('[T3] [T4] [H12] an old worker: the page runs the hub itself, says so, works, and makes no further worker', async ({
  context,
}) => {
  const { server, ways, link } = await serve(
    `(typeof SharedWorkerGlobalScope==='undefined'?1:999)`,
  );
  const workers = await countWorkers(context);
  const session = await server.create();
  const origin = ways[0]?.origin ?? '';
  const one = await openTab(context, origin, link(0), session.id);
  const two = await openTab(context, origin, link(0), session.id);
  for (const tab of [one, two]) await expect(tab.status).toHaveText('live hub in this page');
  await one.send('/count 100 100');
  for (const tab of [one, two]) await expectCounted(tab, 100);
  for (const tab of [one, two]) {
    await tab.page.clock.runFor(10 * 60_000);
    await expect(tab.status).toHaveText('live hub in this page');
    expect(await workers(tab.page)).toBe(1);
  }
  // The sign-in page and the two tabs, each once as a worker and once as a module.
  expect(scriptsAsked()).toBeLessThanOrEqual(6);
});

test('[T4] [H12] the page is the old one: a clear message with a button, and no attempt until it is pressed', async ({
  context,
}) => {
  const { server, ways, link } = await serve('999');
  const workers = await countWorkers(context);
  const session = await server.create();
  const one = await openTab(context, ways[0]?.origin ?? '', link(0), session.id);
  await expect(one.status).toContainText('outdated');
  await expect(one.status).toContainText('Close its other tabs, then reload this one.');
  const reload = one.page.getByRole('button', { name: 'Reload' });
  await expect(reload).toBeVisible();
  await one.page.clock.runFor(10 * 60_000);
  expect(await workers(one.page)).toBe(1);
  await expect(reload).toBeVisible();
  const before = scriptsAsked();
  await reload.click();
  await expect(one.status).toContainText('outdated');
  await one.page.clock.runFor(10 * 60_000);
  expect(await workers(one.page)).toBe(1);
  expect(scriptsAsked()).toBeLessThanOrEqual(before + 2);
  expect(before).toBeLessThanOrEqual(4);
});
