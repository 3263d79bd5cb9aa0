import { expect, test } from 'vitest';
import type { Row } from '../../shared/row.ts';
import { makeRow } from '../testing/fixtures.ts';
import { find, MOST_SESSIONS, RECENT_SESSIONS, type Wanted } from './find.ts';
import { distance, wordsOf } from './fuzzy.ts';

const far = (query: string, name: string, rest = '') => distance(wordsOf(query), { name, rest });
const COMMANDS = [
  { id: 'home', title: 'Go home' },
  { id: 'stop', title: 'Stop this turn' },
];
const look = (
  query: string,
  rows: readonly Row[],
  over: Partial<Wanted<(typeof COMMANDS)[0]>> = {},
) => find({ query, rows, commands: COMMANDS, current: null, about: () => '', ...over });
const titled = (...titles: string[]) => titles.map((title) => makeRow(title, { title }));
const titles = (rows: readonly Row[]) => rows.map(({ title }) => title);

test('[P12] the nearer a name is to what is typed, the smaller its distance', () => {
  const order = ['build it', 'the build', 'rebuild', 'b-u-i-l-d'].map((name) => far('build', name));
  expect(order).toEqual([...order].sort((a, b) => (a ?? 99) - (b ?? 99)));
  expect(new Set(order).size).toBe(4);
  expect(far('rl', 'release list')).not.toBeNull();
  expect(far('bwe', 'build of the website')).not.toBeNull();
  expect(far('CAFÉ', 'cafe')).toBe(0);
  // Every word, in any order; letters by chance are no match.
  expect(far('nginx fix', 'fix nginx')).not.toBeNull();
  expect(far('fix apache', 'fix nginx')).toBeNull();
  expect(far('xq', 'an example of a long text with a q')).toBeNull();
  expect(far('demo', 'fix nginx', 'running demo')).toBeGreaterThan(far('fgx', 'fix gx') ?? 99);
});

test('[P12] without words: the latest sessions but the one that is shown and those put away, and every command', () => {
  const rows = Array.from({ length: 20 }, (_, n) => makeRow(`s${n}`, { archived: n === 1 }));
  const found = look('', rows, { current: 'log-s0' });
  expect(found.sessions).toHaveLength(RECENT_SESSIONS);
  expect(found.sessions[0]?.id).toBe('s2');
  expect(found.more).toBe(20 - 1 - RECENT_SESSIONS);
  expect(found.commands).toEqual(COMMANDS);
});

test('[P12] the best first, what is as good in the order of its last change, archived ones after it', () => {
  const rows = [
    makeRow('x', { title: 'The report', archived: true }),
    ...titled('A report', 'Reporting', 'Another report'),
  ];
  const found = look('report', rows);
  expect(titles(found.sessions)).toEqual(['Reporting', 'A report', 'Another report', 'The report']);
  expect(found.first).toBe('sessions');
  expect(look('stop', rows).first).toBe('commands');
  expect(
    look('waiting', rows, { about: ({ id }) => (id === 'x' ? 'waiting' : '') }).sessions,
  ).toHaveLength(1);
});

test('[P12] of ten thousand sessions no more are listed than a page can draw at once', () => {
  const rows = Array.from({ length: 10_000 }, (_, n) =>
    makeRow(`s${n}`, { title: `Session ${n} of many` }),
  );
  const found = look('many', rows);
  expect(found.sessions).toHaveLength(MOST_SESSIONS);
  expect(found.more).toBe(10_000 - MOST_SESSIONS);
  expect(look('9999', rows).sessions[0]?.title).toBe('Session 9999 of many');
});
