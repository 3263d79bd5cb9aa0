import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settledTurn } from './testing/samples.ts';
import { indexText, matches, parseQuery, snippetOf, turnText } from './search-text.ts';

const snippet = (text: string, query: string): string =>
  snippetOf(text, parseQuery(query))
    .map(({ text: piece, marked }) => (marked ? `[${piece}]` : piece))
    .join('');

describe('words', () => {
  test.each([
    ['Fix the BUILD', 'fix the build'],
    ['naïve Café, déjà-vu', 'naive cafe deja vu'],
    ["don’t can't", 'don t can t'],
    ['İstanbul ΟΔΟΣ οδός', 'istanbul οδοσ οδοσ'],
    ['東京に行く', '東 京 に 行 く'],
    ['src/store.ts:12', 'src store ts 12'],
    ['" * ( ) - : ^ {}', ''],
    ['x'.repeat(100), 'x'.repeat(64)],
  ])('%s', (text, words) => {
    expect(indexText(text)).toBe(words);
  });

  test('are the same in an index, and where they are looked for one by one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const phrase = parseQuery(text.replaceAll(/\s/gu, '-'))[0] ?? [];
        expect(indexText(text)).toBe(phrase.join(' '));
        // No word is split or taken as syntax by what it is given to.
        expect(indexText(text)).not.toMatch(/[^a-z0-9 \u0080-\u{10ffff}]/u);
      }),
      { numRuns: 2000 },
    );
  });

  test('of a turn are those of its prompt and of what the agent said, not what it thought or did', () => {
    const turn = settledTurn(0, 'said');
    turn.parts.push({ kind: 'thought', text: 'thought', messageId: null });
    expect(turnText(turn)).toBe('question 0\nsaid');
  });
});

describe('a query', () => {
  test.each([
    ['fix build', true],
    ['BUILD Fix', true],
    ['build fi', true],
    ['fi build', false],
    ['the-build', true],
    ['fix-build', false],
    ['"', true],
    ['cafe', true],
    ['CAFÉ', true],
    ['fix OR nothing', false],
  ])('%s', (query, found) => {
    expect(matches('Fix the build of the café', parseQuery(query))).toBe(found);
  });

  test('has at most 16 words', () => {
    expect(parseQuery('a b '.repeat(40))).toHaveLength(16);
  });
});

describe('a snippet', () => {
  test('marks every word that was looked for, as it is written', () => {
    expect(snippet('The Café opens; the café closes.', 'cafe clo')).toBe(
      'The [Café] opens; the [café] [closes].',
    );
    expect(snippet('a  line\n\nand another', 'AND')).toBe('a line [and] another');
  });

  test('of a long text is the stretch with the most of the words', () => {
    const text = `${'the start '.repeat(50)}here the deadlock was found ${'the end '.repeat(50)}`;
    const shown = snippet(text, 'the deadlock');
    expect(shown).toContain('here [the] [deadlock] was found');
    expect(shown.startsWith('…')).toBe(true);
    expect(shown.endsWith('…')).toBe(true);
    expect(shown.length).toBeLessThan(250);
  });

  test('of a text without the words is its beginning', () => {
    expect(snippet('Nothing of it', 'else')).toBe('Nothing of it');
  });

  test('is a piece of the text, whatever the text', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(
        texts,
        fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
        (text, query) => {
          const phrases = parseQuery(query);
          fc.pre(phrases.length > 0);
          const parts = snippetOf(text, phrases);
          const shown = parts
            .map((part) => part.text)
            .join('')
            .replace(/^…|…$/gu, '');
          expect(text.replace(/\s+/gu, ' ')).toContain(shown.trim());
          expect(parts.some(({ marked }) => marked)).toBe(matches(text, phrases));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
