import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sentencesSince, START } from './sentences.ts';

/** Everything that is said of a text that arrives in these pieces. */
function sayAll(pieces: readonly string[]): string[] {
  let text = '';
  let mark = START;
  const said: string[] = [];
  for (const [at, piece] of pieces.entries()) {
    text += piece;
    const next = sentencesSince(text, mark, at === pieces.length - 1);
    mark = next.mark;
    if (next.said !== '') said.push(next.said);
  }
  return said;
}

test('[P80] a sentence is said when it has ended, once', () => {
  expect(sayAll(['It is', ' done. And', ' so is', ' this! Well', ''])).toEqual([
    'It is done.',
    'And so is this!',
    'Well',
  ]);
});

test('[P80] a number’s dot ends nothing, a line does', () => {
  expect(sayAll(['Version 3. ', '5 is out\nn', 'ext', ''])).toEqual([
    'Version 3. 5 is out',
    'next',
  ]);
});

test('[P80] signs of markdown are not read out, and code is named', () => {
  const text = [
    '## A **bold** plan',
    '- [x] see [the page](https://example.org/a_b)',
    '| a | b |',
    '|---|---|',
    '```ts',
    'const secret = 1;',
    '```',
    '> quoted `code` here.',
  ].join('\n');
  expect(sentencesSince(text, START, true).said).toBe(
    'A bold plan see the page a, b Code. quoted code here.',
  );
});

test('[P80] however a text arrives, the same letters are said, in the same order', () => {
  const word = fc.constantFrom(
    'Ein Satz. ',
    'zwei',
    ' drei! ',
    '\n',
    '1. ',
    '`x` ',
    '**y** ',
    '。',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (pieces) => {
      const letters = (text: string): string => text.replaceAll(/[^\p{L}]/gu, '');
      const whole = sentencesSince(pieces.join(''), START, true).said;
      expect(letters(sayAll([...pieces, '']).join(''))).toBe(letters(whole));
    }),
    { numRuns: 500 },
  );
});
