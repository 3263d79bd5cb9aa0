/** A new version is deployed while tabs of the old one are open. */
import { copyProduct } from './fixtures/product.ts';
import { startServer } from './fixtures/server.ts';
import { counted, expect, expectCounted, openTab, test, type Tab } from './fixtures/test.ts';

const deployed = (tab: Tab): Promise<string> =>
  tab.page.evaluate(() =>
    getComputedStyle(document.documentElement).getPropertyValue('--deployed').trim(),
  );

test('[T4] an old tab goes on with its own worker, offers to reload, and is then on the new version, whole', async ({
  context,
}) => {
  test.slow();
  const product = await copyProduct();
  const server = await startServer({ program: product.program });
  try {
    const oldHub = await product.hubFile();
    const session = await server.create();
    const old = await openTab(context, server.origin, server.link, session.id);
    const reload = old.page.getByRole('button', { name: 'Reload' });
    await old.send('/count 5000 50');
    await expect.poll(async () => (await old.numbers()).length).toBeGreaterThan(20);
    await expect(reload).toHaveCount(0);

    const css = await product.read('ui/styles/base.css');
    await product.write('ui/styles/base.css', `${css}\n:root { --deployed: new; }\n`);
    await product.build();
    const newHub = await product.hubFile();
    expect(newHub).not.toBe(oldHub);
    const shown = (await old.numbers()).length;
    await server.kill();
    await server.start();

    // The old tab: its turn ended with the server's process (L10), everything else goes on.
    await expect(old.status).toHaveText('live A newer version is ready.');
    await expect(reload).toBeVisible();
    await expect(old.link(session.id)).toHaveAttribute('data-status', 'idle');
    const after = await old.numbers();
    expect(after.length).toBeGreaterThanOrEqual(shown);
    expect(after).toEqual(counted(after.length));
    expect(await deployed(old)).toBe('');
    await old.send('/count 60 60');
    await expect(old.agent()).toHaveCount(2);
    await expectCounted(old, 60);
    for (const file of [oldHub, newHub]) {
      const status = await old.page.evaluate(
        async (path) => (await fetch(path, { cache: 'reload' })).status,
        `/assets/${file}`,
      );
      expect(status).toBe(200);
    }

    // A new tab has the new version, a hub of its own, and no offer.
    const fresh = await openTab(context, server.origin, server.link, session.id);
    await expect(fresh.status).toHaveText('live');
    expect(await deployed(fresh)).toBe('new');
    expect((await server.diagnostics()).streams.lanes).toBe(2);
    await fresh.send('/count 200 60');
    await expect(old.agent()).toHaveCount(3);
    await expect.poll(async () => (await old.numbers()).length).toBeGreaterThan(5);

    // Mid-turn, and only because somebody wants it.
    await reload.click();
    await expect.poll(() => deployed(old)).toBe('new');
    await expect(old.status).toHaveText('live');
    await expect(reload).toHaveCount(0);
    await Promise.all([expectCounted(old, 200), expectCounted(fresh, 200)]);
    await expect(old.agent()).toHaveCount(3);
  } finally {
    await context.close();
    await server.stop();
    await product.close();
  }
});
