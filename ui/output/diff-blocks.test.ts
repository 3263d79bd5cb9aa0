import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffTexts, foldOf, type TextDiff } from './diff-blocks.ts';

/** One of its two texts, line by line. */
function side(diff: TextDiff, which: 'old' | 'new'): string[] {
  return diff.blocks.flatMap((block) =>
    block.kind === 'same'
      ? block.lines.map((line) => line.text)
      : block[which].map(({ pieces }) => pieces.map(({ text }) => text).join('')),
  );
}
const numbers = (diff: TextDiff, which: 'old' | 'new'): number[] =>
  diff.blocks.flatMap((block) =>
    block.kind === 'same'
      ? block.lines.map((line) => line[which])
      : block[which].map(({ number }) => number),
  );
const count = (lines: string[]): number[] => lines.map((_, at) => at + 1);

test('[P32] both texts are in it, whole and numbered, and the counts are those of the changed lines', () => {
  const line = fc.constantFrom('', 'a', 'b', 'a b', 'const x = 1;', 'const y = 1;');
  let marked = 0;
  fc.assert(
    fc.property(fc.array(line), fc.array(line), (before, after) => {
      const text = (lines: string[]) => lines.map((one) => `${one}\n`).join('');
      const diff = diffTexts(text(before), text(after));
      expect(side(diff, 'old')).toEqual(before);
      expect(side(diff, 'new')).toEqual(after);
      expect(numbers(diff, 'old')).toEqual(count(before));
      expect(numbers(diff, 'new')).toEqual(count(after));
      const same = diff.blocks.flatMap((block) => (block.kind === 'same' ? block.lines : []));
      expect(diff.removed).toBe(before.length - same.length);
      expect(diff.added).toBe(after.length - same.length);
      marked += JSON.stringify(diff).includes('"marked":true') ? 1 : 0;
    }),
    // One text in seven or so has a line that changed in part: with 100 of them now and then too few for what is below.
    { numRuns: 500 },
  );
  expect(marked).toBeGreaterThan(5);
});

test('[P32] the words that changed within a line are marked; different lines are not', () => {
  const [block] = diffTexts('const wait = first;\n', 'const wait = most;\n').blocks;
  const texts = (which: 'old' | 'new', diff = block) =>
    diff?.kind === 'change'
      ? diff[which].flatMap(({ pieces }) =>
          pieces.filter((one) => one.marked).map((one) => one.text),
        )
      : [];
  expect(texts('old')).toEqual(['first']);
  expect(texts('new')).toEqual(['most']);
  const [other] = diffTexts('import { a } from "b";\n', 'return something else;\n').blocks;
  expect(texts('old', other)).toEqual([]);
});

test('[P32] a new file has no old line, a deleted one no new line', () => {
  expect(diffTexts(null, 'a\nb\n')).toMatchObject({ added: 2, removed: 0, exact: true });
  expect(diffTexts('a\nb\n', '')).toMatchObject({ added: 0, removed: 2 });
  expect(diffTexts('a\n', 'a\n')).toMatchObject({ added: 0, removed: 0 });
});

test('[P32] texts too different to compare in time are shown as replaced between what they share', () => {
  const lines = (mark: string) =>
    ['same', ...Array.from({ length: 6000 }, (_, at) => `${mark} ${at}`), 'end'].join('\n');
  const began = performance.now();
  const diff = diffTexts(lines('a'), lines('b'));
  expect(performance.now() - began).toBeLessThan(2000);
  expect(diff).toMatchObject({ exact: false, added: 6000, removed: 6000 });
  expect(diff.blocks.map(({ kind }) => kind)).toEqual(['same', 'change', 'same']);
});

test('[P32] of a long stretch that stays three lines are shown beside each change', () => {
  expect(foldOf(20, false, false)).toEqual({ head: 3, hidden: 14 });
  expect(foldOf(20, true, false)).toEqual({ head: 0, hidden: 17 });
  expect(foldOf(20, false, true)).toEqual({ head: 3, hidden: 17 });
  expect(foldOf(7, false, false)).toEqual({ head: 7, hidden: 0 });
});
