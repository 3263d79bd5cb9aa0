import { expect, test } from 'vitest';
import { foldersOf, rankPaths } from './rank.ts';

const FILES = [
  'README.md',
  'docs/guide.md',
  'src/parser/index.ts',
  'src/parser/parse-line.ts',
  'src/sparse.ts',
  'src/main.ts',
  'test/parser.test.ts',
];
const ranked = (query: string, limit = 20) =>
  rankPaths([...foldersOf(FILES), ...FILES], query, limit);

test('the folders of files, each once', () => {
  expect(foldersOf(FILES)).toEqual(['docs/', 'src/', 'src/parser/', 'test/']);
});

test('[P43] a name before a place, a beginning before a middle, letters in order last', () => {
  expect(ranked('par')).toEqual([
    'src/parser/',
    'test/parser.test.ts',
    'src/parser/parse-line.ts',
    'src/sparse.ts',
    'src/parser/index.ts',
  ]);
  expect(ranked('SRC/MAIN.ts')).toEqual(['src/main.ts']);
  expect(ranked('parser')[0]).toBe('src/parser/');
  expect(ranked('mts')).toEqual(['src/main.ts']);
  expect(ranked('nothing like it')).toEqual([]);
});

test('with nothing typed, what lies on top; at most as many as were asked for', () => {
  expect(ranked('', 4)).toEqual(['src/', 'docs/', 'test/', 'README.md']);
  expect(ranked('s', 1)).toHaveLength(1);
});
