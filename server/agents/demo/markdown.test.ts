import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunksOf, markdownDocument } from './markdown.ts';

test('at least as long as asked, and the same every time', () => {
  for (const length of [1, 1000, 40_960]) {
    const text = markdownDocument(length);
    expect(text.length).toBeGreaterThanOrEqual(length);
    expect(text.length).toBeLessThan(length + 2500);
    expect(markdownDocument(length)).toBe(text);
  }
});

test('has all that a transcript must show, hostile text included', () => {
  const text = markdownDocument(10_000);
  for (const part of [
    '# ',
    '## ',
    '- [x]',
    '    - ',
    '1. ',
    '|:---|',
    '```ts',
    '> > ',
    '](https://',
    '<script>',
    'onerror=',
    'javascript:',
    '![',
  ]) {
    expect(text).toContain(part);
  }
});

test('chunks join to the text, and none splits a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 2000 }), (text) => {
      const chunks = chunksOf(text);
      expect(chunks.join('')).toBe(text);
      for (const chunk of chunks) expect(chunk.isWellFormed()).toBe(true);
    }),
  );
});
