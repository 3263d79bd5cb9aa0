/** Views of what connects the page: the hub's own page, and what is told when something is wrong. */
import { attachSharedWorker } from '../fixtures/shared-worker.ts';
import { expect } from '../fixtures/test.ts';
import { populate } from './frame.ts';
import type { View } from './view.ts';

export const CONNECTION_VIEWS: readonly View[] = [
  {
    name: 'hub',
    async arrange({ server, tab }) {
      const { read, runs, asks } = await populate(server);
      for (const session of [read, runs, asks]) await tab({ session });
      const { page } = await tab({ path: '/hub' });
      // Rates are of two looks at the hub.
      await expect(page.locator('.hub-flow')).not.toHaveCount(0);
      await expect(page.getByText(/as this hub does/)).toBeVisible();
      return page;
    },
  },
  {
    name: 'server-gone',
    async arrange({ server, tab }) {
      const { runs } = await populate(server);
      const { page, message, agent } = await tab({ session: runs });
      await expect(agent()).toContainText('7 8');
      await message.fill('And the planets?');
      await server.kill();
      await expect(page.getByRole('button', { name: 'Try now' })).toBeVisible();
      return page;
    },
  },
  {
    name: 'hub-replaced',
    async arrange({ server, context, tab }) {
      const session = await server.create('Count the stars');
      const { page, message } = await tab({ session });
      await message.fill('And the planets?');
      const browser = context.browser();
      if (browser === null) throw new Error('a browser of its own');
      // Nobody is told when a worker ends: the tab has to notice (T4).
      const worker = await attachSharedWorker(browser, server.origin);
      await worker.call('Runtime.evaluate', { expression: 'close()' });
      await expect(page.getByRole('region', { name: 'A new hub took over' })).toBeVisible();
      // It is told for ten seconds, and a picture of it may take longer: no timer of the page runs any more.
      await page.evaluate(() => {
        for (let id = Number(setTimeout(() => {})); id > 0; id -= 1) clearTimeout(id);
      });
      return page;
    },
  },
  {
    name: 'signed-out',
    async arrange({ server, context, tab }) {
      const { runs } = await populate(server);
      const { page, message, agent } = await tab({ session: runs });
      await expect(agent()).toContainText('7 8');
      await message.fill('And the planets?');
      await context.clearCookies();
      // The sign-in is gone; a stream that ends is asked for anew.
      await server.kill();
      await server.start();
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await expect(page.getByRole('dialog', { name: 'Sign in to go on' })).toBeVisible();
      await expect(page.getByLabel('Token')).toBeVisible();
      return page;
    },
  },
];
