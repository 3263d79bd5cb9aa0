// @vitest-environment happy-dom
import { beforeAll, describe, expect, test } from 'vitest';
import type { SearchHit } from '../../shared/api.ts';
import { fail, ok, type Result } from '../../shared/errors.ts';
import { REPLACED_MS } from '../store/banner-words.ts';
import { createPage, type Page } from '../testing/fake-client.ts';
import { makeRow, rowOf, running, settled, stateOf } from '../testing/fixtures.ts';
import { mount, until } from '../testing/mount.ts';
import { all, one, textOf } from '../testing/screen.ts';
import { Home, SessionPane } from './lazy-pages.ts';
import { FullBanner } from './state-banner.tsx';

let page: Page;
let root: HTMLElement;
const open = (path: string) => {
  page = createPage(path);
  root = mount(page);
  return page;
};
beforeAll(() => Promise.all([Home.fetch(), SessionPane.fetch(), FullBanner.fetch()]));
const nav = () => one(root, 'navigation', 'Sessions');
const main = () => one(root, 'main');

describe('sidebar', () => {
  test('a row is a link named by its title, with its state in words', async () => {
    const { rows } = open('/');
    rows([
      makeRow('r', { status: 'running', activeTurnId: 't', updatedAt: 5 }),
      makeRow('w', { status: 'waiting', activeTurnId: 't', openRequests: 2, updatedAt: 4 }),
      makeRow('c', { status: 'cancelling', activeTurnId: 't', updatedAt: 3 }),
      makeRow('u', { endedSeq: 5, readSeq: 1, updatedAt: 2 }),
      makeRow('i', { title: '', updatedAt: 1 }),
      makeRow('q', { queued: 3, updatedAt: 0 }),
    ]);
    await until(() => expect(all(nav(), 'link')).toHaveLength(6));
    const seen = all(nav(), 'listitem').map((item) => {
      const link = one(item, 'link');
      return [
        textOf(link),
        link.dataset['sessionId'],
        link.dataset['status'],
        textOf(item.querySelector('.row-words') ?? item),
        all(item, 'button', 'Stop').length,
        link.getAttribute('href'),
      ];
    });
    expect(seen).toEqual([
      ['Session r', 'r', 'running', 'running', 1, '/session/r'],
      ['Session w', 'w', 'waiting', 'needs you (2)', 1, '/session/w'],
      ['Session c', 'c', 'cancelling', 'stopping', 0, '/session/c'],
      ['Session u', 'u', 'idle', 'unread', 0, '/session/u'],
      ['Untitled', 'i', 'idle', '', 0, '/session/i'],
      ['Session q', 'q', 'idle', '3 not sent', 0, '/session/q'],
    ]);
  });

  test('[O3][O11] Stop in a row names that row’s session and turn, wherever the pane is', async () => {
    const { rows, commands } = open('/session/a');
    rows([makeRow('a'), makeRow('b', { status: 'running', activeTurnId: 'turn-b' })]);
    await until(() => expect(all(nav(), 'button', 'Stop')).toHaveLength(1));
    one(nav(), 'button', 'Stop').click();
    expect(commands.calls.at(-1)).toEqual({ name: 'cancel', args: ['b', 'turn-b'] });
  });

  test('[L11] titles are filtered at once by all words, case and diacritics folded', async () => {
    const { rows } = open('/');
    rows([makeRow('a', { title: 'Café in the Build' }), makeRow('b', { title: 'Build' })]);
    const box = one(nav(), 'searchbox', 'Search sessions') as HTMLInputElement;
    box.value = 'build CAFE ';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await until(() => expect(all(nav(), 'link').map(textOf)).toEqual(['Café in the Build']));
  });

  test('search filters titles; archived sessions are apart', async () => {
    const { rows } = open('/');
    rows([
      makeRow('a', { title: 'Fix the build' }),
      makeRow('b'),
      makeRow('c', { archived: true }),
    ]);
    await until(() => expect(textOf(nav())).toContain('Archived (1)'));
    const box = one(nav(), 'searchbox', 'Search sessions') as HTMLInputElement;
    box.value = 'BUILD';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await until(() => expect(all(nav(), 'link').map(textOf)).toEqual(['Fix the build']));
  });

  test('[L11] messages with the words: links to their turns, with the words marked', async () => {
    const { rows, commands, timers, addressBar } = open('/');
    rows([makeRow('a', { title: 'Trip' }), makeRow('b', { title: 'Build' })]);
    const hit = { sessionId: 'a', logId: 'log-a', title: 'Trip', turnId: 't', ordinal: 7 };
    const snippet = [
      { text: 'We went to ', marked: false },
      { text: 'Lisbon', marked: true },
      { text: ' <b>', marked: false },
    ];
    let answer: (result: Result<SearchHit[]>) => void = () => {};
    commands.answers.search = () => new Promise((resolve) => (answer = resolve));
    const box = () => one(nav(), 'searchbox', 'Search sessions') as HTMLInputElement;
    await until(() => expect(all(nav(), 'link')).toHaveLength(2));
    box().value = 'lisb';
    box().dispatchEvent(new Event('input', { bubbles: true }));
    await until(() => expect(textOf(nav())).toContain('Searching…'));
    timers.advance(1000);
    answer(
      ok([
        { ...hit, snippet },
        // Deleted since: in no row.
        { ...hit, logId: 'log-x', sessionId: 'x', snippet },
        { ...hit, turnId: null, ordinal: null, snippet },
      ]),
    );
    await until(() => expect(all(nav(), 'link')).toHaveLength(1));
    const link = one(nav(), 'link');
    expect(textOf(link)).toBe('Trip We went to Lisbon <b>');
    expect(link.querySelector('mark')?.textContent).toBe('Lisbon');
    expect(link.getAttribute('href')).toBe('/session/a?turn=7');
    link.click();
    expect(addressBar.path()).toBe('/session/a?turn=7');

    box().value = 'lisbo';
    box().dispatchEvent(new Event('input', { bubbles: true }));
    timers.advance(1000);
    answer(fail('network', 'No way there.'));
    await until(() => expect(textOf(nav())).toContain('could not be searched. No way there.'));
    one(nav(), 'button', 'Try again').click();
    timers.advance(0);
    answer(ok([]));
    await until(() => expect(textOf(nav())).toContain('No message has these words.'));
  });

  test('New session makes one and goes there', async () => {
    const { addressBar, commands } = open('/');
    one(root, 'button', 'New session').click();
    await until(() => expect(addressBar.path()).toBe('/session/new'));
    expect(commands.calls).toContainEqual({ name: 'createSession', args: [{}] });
  });

  test('[O3] More: pin and unpin; pinned rows are a group of their own, before the others', async () => {
    const { rows, commands } = open('/session/b');
    rows([makeRow('a', { updatedAt: 9 }), makeRow('b'), makeRow('c', { pinned: true })]);
    const links = (from: Element) => all(from, 'link').map(textOf);
    await until(() => expect(links(nav())).toEqual(['Session c', 'Session a', 'Session b']));
    expect(links(one(nav(), 'list', 'Pinned'))).toEqual(['Session c']);
    one(nav(), 'heading', 'Pinned');
    const [pinned, first] = all(nav(), 'button', 'More');
    first?.click();
    await until(() => one(nav(), 'button', 'Pin').click());
    expect(commands.calls.at(-1)).toEqual({ name: 'patchSession', args: ['a', { pinned: true }] });
    pinned?.click();
    await until(() => one(nav(), 'button', 'Unpin').click());
    expect(commands.calls.at(-1)).toEqual({ name: 'patchSession', args: ['c', { pinned: false }] });
  });

  test('[O8] More: mark unread, and read, with the mark that the row shows', async () => {
    const { rows, commands } = open('/');
    const row = makeRow('a', { endedSeq: 4, readSeq: 4 });
    rows([row]);
    await until(() => one(nav(), 'button', 'More').click());
    await until(() => one(nav(), 'button', 'Mark unread').click());
    expect(commands.calls.at(-1)).toEqual({ name: 'patchSession', args: ['a', { unread: true }] });
    rows([{ ...row, readSeq: 3, readMark: 2 }]);
    await until(() => expect(textOf(one(nav(), 'listitem'))).toContain('unread'));
    one(nav(), 'button', 'More').click();
    await until(() => one(nav(), 'button', 'Mark read').click());
    expect(commands.calls.at(-1)).toEqual({
      name: 'patchSession',
      args: ['a', { readSeq: 4, readMark: 2 }],
    });
  });

  test('More: rename, and delete only after asking', async () => {
    const { rows, commands, addressBar } = open('/session/a');
    rows([makeRow('a')]);
    await until(() => expect(all(nav(), 'button', 'More')).toHaveLength(1));
    one(nav(), 'button', 'More').click();
    await until(() => one(nav(), 'button', 'Rename').click());
    await until(() => {
      const title = one(nav(), 'textbox', 'Title') as HTMLInputElement;
      title.value = 'New title';
      title.dispatchEvent(new Event('input', { bubbles: true }));
      expect((one(nav(), 'button', 'Save') as HTMLButtonElement).disabled).toBe(false);
    });
    one(nav(), 'button', 'Save').click();
    await until(() => expect(all(nav(), 'button', 'Save')).toEqual([]));
    expect(commands.calls.at(-1)).toEqual({
      name: 'patchSession',
      args: ['a', { title: 'New title' }],
    });

    one(nav(), 'button', 'More').click();
    await until(() => one(nav(), 'button', 'Delete…').click());
    expect(commands.calls.map(({ name }) => name)).not.toContain('deleteSession');
    await until(() => one(nav(), 'button', 'Delete').click());
    expect(commands.calls.at(-1)).toEqual({ name: 'deleteSession', args: ['a'] });
    await until(() => expect(addressBar.path()).toBe('/'));
  });
});

describe('pages', () => {
  test('[O6] home shows what needs the person and what runs, and no transcript', async () => {
    const { rows } = open('/');
    rows([
      makeRow('w', { status: 'waiting', openRequests: 1, title: 'Asks' }),
      makeRow('r', { status: 'running', title: 'Runs' }),
      makeRow('u', { endedSeq: 3, title: 'Ended' }),
      makeRow('i', { title: 'Read' }),
      makeRow('x', { archived: true, title: 'Put away' }),
      makeRow('y', { archived: true, status: 'waiting', openRequests: 2, title: 'Asks, too' }),
    ]);
    await until(() => expect(textOf(main())).toContain('Needs you (3)'));
    expect(all(main(), 'heading').slice(1).map(textOf)).toEqual([
      'Needs you (3)',
      'Running',
      'Ended, not read yet',
      'Recent',
    ]);
    expect(all(main(), 'link').map(textOf)).toEqual(['Asks', 'Asks, too', 'Runs', 'Ended', 'Read']);
    expect(textOf(nav())).toContain('Archived (2), 1 needs you');
    expect(all(root, 'log')).toEqual([]);
    await until(() => expect(page.face.title).toBe('(3) 1 running · tabcast'));
    rows([makeRow('i')]);
    await until(() => expect(page.face.title).toBe('tabcast'));
  });

  test('[O6] an unknown session is not found, with a way home', async () => {
    const { receive, watch, addressBar } = open('/session/nope');
    receive({ pane: { watchId: watch()?.watchId ?? 0, kind: 'missing' } });
    await until(() => one(main(), 'heading', 'Session not found'));
    one(main(), 'link').click();
    expect(addressBar.path()).toBe('/');
  });

  test('[O1] a session that is deleted elsewhere: its pane says so, keeps what was typed, and leads home', async () => {
    const { rows, snapshot, receive, watch, addressBar, store } = open('/session/a');
    const state = stateOf('log-a', running('t', 'ask', 'answer'));
    rows([rowOf('a', state)]);
    snapshot(state);
    await until(() => one(main(), 'textbox', 'Message'));
    store.drafts.write({ sessionId: 'a', logId: 'log-a' }, 'half a message');
    receive({
      directory: { version: 9, reset: false, rows: [], removed: ['log-a'] },
      pane: { watchId: watch()?.watchId ?? 0, kind: 'missing' },
    });
    await until(() => one(main(), 'heading', 'This session was deleted'));
    expect(textOf(main())).toContain('half a message');
    expect(all(main(), 'textbox')).toEqual([]);
    one(main(), 'link').click();
    expect(addressBar.path()).toBe('/');
  });

  test('[O6] an unknown address is not found', () => {
    open('/hub/x');
    one(main(), 'heading', 'Page not found');
  });

  test('home starts a session with its first message', async () => {
    const { commands, addressBar } = open('/');
    const box = one(main(), 'textbox', 'First message') as HTMLTextAreaElement;
    box.value = 'do it';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await until(() => {
      const start = one(main(), 'button', 'Start') as HTMLButtonElement;
      expect(start.disabled).toBe(false);
    });
    one(main(), 'button', 'Start').click();
    await until(() => expect(commands.calls.at(-1)?.name).toBe('prompt'));
    expect(commands.calls.at(-1)).toMatchObject({ args: ['new', { prompt: 'do it' }] });
    expect(addressBar.path()).toBe('/session/new');
  });

  test('what is half typed on the home page is there when one comes back', async () => {
    const { store } = open('/');
    const box = () => one(main(), 'textbox', 'First message') as HTMLTextAreaElement;
    box().value = 'half';
    box().dispatchEvent(new Event('input', { bubbles: true }));
    store.router.navigate('/session/a');
    await until(() => expect(all(main(), 'textbox', 'First message')).toEqual([]));
    store.router.navigate('/');
    await until(() => expect(box().value).toBe('half'));
  });

  test('a session’s title is the heading and the document’s title', async () => {
    const { rows, snapshot } = open('/session/a');
    const state = stateOf('log-a', settled('t', 'ask', 'answer'));
    rows([rowOf('a', state, { title: 'Fix the build' })]);
    snapshot(state);
    await until(() => one(main(), 'heading', 'Fix the build'));
    await until(() => expect(page.face.title).toBe('Fix the build · tabcast'));
    expect(one(nav(), 'link', 'Fix the build').getAttribute('aria-current')).toBe('page');
  });

  test('[O4] another session’s pane has nothing of the one before', async () => {
    const { store, rows, snapshot } = open('/session/a');
    const a = stateOf('log-a', running('t', 'ask', 'only in a'));
    rows([rowOf('a', a), makeRow('b')]);
    snapshot(a);
    await until(() => expect(textOf(main())).toContain('only in a'));
    store.router.navigate('/session/b');
    await until(() => one(main(), 'heading', 'Session b'));
    expect(textOf(main())).not.toContain('only in a');
    snapshot(stateOf('log-b', []));
    await until(() => one(main(), 'log', 'Transcript'));
    expect(all(main(), 'article')).toEqual([]);
    expect(all(main(), 'button', 'Stop')).toEqual([]);
  });

  test('errors of the page can be dismissed', async () => {
    const { commands } = open('/');
    commands.answers.createSession = async () => fail('unavailable', 'No agent is configured.');
    one(root, 'button', 'New session').click();
    await until(() => expect(textOf(one(main(), 'alert'))).toContain('No agent is configured.'));
    one(main(), 'button', 'Dismiss').click();
    await until(() => expect(all(main(), 'alert')).toEqual([]));
  });
});

describe('connection', () => {
  const status = () => textOf(one(root, 'status'));
  const banner = () => root.querySelector<HTMLElement>('.state-banner');
  const error = { code: 'network' as const, message: 'The server cannot be reached.' };

  test('[H8] [P65] [P66] it is told in a word, and in full with what can be done', async () => {
    const { receive, did } = open('/');
    expect(status()).toBe('live');
    expect(banner()).toBeNull();
    receive({ connection: { state: 'signed-out' } });
    await until(() => expect(status()).toMatch(/^signed out Sign in to go on/));
    expect(textOf(one(main(), 'button', 'Sign in'))).toBe('Sign in');
    receive({ connection: { state: 'reconnecting', attempt: 2, since: 1, retryAt: 2, error } });
    await until(() => expect(status()).toBe('reconnecting The server cannot be reached.'));
    await until(() => expect(banner()?.getAttribute('aria-label')).toMatch(/cannot be reached/));
    one(main(), 'button', 'Try now').click();
    expect(did.at(-1)).toBe('retry');
  });

  test('[P65] the word leads to the hub, from every page', async () => {
    const { addressBar } = open('/');
    one(root, 'link', 'live').click();
    expect(addressBar.path()).toBe('/hub');
    await until(() => one(main(), 'heading', 'Hub'));
  });

  test('[P66] a blip shows no banner; one that lasts does, and counts', async () => {
    const { receive, timers } = open('/');
    const others = timers.count;
    const since = timers.now();
    const lost = {
      state: 'reconnecting',
      attempt: 1,
      since,
      retryAt: since + 5_000,
      error,
    } as const;
    receive({ connection: lost });
    await until(() => expect(status()).toMatch(/^reconnecting/));
    timers.advance(1_900);
    receive({ connection: { state: 'live' } });
    await until(() => expect(status()).toBe('live'));
    timers.advance(5_000);
    expect(banner()).toBeNull();

    const again = timers.now();
    receive({ connection: { ...lost, since: again, retryAt: again + 5_000 } });
    await until(() => expect(status()).toMatch(/^reconnecting/));
    await until(() => expect(timers.count).toBeGreaterThan(others));
    timers.advance(2_000);
    await until(() =>
      expect(banner()?.textContent).toContain('Lost 2 s ago. Trying again in 3 s.'),
    );
    await until(() => expect(timers.count).toBeGreaterThan(others));
    timers.advance(1_000);
    await until(() =>
      expect(banner()?.textContent).toContain('Lost 3 s ago. Trying again in 2 s.'),
    );
    receive({ connection: { state: 'live' } });
    await until(() => expect(banner()).toBeNull());
  });

  test('[T4] a server of another build: a reload is offered beside the connection, and the page goes on', async () => {
    const { receive } = open('/');
    receive({ serverBuild: 'b' });
    expect(all(root, 'button', 'Reload')).toEqual([]);
    receive({ serverBuild: 'newer' });
    await until(() => one(root, 'button', 'Reload'));
    expect(textOf(one(root, 'status'))).toBe('live A newer version is ready.');
    receive({ serverBuild: 'b' });
    await until(() => expect(all(root, 'button', 'Reload')).toEqual([]));
  });

  test('[P67] a newer version is told of until the person has read it', async () => {
    const { receive } = open('/');
    receive({ serverBuild: 'newer' });
    await until(() => one(main(), 'button', 'Later'));
    one(main(), 'button', 'Later').click();
    await until(() => expect(banner()).toBeNull());
    expect(status()).toBe('live A newer version is ready.');
  });

  test('[P67] a hub that took over is told of for a while', async () => {
    const { link, timers } = open('/');
    const others = timers.count;
    const hub = { protocol: 1, build: 'b', hubId: 'another' };
    link({ state: 'connecting', attempt: 2 });
    link({ state: 'attached', hub, inPage: false });
    await until(() => expect(banner()?.getAttribute('aria-label')).toMatch(/new hub/i));
    await until(() => expect(timers.count).toBeGreaterThan(others));
    timers.advance(REPLACED_MS);
    await until(() => expect(banner()).toBeNull());
  });
});
