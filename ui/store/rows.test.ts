import { expect, test } from 'vitest';
import { makeRow } from '../testing/fixtures.ts';
import { createRows } from './rows.ts';

const ids = (rows: ReturnType<typeof createRows>) => rows.sorted.value.map(({ id }) => id);

test('rows are unknown until the first delta, then sorted by their last change', () => {
  const rows = createRows();
  expect(rows.known.value).toBe(false);
  const [a, b] = [makeRow('a', { updatedAt: 1 }), makeRow('b', { updatedAt: 2 })];
  rows.apply({ version: 1, reset: true, rows: [a, b], removed: [] });
  expect(rows.known.value).toBe(true);
  expect(ids(rows)).toEqual(['b', 'a']);
  rows.apply({ version: 2, reset: false, rows: [{ ...a, updatedAt: 3 }], removed: [b.logId] });
  expect(ids(rows)).toEqual(['a']);
});

test('a reset drops what was there', () => {
  const rows = createRows();
  rows.apply({ version: 5, reset: true, rows: [makeRow('a')], removed: [] });
  rows.apply({ version: 1, reset: true, rows: [makeRow('b')], removed: [] });
  expect(ids(rows)).toEqual(['b']);
});

test('[O9] a row is found by every id it had; the canonical one wins', () => {
  const rows = createRows();
  const old = makeRow('new', { aliases: ['old'], updatedAt: 9 });
  const other = makeRow('old', { logId: 'log-other' });
  rows.apply({ version: 1, reset: true, rows: [old], removed: [] });
  expect(rows.find('old')).toBe(old);
  rows.apply({ version: 2, reset: false, rows: [other], removed: [] });
  expect(rows.find('old')).toBe(other);
  expect(rows.find('none')).toBeUndefined();
  expect(rows.byLog(old.logId)).toBe(old);
});
