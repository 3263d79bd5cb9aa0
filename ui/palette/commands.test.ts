import { afterEach, expect, test, vi } from 'vitest';
import { createPage, type Page } from '../testing/fake-client.ts';
import { makeRow } from '../testing/fixtures.ts';
import { commandsOf, nextOf, sessionOrder, type CommandId } from './commands.ts';

let page: Page;
afterEach(() => page.store.close());
const env = { focusMessage: vi.fn(), download: vi.fn(), rename: vi.fn() };
const ids = () => commandsOf(page.store, env).map(({ id }) => id);
const run = (id: CommandId) => {
  const found = commandsOf(page.store, env).find((command) => command.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  found.run();
};

test('[P12] what is offered fits the page: nothing about a session where none is shown', () => {
  page = createPage('/');
  page.rows([makeRow('a', { status: 'running', activeTurnId: 't' })]);
  expect(ids()).not.toContain('stop');
  expect(ids()).not.toContain('export-json');
  expect(ids()).not.toContain('home');
  expect(ids()).toContain('new-in');
  page.store.router.navigate('/session/a');
  expect(ids()).toEqual(expect.arrayContaining(['stop', 'rename', 'export-json', 'home']));
  page.rows([makeRow('a', { status: 'cancelling', activeTurnId: 't' })]);
  expect(ids()).not.toContain('stop');
});

test('[P12] [O3] a command names the session that is shown', async () => {
  page = createPage('/session/a');
  const row = makeRow('a', { status: 'running', activeTurnId: 't', endedSeq: 4, readSeq: 1 });
  page.rows([row, makeRow('b')]);
  run('stop');
  run('pin');
  run('unread');
  run('archive');
  expect(page.commands.calls.filter(({ name }) => name !== 'draft' && name !== 'agents')).toEqual([
    { name: 'cancel', args: ['a', 't'] },
    { name: 'patchSession', args: ['a', { pinned: true }] },
    { name: 'patchSession', args: ['a', { readSeq: 4, readMark: 0 }] },
    { name: 'patchSession', args: ['a', { archived: true }] },
  ]);
  run('rename');
  expect(env.rename).toHaveBeenCalledWith(row);
  run('export-markdown');
  expect(env.download).toHaveBeenCalledWith('/api/sessions/a/export?format=markdown');
  run('new-in');
  expect(page.store.dialog.value).toBe('new-session');
});

test('[P14] next and previous go as the sidebar does, around its ends, and past what was put away', () => {
  const rows = [
    makeRow('a'),
    makeRow('b', { archived: true }),
    makeRow('c', { status: 'waiting' }),
    makeRow('d', { pinned: true }),
  ];
  const order = sessionOrder(rows);
  expect(order.map(({ id }) => id)).toEqual(['d', 'a', 'c']);
  const any = () => true;
  expect(nextOf(order, 0, 1, any)?.id).toBe('a');
  expect(nextOf(order, 2, 1, any)?.id).toBe('d');
  expect(nextOf(order, 0, -1, any)?.id).toBe('c');
  expect(nextOf(order, -1, 1, any)?.id).toBe('d');
  expect(nextOf(order, -1, -1, any)?.id).toBe('c');
  expect(nextOf([], -1, 1, any)).toBeNull();
  page = createPage('/session/a');
  page.rows(rows);
  run('needs-you');
  expect(page.store.router.route.value).toMatchObject({ id: 'c' });
  expect(ids()).not.toContain('needs-you');
});
