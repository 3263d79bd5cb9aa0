// @vitest-environment happy-dom
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { ok } from '../../shared/errors.ts';
import type { Row } from '../../shared/row.ts';
import { createPage, type Page } from '../testing/fake-client.ts';
import { makeRow } from '../testing/fixtures.ts';
import { mount, until } from '../testing/mount.ts';
import { all, one, textOf } from '../testing/screen.ts';
import { Home, SessionPane } from './lazy-pages.ts';
import { rowWords } from './words.ts';

// Asked for by every row that is rendered, and outside of home by nobody else.
vi.mock('./words.ts', { spy: true });

const NARROW = '(max-width: 52rem)';
let page: Page;
let root: HTMLElement;
/** Sees what it watches when a test says so. */
let sight: (() => void)[] = [];
vi.stubGlobal(
  'IntersectionObserver',
  class {
    readonly #see: () => void;
    constructor(run: (entries: { isIntersecting: boolean }[]) => void) {
      this.#see = () => run([{ isIntersecting: true }]);
    }
    observe() {
      sight.push(this.#see);
    }
    disconnect() {
      sight = sight.filter((each) => each !== this.#see);
    }
  },
);

const open = (path: string, narrow = false): Page => {
  page = createPage(path);
  page.media.match(NARROW, narrow);
  root = mount(page);
  return page;
};
beforeAll(() => Promise.all([Home.fetch(), SessionPane.fetch()]));
const nav = () => one(root, 'navigation', 'Sessions');
const change = (rows: Row[]) =>
  page.receive({ directory: { version: 2, reset: false, rows, removed: [] } });

describe('[P1] the drawer', () => {
  test('takes the focus, covers the page, and gives both back with Escape', async () => {
    const { rows } = open('/session/a', true);
    rows([makeRow('a')]);
    const menu = () => one(root, 'button', 'Sessions');
    expect(root.querySelector('#sidebar')?.hasAttribute('hidden')).toBe(true);
    expect(menu().getAttribute('aria-expanded')).toBe('false');
    menu().click();
    await until(() => expect(document.activeElement).toBe(one(root, 'button', 'Close')));
    expect(menu().getAttribute('aria-expanded')).toBe('true');
    expect(one(root, 'main').hasAttribute('inert')).toBe(true);
    const escape = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true });
    document.activeElement?.dispatchEvent(escape);
    await until(() => expect(document.activeElement).toBe(menu()));
    expect(one(root, 'main').hasAttribute('inert')).toBe(false);
    expect(root.querySelector('#sidebar')?.hasAttribute('hidden')).toBe(true);
  });

  test('goes with a page that is followed; the bar names it', async () => {
    const { rows, addressBar } = open('/', true);
    rows([makeRow('a', { title: 'Fix it' }), makeRow('w', { status: 'waiting', openRequests: 1 })]);
    one(root, 'button', 'Sessions').click();
    await until(() => one(nav(), 'link', 'Fix it').click());
    expect(addressBar.path()).toBe('/session/a');
    await until(() => expect(document.activeElement).toBe(one(root, 'main')));
    const bar = root.querySelector('.top') ?? root;
    await until(() => expect(textOf(bar)).toBe('Fix it'));
    expect(bar.querySelector('[data-glyph="waiting"]')).not.toBeNull();
  });
});

test('[P1] a docked sidebar is hidden and shown by a button, which keeps the focus', async () => {
  open('/');
  one(root, 'button', 'Hide sidebar').click();
  await until(() => expect(document.activeElement).toBe(one(root, 'button', 'Sessions')));
  one(root, 'button', 'Sessions').click();
  await until(() => expect(document.activeElement).toBe(one(root, 'button', 'Hide sidebar')));
  expect(all(root, 'button', 'Sessions')).toEqual([]);
});

describe('rows', () => {
  const running: Partial<Row> = { status: 'running', activeTurnId: 't' };
  const demo = { id: 'demo', title: 'Demo', default: true };

  test('[P2] groups are headings with lists of their names', async () => {
    const { rows, timers } = open('/');
    const now = timers.now();
    rows([makeRow('a', { updatedAt: now }), makeRow('b', { updatedAt: now, pinned: true })]);
    await until(() => expect(all(nav(), 'heading').map(textOf)).toEqual(['Pinned', 'Today']));
    expect(all(one(nav(), 'list', 'Today'), 'link').map(textOf)).toEqual(['Session a']);
    timers.advance(24 * 3_600_000);
    await until(() => expect(all(nav(), 'heading').map(textOf)).toEqual(['Pinned', 'Yesterday']));
  });

  test('[P3] a state has a shape besides its word', async () => {
    const { rows, timers } = open('/');
    const at = { updatedAt: timers.now() - 120_000 };
    rows([
      makeRow('r', { ...running, ...at }),
      makeRow('q', { queued: 2, ...at }),
      makeRow('u', { endedSeq: 2, ...at }),
      makeRow('i', at),
    ]);
    const told = () =>
      all(nav(), 'listitem').map((item) => [
        item.querySelector('.row-meta .glyph')?.getAttribute('data-glyph'),
        textOf(item.querySelector('.row-meta') ?? item),
        item.querySelector('time')?.textContent,
      ]);
    await until(() => expect(told()).toHaveLength(4));
    expect(told()).toEqual(
      expect.arrayContaining([
        ['running', 'running', undefined],
        ['held', '2 not sent', '2 min'],
        ['unread', 'unread', '2 min'],
        [undefined, '', '2 min'],
      ]),
    );
    timers.advance(120_000);
    await until(() => expect(told()).toContainEqual([undefined, '', '3 min']));
  });

  test('[P3] the agent is named where there are several', async () => {
    page = createPage('/', {
      agents: async () => ok([demo, { ...demo, id: 'qwen', title: 'Qwen' }]),
    });
    root = mount(page);
    page.rows([makeRow('r', running), makeRow('gone', { agentId: 'gone' })]);
    await until(() =>
      expect(
        all(nav(), 'listitem').map((item) => textOf(item.querySelector('.row-agent') ?? item)),
      ).toEqual(['gone', 'Demo']),
    );
  });

  test('[P4] 2,000 of them: the first hundred, more when their end is near; one’s news renders that one', async () => {
    const { rows } = open('/session/none');
    const many = Array.from({ length: 2_000 }, (_, n) =>
      makeRow(`s${n}`, { updatedAt: 9_999 - n }),
    );
    rows(many);
    await until(() => expect(all(nav(), 'link')).toHaveLength(100));
    await until(() => expect(sight).toHaveLength(1));
    sight[0]?.();
    await until(() => expect(all(nav(), 'link')).toHaveLength(200));
    one(nav(), 'button', 'Show more').click();
    await until(() => expect(all(nav(), 'link')).toHaveLength(300));

    vi.mocked(rowWords).mockClear();
    change([{ ...many[7]!, ...running }]);
    await until(() => expect(all(nav(), 'button', 'Stop')).toHaveLength(1));
    page.store.router.navigate('/session/s3');
    await until(() =>
      expect(one(nav(), 'link', 'Session s3').getAttribute('aria-current')).toBe('page'),
    );
    expect(vi.mocked(rowWords).mock.calls.map(([{ id }]) => id)).toEqual(['s7', 's3']);

    const box = one(nav(), 'searchbox', 'Search sessions') as HTMLInputElement;
    box.value = 's1';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await until(() => expect(all(nav(), 'link')).toHaveLength(100));
    box.value = 's1999';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await until(() => expect(all(nav(), 'link').map(textOf)).toEqual(['Session s1999']));
  });
});

test('[P7] settings: theme, alerts and sign-in in one dialog; its button has the focus after it', async () => {
  const { store, face } = open('/');
  const button = one(root, 'button', 'Settings');
  expect(all(root, 'switch')).toEqual([]);
  button.click();
  await until(() => one(root, 'dialog', 'Settings'));
  const dialog = one(root, 'dialog', 'Settings');
  one(dialog, 'radio', 'Dark').click();
  await until(() => expect((one(dialog, 'radio', 'Dark') as HTMLInputElement).checked).toBe(true));
  expect([store.shell.theme.value, face.theme]).toEqual(['dark', 'dark']);
  one(dialog, 'switch', 'Notifications').click();
  await until(() =>
    expect(textOf(one(dialog, 'switch', 'Notifications'))).toBe('Notifications on'),
  );
  expect(one(dialog, 'switch', 'Sound').getAttribute('aria-checked')).toBe('false');
  one(dialog, 'button', 'Sign out');
  one(dialog, 'button', 'Close').click();
  await until(() => expect(all(root, 'dialog')).toEqual([]));
  expect(document.activeElement).toBe(button);
});
