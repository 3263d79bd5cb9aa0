// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { ok } from '../../shared/errors.ts';
import { LOOK_MS } from '../store/hub-watch.ts';
import { createPage, type Page } from '../testing/fake-client.ts';
import { makeRow } from '../testing/fixtures.ts';
import { makeSession, makeSnapshot, makeTab } from '../testing/hub-fixtures.ts';
import { mount, until } from '../testing/mount.ts';
import { all, one, textOf } from '../testing/screen.ts';

let page: Page;
let root: HTMLElement;
let others: number;
const open = (): Page => {
  page = createPage('/hub');
  // Of the page itself.
  others = page.timers.count;
  page.hub = snapshotAt(60_000, 0);
  page.rows([makeRow('a', { title: 'Port the parser' }), makeRow('b', { title: 'Docs' })]);
  page.commands.answers.diagnostics = async () =>
    ok({ streams: { lanes: 1, own: 1, sessions: { a: 1 } }, turns: 1, uptime: 90 });
  root = mount(page);
  return page;
};

const snapshotAt = (at: number, events: number) =>
  makeSnapshot({
    at,
    sessions: [
      makeSession('log-a', {
        seat: 'own',
        stream: { state: 'live', since: 0, heardAt: at },
        seq: 41,
        events,
        size: events * 100,
      }),
      makeSession('log-b', { seq: 7 }),
    ],
    tabs: [
      makeTab('this-one', { you: true, shows: { sessionId: 'a', logId: 'log-a' }, seq: 41 }),
      makeTab('other-one', {
        shows: { sessionId: 'a', logId: 'log-a' },
        seq: 38,
        inFlight: true,
        behind: { events: 3, ms: 12 },
      }),
    ],
    tabCount: 2,
  });
const cells = (table: string): string[][] => {
  const found = root.querySelector(`table[aria-label="${table}"]`);
  return [...(found?.querySelectorAll('tbody tr') ?? [])].map((row) =>
    [...row.children].map(textOf),
  );
};

test('[P60] [P63] the tables say what the picture shows', async () => {
  open();
  await until(() => one(root, 'heading', 'Hub'));
  expect(page.face.title).toBe('Hub · tabcast');
  await until(() => expect(cells('Streams')).toHaveLength(3));
  expect(cells('Streams').map((row) => [row[0], row[1], row[3], row[7], row[8]])).toEqual([
    ['Shared lane', 'list of sessions', '–', '2', '1'],
    ['Port the parser', 'stream of its own', '41', '2', '1'],
    ['Docs', 'no stream: idle', '7', '0', '0'],
  ]);
  expect(cells('Tabs').map((row) => row.slice(0, 4))).toEqual([
    ['this tab', 'Port the parser', '41', 'level'],
    ['other-', 'Port the parser', '38', '3 events, 12 ms'],
  ]);
  const picture = one(root, 'img', /^The server, 2 streams, the hub, and 2 tabs/);
  const boxes = [...picture.querySelectorAll('.hub-box')].map(textOf);
  expect(boxes.filter((box) => box.includes('Port the parser'))).toHaveLength(3);
  expect(boxes).toContainEqual(expect.stringMatching(/^Server HTTP\/1\.1 counts 2 streams$/));
  expect(textOf(root)).toContain('The server counts 2 streams of yours, as this hub does.');
});

test('[P62] [P64] what flows has a rate and moves', async () => {
  open();
  await until(() => expect(cells('Streams')).toHaveLength(3));
  expect(root.querySelectorAll('.hub-flow')).toHaveLength(0);
  expect(cells('Streams')[1]?.[4]).toBe('…');
  page.hub = snapshotAt(62_000, 80);
  page.timers.advance(LOOK_MS);
  await until(() => expect(cells('Streams')[1]?.[4]).toBe('40/s'));
  expect(cells('Streams')[1]?.[5]).toBe('4 kB/s');
  expect(root.querySelectorAll('.hub-flow').length).toBeGreaterThan(0);
  const svg = root.querySelector<SVGElement>('.hub-picture > svg');
  const offset = () => svg?.style.strokeDashoffset;
  await until(() => {
    page.timers.advance(100);
    expect(offset()).not.toBe('');
  });
  const before = offset();
  page.timers.advance(200);
  expect(offset()).not.toBe(before);
  page.pageLife.setVisible(false);
  await until(() => expect(page.timers.count).toBe(others));
});

test('[P61] a page that is left, or not in view, asks nothing', async () => {
  open();
  await until(() => expect(cells('Streams')).toHaveLength(3));
  const asked = () => page.did.filter((what) => what === 'inspect').length;
  const before = asked();
  page.pageLife.setVisible(false);
  page.timers.advance(10 * LOOK_MS);
  expect(asked()).toBe(before);
  page.pageLife.setVisible(true);
  await until(() => expect(asked()).toBe(before + 1));
  page.store.router.navigate('/');
  await until(() => expect(all(root, 'heading', 'Hub')).toEqual([]));
  // Effects are cleaned up after the next frame.
  await until(() => expect(page.timers.count).toBe(others));
  expect(asked()).toBeLessThanOrEqual(before + 1);
});

test('[P60] a hub that does not answer is said to be silent, with what it said last', async () => {
  open();
  await until(() => expect(cells('Streams')).toHaveLength(3));
  page.hub = null;
  page.timers.advance(LOOK_MS);
  await until(() => expect(textOf(root)).toContain('this is what it said last'));
  expect(cells('Streams')).toHaveLength(3);
});
