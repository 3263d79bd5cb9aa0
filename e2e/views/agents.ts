/** Views of what agents offer, and of agents that can't be used. */
import { untilStatus } from '../fixtures/steps.ts';
import { expect } from '../fixtures/test.ts';
import type { View } from './view.ts';

const MISSING = {
  agents: [
    { id: 'qwen', title: 'Qwen Code', command: '/nowhere/qwen', args: ['--acp'] },
    { id: 'demo', builtin: 'demo' },
  ],
};

export const AGENT_VIEWS: readonly View[] = [
  {
    name: 'pickers',
    async arrange({ server, tab }) {
      const session = await server.create('Try another model');
      await server.prompt(session.id, '/config mode verbose');
      await untilStatus(server, session, 'idle');
      const { page } = await tab({ session });
      await expect(page.getByRole('combobox', { name: 'Mode', exact: true })).toHaveText('Verbose');
      await page.getByRole('combobox', { name: 'Model', exact: true }).click();
      await expect(page.getByRole('listbox', { name: 'Model' })).toBeVisible();
      return page;
    },
  },
  {
    name: 'home-files',
    async arrange({ tab }) {
      const { page } = await tab();
      await page.locator('input[type=file]').setInputFiles([
        {
          name: 'notes.txt',
          mimeType: 'text/plain',
          buffer: Buffer.from('Notes.\n'.repeat(400)),
        },
      ]);
      await expect(page.getByRole('list', { name: 'Goes with the message' })).toContainText(
        'notes.txt',
      );
      return page;
    },
  },
  {
    name: 'home-guide',
    async arrange({ server, tab }) {
      await server.create('An earlier session');
      const { page } = await tab();
      await page.getByText('Demo commands, and your own agents').click();
      await expect(page.getByRole('region', { name: 'Add your own agent' })).toContainText('Goose');
      return page;
    },
  },
  {
    name: 'agent-missing-home',
    server: { config: MISSING },
    async arrange({ tab }) {
      const { page } = await tab();
      await expect(page.getByRole('region', { name: 'Qwen Code is not installed' })).toBeVisible();
      return page;
    },
  },
  {
    name: 'agent-missing',
    server: { config: MISSING },
    async arrange({ server, tab }) {
      const session = await server.create('Fix the build');
      await server.prompt(session.id, 'Why does it fail?');
      await untilStatus(server, session, 'idle');
      const { page } = await tab({ session });
      await expect(page.getByRole('region', { name: 'Qwen Code is not installed' })).toBeVisible();
      return page;
    },
  },
  {
    name: 'agent-gone',
    async arrange({ server, tab }) {
      const session = await server.create('What we decided in spring');
      await server.prompt(session.id, 'Hello');
      await untilStatus(server, session, 'idle');
      await server.drain();
      await server.configure({ agents: [{ id: 'other', title: 'Other', builtin: 'demo' }] });
      await server.start();
      const { page } = await tab({ session });
      await expect(
        page.getByRole('region', { name: 'The agent of this session is gone' }),
      ).toBeVisible();
      return page;
    },
  },
  {
    name: 'no-agent',
    server: { config: { agents: [] } },
    async arrange({ tab }) {
      const { page } = await tab();
      await expect(page.getByRole('region', { name: 'No agent is configured' })).toBeVisible();
      return page;
    },
  },
];
