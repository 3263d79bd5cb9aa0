/** Views of what is around a session: home, sidebar, menus, pages that are not there, signing in. */
import { untilStatus } from '../fixtures/steps.ts';
import type { TestServer } from '../fixtures/server.ts';
import { expect } from '../fixtures/test.ts';
import type { View } from './view.ts';

/** Sessions in every state that a row can tell of. */
export async function populate(
  server: TestServer,
): Promise<Record<'read' | 'asks' | 'runs', { id: string }>> {
  const make = async (title: string, ...prompts: string[]) => {
    const session = await server.create(title);
    for (const prompt of prompts) await server.prompt(session.id, prompt);
    return session;
  };
  const patch = (session: { id: string }, body: object) =>
    server.api('PATCH', `/api/sessions/${session.id}`, body);
  const pinned = await make('Release notes for the next version', 'Hello');
  const archived = await make('An old idea', 'Hello');
  const read = await make('Why is the second page of the report empty?', '/tool', '/markdown 4');
  const unread = await make('Rename the settings everywhere', '/think');
  const failed = await make('Deploy to the test machine', '/fail');
  for (const session of [pinned, archived, read, unread, failed]) {
    await untilStatus(server, session, 'idle');
  }
  const { endedSeq } = await server.row(read.id);
  await patch(read, { readSeq: endedSeq });
  await patch(pinned, { pinned: true, readSeq: endedSeq });
  await patch(archived, { archived: true, readSeq: endedSeq });
  const held = await make(
    'A session with a very long title that does not fit into the sidebar at all',
  );
  const asks = await make('Clean up the build folder', '/permission');
  const runs = await make('Count the stars', '/count 100000 20');
  await untilStatus(server, held, 'idle');
  await untilStatus(server, asks, 'waiting');
  await untilStatus(server, runs, 'running');
  return { read, asks, runs };
}

export const FRAME_VIEWS: readonly View[] = [
  {
    name: 'home-first',
    async arrange({ tab }) {
      const { page } = await tab();
      await expect(page.getByRole('textbox', { name: 'First message' })).toBeVisible();
      return page;
    },
  },
  {
    name: 'home-busy',
    async arrange({ server, tab }) {
      await populate(server);
      const { page } = await tab();
      await expect(page.getByRole('heading', { name: /^Needs you/ })).toBeVisible();
      return page;
    },
  },
  {
    name: 'sidebar',
    inSidebar: true,
    async arrange({ server, tab }) {
      const { read } = await populate(server);
      const shown = await tab({ session: read });
      await shown.row(read.id).getByRole('button', { name: 'More' }).click();
      await expect(shown.row(read.id).getByRole('button', { name: 'Rename' })).toBeVisible();
      return shown.page;
    },
  },
  {
    name: 'settings',
    async arrange({ server, tab }) {
      const { read } = await populate(server);
      const { page } = await tab({ session: read });
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('button', { name: 'Signed-in browsers' }).click();
      await expect(page.getByRole('list', { name: 'Signed-in browsers' })).toContainText(
        'this one',
      );
      return page;
    },
  },
  {
    name: 'search',
    inSidebar: true,
    async arrange({ server, tab }) {
      const { read } = await populate(server);
      const { page } = await tab({ session: read });
      await page.getByRole('searchbox', { name: 'Search sessions' }).fill('greeting');
      await expect(page.getByRole('region', { name: 'In messages' }).getByRole('link')).toHaveCount(
        1,
      );
      return page;
    },
  },
  {
    name: 'not-found',
    async arrange({ tab }) {
      const { page } = await tab({ path: '/session/nothing-here' });
      await expect(page.getByRole('heading', { name: /not found/i })).toBeVisible();
      return page;
    },
  },
  {
    name: 'deleted',
    async arrange({ server, tab }) {
      const session = await server.create('Short-lived');
      const shown = await tab({ session });
      await expect(shown.message).toBeVisible();
      await server.api('DELETE', `/api/sessions/${session.id}`);
      await expect(shown.message).toHaveCount(0);
      return shown.page;
    },
  },
  {
    name: 'sign-in-token',
    async arrange({ server, context }) {
      const page = await context.newPage();
      await page.goto(server.origin);
      await expect(page).toHaveURL(/sign-in/);
      await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
      return page;
    },
  },
  {
    name: 'sign-in-users',
    server: { users: ['anna'] },
    async arrange({ server, context }) {
      const page = await context.newPage();
      await page.goto(server.origin);
      await page.getByRole('textbox', { name: 'Name' }).fill('anna');
      await page.getByLabel('Password').fill('not it');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page.getByRole('alert')).toBeVisible();
      return page;
    },
  },
];
