/** Views of what can be called from anywhere: the palette, the shortcuts, a new session, an export. */
import { expect } from '../fixtures/test.ts';
import { populate } from './frame.ts';
import type { View } from './view.ts';

export const DIALOG_VIEWS: readonly View[] = [
  {
    name: 'palette',
    async arrange({ server, tab }) {
      const { read } = await populate(server);
      const shown = await tab({ session: read });
      await expect(shown.message).toBeVisible();
      await shown.page.getByRole('button', { name: 'Commands' }).click();
      await expect(shown.page.getByRole('combobox', { name: 'Session or command' })).toBeFocused();
      return shown.page;
    },
  },
  {
    name: 'shortcuts',
    async arrange({ tab }) {
      const { page } = await tab();
      await expect(async () => {
        // In the first message's box, which takes the focus once it is there, it is a letter.
        await page.locator('#main').focus();
        await page.keyboard.press('?');
        await expect(page.getByRole('dialog', { name: 'Shortcuts' })).toBeVisible({ timeout: 500 });
      }).toPass();
      return page;
    },
  },
  {
    name: 'new-session',
    server: {
      config: {
        agents: [
          { id: 'demo', builtin: 'demo' },
          { id: 'other', title: 'Another agent', command: 'no-such-agent' },
        ],
      },
    },
    async arrange({ tab }) {
      const { page } = await tab();
      await page.getByRole('button', { name: 'Choose agent and folder' }).click();
      await page.getByRole('combobox', { name: 'Folder' }).fill('nowhere');
      await page.getByRole('button', { name: 'Start session' }).click();
      await expect(page.getByRole('alert')).toBeVisible();
      return page;
    },
  },
  {
    name: 'export',
    async arrange({ server, tab }) {
      const { read } = await populate(server);
      const shown = await tab({ session: read });
      await shown.button('Export').click();
      await expect(shown.page.getByRole('dialog', { name: 'Export' })).toBeVisible();
      return shown.page;
    },
  },
];
