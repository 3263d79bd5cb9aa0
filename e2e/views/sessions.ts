/** Views of a session: what a transcript can show. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { untilStatus } from '../fixtures/steps.ts';
import { expect } from '../fixtures/test.ts';
import type { Stage, View } from './view.ts';

/** A small chequered PNG. */
const DOT =
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAUCAIAAABj86gYAAAAMElEQVR42mP4tDsNK5KN98OKSFXPMGrBwFtALYNwqR+1YBBYMJoPRnPyaD4YBhYAAP9ElG7piKDpAAAAAElFTkSuQmCC';

/** A session whose turns have ended, opened. */
function settled(name: string, ...prompts: string[]): View {
  return {
    name,
    async arrange({ server, tab }) {
      const session = await server.create('Tidy up the build');
      for (const prompt of prompts) await server.prompt(session.id, prompt);
      await expect
        .poll(async () => (await server.view(session.id)).state.turns.length)
        .toBe(prompts.length);
      const shown = await tab({ session });
      await expect(shown.agent()).toHaveCount(prompts.length);
      await expect(shown.transcript.locator('[aria-busy=true]')).toHaveCount(0);
      return shown.page;
    },
  };
}

/** A session in which a turn runs or waits, opened. */
function live(name: string, prompt: string, status: string): View {
  return {
    name,
    async arrange(stage) {
      const { page } = await openLive(stage, prompt, status);
      return page;
    },
  };
}

async function openLive({ server, tab }: Stage, prompt: string, status: string) {
  const session = await server.create('Tidy up the build');
  await server.prompt(session.id, prompt);
  await untilStatus(server, session, status);
  const shown = await tab({ session });
  await expect(shown.link(session.id)).toHaveAttribute('data-status', status);
  await expect(shown.agent()).toHaveCount(1);
  return shown;
}

/** All the folded parts of the transcript. */
const OPEN_ALL = (): void => {
  for (const fold of document.querySelectorAll('[role=log] details')) {
    fold.setAttribute('open', '');
  }
};

export const SESSION_VIEWS: readonly View[] = [
  settled('session-empty'),
  settled('markdown', 'Write me something to look at', '/markdown 8'),
  settled('tools', '/tool', '/think', '/plan'),
  {
    name: 'tools-open',
    async arrange(stage) {
      const page = await settled('', '/tool', '/think').arrange(stage);
      await page.evaluate(OPEN_ALL);
      await expect(
        page.locator('.tool:not(:has(.tool-body)), .thought:not(:has(.md))'),
      ).toHaveCount(0);
      return page;
    },
  },
  {
    name: 'diff',
    async arrange(stage) {
      const page = await settled('', '/tool edit').arrange(stage);
      await page.evaluate(OPEN_ALL);
      await expect(page.locator('figure.diff')).toHaveCount(2);
      return page;
    },
  },
  {
    name: 'terminal',
    async arrange(stage) {
      const page = await settled('', '/tool run').arrange(stage);
      await page.locator('.tool > summary').click();
      await expect(page.locator('.terminal')).toHaveCount(1);
      return page;
    },
  },
  settled('tool-calls', '/tool search', '/tool fail', '/tool many 12', '/think 1'),
  live('plan-running', '/plan 5 60', 'running'),
  {
    name: 'thinking',
    async arrange(stage) {
      const { page, transcript } = await openLive(stage, '/think 60', 'running');
      await expect(transcript.locator('.thought')).toBeVisible({ timeout: 20_000 });
      return page;
    },
  },
  live('streaming', '/count 100000 20', 'running'),
  live('permission', '/permission', 'waiting'),
  live('question', '/question', 'waiting'),
  settled('turn-failed', '/fail'),
  settled('agent-crashed', '/crash'),
  {
    name: 'stopped',
    async arrange(stage) {
      const tab = await openLive(stage, '/slow 30', 'running');
      await tab.button('Stop').click();
      await expect(tab.transcript.getByText('Stopped.')).toBeVisible();
      return tab.page;
    },
  },
  {
    name: 'queue',
    async arrange(stage) {
      const tab = await openLive(stage, '/slow 60', 'running');
      for (const text of ['Then run the tests', 'And tell me what is slow in them']) {
        await tab.message.fill(text);
        await tab.button('Queue').click();
        await expect(tab.message).toHaveValue('');
      }
      await expect(tab.page.getByRole('list', { name: 'Queue' }).getByRole('listitem')).toHaveCount(
        2,
      );
      await tab.message.fill('Something that is not sent yet');
      return tab.page;
    },
  },
  {
    name: 'slash-commands',
    async arrange({ server, tab }) {
      const session = await server.create('Tidy up the build');
      await server.prompt(session.id, 'Hello');
      await untilStatus(server, session, 'idle');
      const shown = await tab({ session });
      await expect(shown.agent()).toHaveCount(1);
      await shown.message.pressSequentially('/p');
      await expect(shown.page.getByRole('listbox')).toBeVisible();
      return shown.page;
    },
  },
  {
    name: 'files',
    async arrange({ server, tab }) {
      const session = await server.create('Tidy up the build');
      await mkdir(join(session.cwd, 'src/parser'), { recursive: true });
      for (const name of ['README.md', 'src/main.ts', 'src/parser/index.ts']) {
        await writeFile(join(session.cwd, name), name);
      }
      const shown = await tab({ session });
      await shown.message.pressSequentially('Look at @README.md and @s');
      await expect(shown.page.getByRole('listbox', { name: 'Files' })).toBeVisible();
      return shown.page;
    },
  },
  {
    name: 'attached',
    async arrange({ server, tab }) {
      const session = await server.create('Tidy up the build');
      const shown = await tab({ session });
      await shown.page.locator('input[type=file]').setInputFiles([
        { name: 'what I see.png', mimeType: 'image/png', buffer: Buffer.from(DOT, 'base64') },
        { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Notes.\n'.repeat(400)) },
        { name: 'torn.png', mimeType: 'image/png', buffer: Buffer.from('no image') },
      ]);
      await expect(shown.page.getByRole('alert')).toContainText('torn.png');
      await shown.message.fill('Why does it look like this?');
      return shown.page;
    },
  },
  {
    name: 'sent-files',
    async arrange({ server, tab }) {
      const session = await server.create('Tidy up the build');
      await server.api('POST', `/api/sessions/${session.id}/turns`, {
        key: 'view',
        prompt: [
          { type: 'text', text: 'Compare this with @README.md' },
          { type: 'resource_link', uri: 'file:///README.md', name: 'README.md' },
          { type: 'image', data: DOT, mimeType: 'image/png' },
          { type: 'resource', resource: { uri: 'attachment:///notes.txt', text: 'Notes.' } },
        ],
      });
      await untilStatus(server, session, 'idle');
      const shown = await tab({ session });
      await expect(shown.agent()).toContainText('You sent');
      return shown.page;
    },
  },
  {
    name: 'interrupted',
    async arrange({ server, tab }) {
      const session = await server.create('Tidy up the build');
      await server.prompt(session.id, '/count 100000 50');
      await expect.poll(async () => (await server.row(session.id)).lastSeq).toBeGreaterThan(20);
      await server.prompt(session.id, 'What waited for it');
      await server.kill();
      await server.start();
      const shown = await tab({ session });
      await expect(shown.agent()).toHaveCount(1);
      await expect(shown.page.getByRole('list', { name: 'Queue' })).toBeVisible();
      return shown.page;
    },
  },
];
