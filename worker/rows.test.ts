import { expect, test } from 'vitest';
import { projectRow, type Row } from '../shared/row.ts';
import { emptyState } from '../shared/state.ts';
import { createRows } from './rows.ts';

const row = (name: string, patch: Partial<Row> = {}): Row => ({
  id: name,
  aliases: [],
  logId: `log-${name}`,
  title: name,
  agentId: 'demo',
  cwd: '/',
  pinned: false,
  archived: false,
  readSeq: 0,
  readMark: 0,
  draftRev: 0,
  createdAt: 0,
  updatedAt: 0,
  ...projectRow(emptyState(`log-${name}`)),
  ...patch,
});
const ids = (rows: readonly Row[]): string[] => rows.map(({ id }) => id).toSorted();

test('the lane replaces, upserts and removes', () => {
  const rows = createRows();
  rows.laneStarts();
  expect(rows.loaded).toBe(false);
  expect(rows.replace([row('a'), row('b')])).toEqual([]);
  expect(rows.loaded).toBe(true);
  expect(rows.upsert(row('c'))).toBe(true);
  expect(rows.upsert(row('c'))).toBe(false);
  expect(rows.remove('log-a')).toEqual(row('a'));
  expect(rows.remove('log-a')).toBeUndefined();
  expect(ids(rows.replace([row('b')]))).toEqual(['c']);
  expect(ids(rows.all())).toEqual(['b']);
});

test('by canonical id and alias, also after a rotation', () => {
  const rows = createRows();
  rows.replace([row('a')]);
  expect(rows.find('a')?.logId).toBe('log-a');
  expect(rows.find('a2')).toBeUndefined();
  rows.upsert(row('a', { id: 'a2', aliases: ['a'] }));
  expect(rows.find('a')?.id).toBe('a2');
  expect(rows.find('a2')?.id).toBe('a2');
  rows.remove('log-a');
  expect(rows.find('a')).toBeUndefined();
});

test('an answer adds what the lane has not told, and never replaces what it has', () => {
  const rows = createRows();
  rows.replace([row('a', { lastSeq: 9 })]);
  expect(rows.offer(row('a', { lastSeq: 3 }))?.lastSeq).toBe(9);
  expect(rows.offer(row('b'))?.id).toBe('b');
  rows.remove('log-a');
  expect(rows.offer(row('a'))).toBeUndefined();
  // The lane itself may bring it back.
  rows.upsert(row('a'));
  expect(rows.offer(row('a'))?.id).toBe('a');
});

test('rows that were asked for before an answer do not take its row away; later ones do', () => {
  const rows = createRows();
  rows.laneStarts();
  rows.offer(row('new'));
  expect(rows.replace([])).toEqual([]);
  rows.laneStarts();
  expect(ids(rows.replace([]))).toEqual(['new']);
});

test('what a tab lacks: all for one that has nothing, then only what changed', () => {
  const rows = createRows();
  expect(rows.since(null)).toBeNull();
  rows.replace([]);
  expect(rows.since(null)).toMatchObject({ version: 0, reset: true, rows: [] });
  expect(rows.since(0)).toBeNull();
  rows.upsert(row('a'));
  rows.upsert(row('b'));
  const delta = rows.since(1);
  expect(delta).toMatchObject({ version: 2, reset: false, rows: [{ id: 'b' }] });
  expect(rows.since(1)).toBe(delta);
  expect(rows.since(99)).toMatchObject({ reset: true });
  rows.clear();
  expect(rows.since(2)).toMatchObject({ reset: false, rows: [], removed: ['log-a', 'log-b'] });
});

test('a name that a later row took stays with it when the earlier row goes', () => {
  const rows = createRows();
  rows.replace([row('a')]);
  const later = row('b', { aliases: ['a'] });
  rows.upsert(later);
  rows.remove('log-a');
  expect(rows.find('a')).toEqual(later);
});
