// @vitest-environment happy-dom
import { beforeAll, describe, expect, test } from 'vitest';
import { fail, ok } from '../../shared/errors.ts';
import { createPage, type Page } from '../testing/fake-client.ts';
import { makeRow } from '../testing/fixtures.ts';
import { mount, until } from '../testing/mount.ts';
import { all, one, textOf } from '../testing/screen.ts';
import { Home, SessionPane } from './lazy-pages.ts';

let page: Page;
let root: HTMLElement;
const open = (path: string, answers: Parameters<typeof createPage>[1] = {}) => {
  page = createPage(path, answers);
  root = mount(page);
  return page;
};
beforeAll(() => Promise.all([Home.fetch(), SessionPane.fetch()]));
const shown = () => until(() => one(root, 'dialog'));
/** Between two things that a person does, the page is drawn. */
const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve));
const type = (box: HTMLElement, text: string) => {
  (box as HTMLInputElement).value = text;
  box.dispatchEvent(new InputEvent('input', { bubbles: true }));
};
const press = (on: Element, key: string, init: KeyboardEventInit = {}) =>
  on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }));

describe('palette', () => {
  const options = () => all(root, 'option').map(textOf);
  const box = () => one(root, 'combobox', 'Session or command');
  const active = () => {
    const id = box().getAttribute('aria-activedescendant');
    const option = document.getElementById(id ?? '');
    return option?.getAttribute('aria-selected') === 'true' ? textOf(option) : null;
  };

  test('[P13] the box names the option that Enter takes; arrows move it around the ends', async () => {
    const { rows, store } = open('/');
    rows([
      makeRow('a', { title: 'Alpha', status: 'waiting', openRequests: 1, updatedAt: 2 }),
      makeRow('b', { title: 'Beta', updatedAt: 1 }),
    ]);
    one(root, 'button', /^Commands/).click();
    await shown();
    expect(box().getAttribute('aria-controls')).toBe(one(root, 'listbox').id);
    expect(options().slice(0, 2)).toEqual(['Alpha needs you', 'Beta']);
    expect(all(root, 'group').map((group) => group.getAttribute('aria-label'))).toEqual(
      expect.arrayContaining(['Sessions', 'Commands']),
    );
    expect(active()).toBe('Alpha needs you');
    press(box(), 'ArrowDown');
    await until(() => expect(active()).toBe('Beta'));
    press(box(), 'ArrowUp');
    press(box(), 'ArrowUp');
    await until(() => expect(active()).toBe(options().at(-1)));
    type(box(), 'bet');
    await until(() => expect(active()).toBe('Beta'));
    // An input method's Enter takes its own word.
    press(box(), 'Enter', { isComposing: true });
    press(box(), 'ArrowDown', { isComposing: true });
    expect(store.router.route.value.kind).toBe('home');
    press(box(), 'Enter');
    await until(() => expect(store.router.route.value).toMatchObject({ id: 'b' }));
    await until(() => expect(store.dialog.value).toBeNull());
  });

  test('[P13] nothing that fits is said, and Enter does nothing', async () => {
    const { store } = open('/');
    store.dialog.value = 'palette';
    await shown();
    type(box(), 'zzz');
    await until(() => expect(textOf(one(root, 'dialog'))).toBe('Nothing has this in its name.'));
    press(box(), 'Enter');
    press(box(), 'ArrowDown');
    expect(store.dialog.value).toBe('palette');
  });

  test('[P12] a new title is asked for in its place, and the dialog stays when it was not saved', async () => {
    const { rows, store, commands } = open('/session/a');
    rows([makeRow('a', { title: 'Old' })]);
    store.dialog.value = 'palette';
    await shown();
    type(box(), 'rename');
    await until(() => expect(active()).toBe('Rename this session'));
    press(box(), 'Enter');
    const title = await until(() => one(root, 'textbox', 'Title'));
    type(title, ' New ');
    commands.answers.patchSession = async () => fail('storage', 'The disk is full.');
    title.closest('form')?.requestSubmit();
    await until(() => expect(commands.calls.at(-1)?.name).toBe('patchSession'));
    expect((title as HTMLInputElement).value).toBe(' New ');
    delete commands.answers.patchSession;
    title.closest('form')?.requestSubmit();
    await until(() => expect(store.dialog.value).toBeNull());
    expect(commands.calls.at(-1)?.args).toEqual(['a', { title: 'New' }]);
  });
});

describe('shortcuts', () => {
  test('[P14] the list opens by its key, and its switch turns keys of one letter off, and on again', async () => {
    const { store } = open('/');
    await until(() => {
      press(document.body, '?');
      expect(store.dialog.value).toBe('shortcuts');
    });
    await shown();
    const box = one(root, 'checkbox', 'Keys of one letter') as HTMLInputElement;
    expect(textOf(one(root, 'dialog'))).toMatch(/Go home G then H/);
    box.click();
    await until(() => expect(store.singleKeys.value.value).toBe('off'));
    one(root, 'button', 'Close').click();
    await until(() => expect(store.dialog.value).toBeNull());
    press(document.body, '?');
    expect(store.dialog.value).toBeNull();
    press(document.body, 'k', { ctrlKey: true });
    expect(store.dialog.value).toBe('palette');
  });
});

describe('a new session', () => {
  const folder = () => one(root, 'combobox', 'Folder') as HTMLInputElement;
  const start = () => one(root, 'button', 'Start session');

  test('[P10] what was filled in stays when it is refused, and the reason is told there', async () => {
    const { commands, store, rows } = open('/session/a', {
      agents: async () =>
        ok([
          { id: 'demo', title: 'Demo', default: true },
          { id: 'q', title: 'Qwen', default: false },
          {
            id: 'x',
            title: 'Missing',
            default: false,
            problem: { code: 'agent_missing', message: 'It is not installed.' },
          },
          {
            id: 'y',
            title: 'Ill',
            default: false,
            problem: { code: 'agent_exited', message: 'It died.' },
          },
        ]),
    });
    rows([makeRow('a', { cwd: '/srv/site' })]);
    await until(() => expect(store.agents.value).not.toEqual([]));
    one(root, 'button', 'Choose agent and folder').click();
    const dialog = await shown();
    // As the session that is shown has it.
    expect(folder().value).toBe('/srv/site');
    const radios = [...dialog.querySelectorAll<HTMLInputElement>('input[type=radio]')];
    expect(radios.map(({ disabled }) => disabled)).toEqual([false, false, true, false]);
    expect(textOf(dialog)).toContain('It died.');
    expect(textOf(dialog)).toContain('It is not installed.');
    radios[1]?.click();
    type(folder(), '/etc');
    commands.answers.createSession = async () => fail('bad_request', '’/etc’ is outside.');
    await drawn();
    start().click();
    await until(() => expect(textOf(one(root, 'alert'))).toBe('’/etc’ is outside.'));
    expect(folder().value).toBe('/etc');
    type(folder(), '/srv/');
    delete commands.answers.createSession;
    await drawn();
    start().click();
    await until(() => expect(store.router.route.value).toMatchObject({ id: 'new' }));
    expect(commands.calls.findLast(({ name }) => name === 'createSession')?.args).toEqual([
      { agent: 'q', cwd: '/srv' },
    ]);
  });

  test('[P10] folders are offered as one types, and taken by keyboard; the newest answer counts', async () => {
    const { commands, store, rows } = open('/');
    rows([makeRow('a', { cwd: '/srv/site' })]);
    store.dialog.value = 'new-session';
    await shown();
    commands.answers.folders = async (path) =>
      ok({ roots: ['/srv'], folders: [`${path}1`, `${path}2`], more: false });
    folder().focus();
    type(folder(), '/srv/s');
    await until(() =>
      expect(all(root, 'option').map(textOf)).toEqual([
        '/srv/site used before',
        '/srv/s1',
        '/srv/s2',
      ]),
    );
    // Enter takes what is typed while no option was gone to.
    expect(folder().getAttribute('aria-activedescendant')).toBeNull();
    press(folder(), 'ArrowDown');
    press(folder(), 'ArrowDown');
    await until(() => expect(folder().getAttribute('aria-activedescendant')).toMatch(/-1$/));
    press(folder(), 'Enter');
    // One may go on in it.
    await until(() => expect(folder().value).toBe('/srv/s1/'));
    await until(() => expect(all(root, 'option').map(textOf)).toEqual(['/srv/s1/1', '/srv/s1/2']));
    press(folder(), 'Escape');
    await until(() => expect(all(root, 'option')).toEqual([]));
    expect(store.dialog.value).toBe('new-session');
  });

  test('[P10] the first message begins with the agent and folder that were chosen for it', async () => {
    const { commands, store } = open('/');
    const place = await until(() => one(root, 'button', /^Agent and folder/));
    place.click();
    await shown();
    type(folder(), '/srv/api');
    await drawn();
    one(root, 'button', 'Use these').click();
    await until(() => expect(textOf(one(root, 'button', /^Agent and folder/))).toMatch(/in api$/));
    store.firstMessage.value = 'Hello';
    const startButton = await until(() => one(root, 'button', 'Start'));
    startButton.click();
    await until(() => expect(commands.calls.map(({ name }) => name)).toContain('createSession'));
    expect(commands.calls.find(({ name }) => name === 'createSession')?.args).toEqual([
      { cwd: '/srv/api' },
    ]);
  });
});

test('[P17] an export is an ordinary link to a file, for the session that is shown or of a row', async () => {
  const { rows } = open('/session/a');
  rows([makeRow('a')]);
  const button = await until(() => one(one(root, 'main'), 'button', 'Export'));
  button.click();
  const links = await until(() => {
    const found = [...root.querySelectorAll<HTMLAnchorElement>('a[download]')];
    expect(found).toHaveLength(2);
    return found;
  });
  expect(links.map((link) => link.getAttribute('href'))).toEqual([
    '/api/sessions/a/export?format=markdown',
    '/api/sessions/a/export?format=json',
  ]);
  expect(textOf(one(root, 'dialog'))).toContain('nothing is shared');
});
