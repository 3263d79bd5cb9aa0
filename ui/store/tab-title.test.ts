import { computed, signal } from '@preact/signals';
import { expect, test } from 'vitest';
import { createFakeFace } from '../testing/fake-env.ts';
import { makeRow } from '../testing/fixtures.ts';
import type { Route } from './route.ts';
import { createRows } from './rows.ts';
import { startTabIcon } from './tab-icon.ts';
import { startTabTitle } from './tab-title.ts';

const running = { status: 'running' } as const;

function setUp() {
  const face = createFakeFace();
  const rows = createRows();
  const shown = signal<string | null>(null);
  const paneRow = computed(() => (shown.value === null ? undefined : rows.find(shown.value)));
  const route = signal<Route>({ kind: 'home' });
  const stops = [startTabTitle({ face, rows, paneRow, route }), startTabIcon(face, rows)];
  let version = 0;
  const set = (...now: ReturnType<typeof makeRow>[]) => {
    version += 1;
    rows.apply({ version, reset: true, rows: now, removed: [] });
  };
  return { face, shown, route, set, stop: () => stops.forEach((each) => each()) };
}

test('[P5] [O7] the title tells how many requests wait, what is shown, and how many sessions run', () => {
  const { face, shown, route, set, stop } = setUp();
  route.value = { kind: 'hub' };
  expect(face.title).toBe('Hub · tabcast');
  route.value = { kind: 'home' };
  expect(face.title).toBe('tabcast');
  set(makeRow('a', { title: 'Fix it' }), makeRow('b', running));
  expect(face.title).toBe('1 running · tabcast');
  shown.value = 'a';
  expect(face.title).toBe('Fix it · 1 running · tabcast');
  const asks = makeRow('c', { status: 'waiting', openRequests: 2 });
  set(makeRow('a', { title: '' }), makeRow('b', running), asks, makeRow('d', { ...running }));
  expect(face.title).toBe('(2) Untitled · 2 running · tabcast');
  set(makeRow('a', { status: 'cancelling', title: 'Fix it' }));
  expect(face.title).toBe('Fix it · 1 running · tabcast');
  set(makeRow('a', { title: 'Fix it' }));
  expect(face.title).toBe('Fix it · tabcast');
  stop();
  set();
  expect(face.title).toBe('Fix it · tabcast');
});

test('[P5] the icon has a tile while something runs, and a diamond while somebody is waited for', () => {
  const { face, set } = setUp();
  const parts = () => [face.icon.includes('<rect'), face.icon.includes('class="c"')];
  expect(parts()).toEqual([false, false]);
  set(makeRow('a', running));
  expect(parts()).toEqual([true, false]);
  set(makeRow('a', running), makeRow('b', { status: 'waiting', openRequests: 1 }));
  expect(parts()).toEqual([true, true]);
  set(makeRow('b', { status: 'waiting', openRequests: 1 }));
  expect(parts()).toEqual([false, true]);
  expect(face.icon).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg".*<\/svg>$/);
});
