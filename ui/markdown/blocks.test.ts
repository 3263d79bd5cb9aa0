import fc from 'fast-check';
import type { Token, Tokens } from 'marked';
import { describe, expect, test } from 'vitest';
import { advanceBlocks, NO_BLOCKS, type Block, type Blocks, type Growth } from './blocks.ts';
import { grows, resumeOf } from './grow.ts';
import { lexMarkdown } from './lexer.ts';

/** Tokens without what depends on the way there: nothing should. */
const plain = (blocks: readonly Block[]) => JSON.stringify(blocks.map(grownToken));
/** The token that lexing the block's text with what was added to it gives: one, or it did not only grow. */
const grownToken = ({ token, raw, added }: Block): Token | Token[] => {
  if (added === '') return token;
  const [only, ...others] = lexMarkdown(raw + added);
  return only === undefined || others.length > 0 ? [] : only;
};
const growth: Growth = { grows, resumeOf };
const feed = (chunks: readonly string[], each: (now: Blocks) => void = () => {}): Blocks => {
  let text = '';
  let blocks = NO_BLOCKS;
  for (const chunk of chunks) {
    text += chunk;
    blocks = advanceBlocks(blocks, text, growth);
    each(blocks);
  }
  return blocks;
};
const all = ({ settled, tail }: Blocks) => [...settled, ...tail];
const whole = (text: string) => JSON.stringify([...lexMarkdown(text.replace(/\r\n|\r/g, '\n'))]);

/** Pieces where blocks begin, end, join and part; no definitions of link references, see blocks.ts. */
const PIECES = [
  ['\n', '\n\n', ' ', '    ', 'word', '1', '2', '. ', '- ', '* ', '+ ', '> ', '# ', '## '],
  ['```', '~~~', '`', '***', '---', '===', '| a | b |', '|---|---|', '| 1 | 2 |', '\\', '|'],
  ['<div>', '</div>', '<!--', '-->', '<pre>', '</pre>', '<b>', '**', '_', '[x]', '(y)', '![i](j)'],
  ['$', '$$', '$x$', '\\(', '\\)', '\\[y\\]', ' `', 'x\n'],
  ['- [ ] ', '\r\n', '\t', '&amp;', 'https://a.b', '1. one', '\n2. two', '\n\n  more', '<!'],
];
const piece = fc.constantFrom(...PIECES.flat());
const chunks = fc.array(
  fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join('')),
  {
    minLength: 1,
    maxLength: 40,
  },
);

describe('incremental lexing', () => {
  test('gives the same blocks as lexing the whole, for any text in any chunks', () => {
    let settled = 0;
    fc.assert(
      fc.property(chunks, (parts) => {
        const end = feed(parts, (now) => {
          settled += now.settled.length > 0 ? 1 : 0;
        });
        expect(plain(all(end))).toBe(whole(parts.join('')));
      }),
      { numRuns: 1_500 },
    );
    expect(settled).toBeGreaterThan(500);
  });

  test('[T5] words that only make a paragraph longer are not lexed, and the blocks are the same at each step', () => {
    const signs = [
      '*',
      '_',
      '**',
      '`',
      '~~',
      '@',
      '/',
      'www.',
      'www',
      'http:',
      '&',
      '<b>',
      '<',
      '-',
    ];
    const words = [
      'word',
      'a',
      ' ',
      ' more of it',
      '1',
      '.',
      ', ',
      "'",
      '"',
      ';',
      ': ',
      '?',
      'é',
      '٣',
    ];
    const others = ['\n', '\n\n', '\\', '!', '(y)', ')', '# ', '===', '.com', '#', '&amp', '1) '];
    const structure = [
      '\n- ',
      '- ',
      '\n  - ',
      '\n1. ',
      '\n\n```ts\n',
      '\n```',
      '~~~\n',
      ' ``',
      'x\n',
      '$',
      '$$',
    ];
    const part = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...words) },
      { weight: 1, arbitrary: fc.constantFrom(...signs, ...others) },
      { weight: 1, arbitrary: fc.constantFrom(...structure) },
    );
    let grown = 0;
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 40 }), (parts) => {
        feed(parts, (now) => {
          if (now.tail.at(-1)?.added !== '') grown += 1;
          expect(plain(all(now))).toBe(whole(now.text));
        });
      }),
      { numRuns: 1_500 },
    );
    expect(grown).toBeGreaterThan(1_000);
  });

  test('[T5] lists, tables and open fences that grow are lexed from their last items on, and the blocks are the same at each step', () => {
    const line = fc.constantFrom(
      '- ',
      '- item',
      '- *a* b',
      '  - in',
      '    more',
      '  more',
      '',
      '* other',
      '+ x',
      '-',
      '1. ',
      '2. two',
      '10. ten',
      '3) x',
      '   - in',
      '```',
      '````',
      '```ts',
      '~~~',
      '~~~~ ',
      '#',
      '| 1 | 2 |',
      '| a',
      'b | `|` | c',
      '|',
      '> q',
      'word',
      '- [ ] do',
      '- [x] done',
      '   ```',
      '---',
      '===',
      '<b>',
      '$$',
      '- $$',
      '\\[',
      '\\]',
      '  ',
      '- a\n\n  b',
      '- - -',
      '# t',
      '    code',
    );
    const start = fc.constantFrom(
      '- a\n- b\n- c',
      '1. a\n2. b\n\n3. c',
      '| a | b |\n|---|--:|\n| 1 | 2 |\n| 3',
      '```js\nlet x;',
      '- a\n\n- b\n- c',
      'text\n- a\n- b\n- c',
      '~~~\na\n```\nb',
      '$$\na\n+ b',
      '* [ ] a\n* b\n* c',
    );
    const texts = fc
      .tuple(start, fc.array(line, { maxLength: 14 }))
      .map(([head, lines]) => [head, ...lines].join('\n'));
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(texts, sizes, (text, steps) => {
        const parts: string[] = [];
        for (let at = 0, n = 0; at < text.length; n += 1) {
          const size = steps[n % steps.length] ?? 1;
          parts.push(text.slice(at, at + size));
          at += size;
        }
        feed(parts, (now) => {
          expect(plain(all(now))).toBe(whole(now.text));
        });
      }),
      { numRuns: 1_500 },
    );
  });

  test('gives the same blocks character by character', () => {
    const text = [
      '# Title\n\nA *paragraph*\nof two lines.\n\n- one\n- two\n\n  still two\n\n1. a\n\n2. b\n\n',
      '```ts\nconst x = 1;\n\n# not a title\n```\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n> quote\n\n',
      'Setext\n---\n\n<div>\n\nin *between*\n\n</div>\n\n    code\n\n***\nend',
    ].join('');
    expect(plain(all(feed(text.split(''))))).toBe(whole(text));
  });

  test('[T5] a list of three items or more is not lexed from its beginning, wherever a chunk ends', () => {
    const text = Array.from({ length: 40 }, (_, n) => `- item **${n}** with \`code\``).join('\n');
    const from: (number | undefined)[] = [];
    const watched: Growth = {
      grows,
      resumeOf(token) {
        const resume = resumeOf(token);
        if (token.type === 'list' && (token as Tokens.List).items.length > 2) from.push(resume?.at);
        return resume;
      },
    };
    let blocks = NO_BLOCKS;
    for (let at = 1; at <= text.length; at += 1) {
      blocks = advanceBlocks(blocks, text.slice(0, at), watched);
    }
    expect(from.length).toBeGreaterThan(100);
    expect(from).not.toContain(undefined);
  });

  test('[T5] settled blocks stay the same objects', () => {
    const seen = new Map<number, Block>();
    feed(
      Array.from({ length: 60 }, (_, at) => `Paragraph ${at}\n\n`),
      ({ settled }) => {
        for (const block of settled) {
          expect(seen.get(block.start) ?? block).toBe(block);
          seen.set(block.start, block);
        }
      },
    );
    expect(seen.size).toBeGreaterThan(100);
  });

  test('[T5] the tail stays short in a long answer', () => {
    let longest = 0;
    feed(
      Array.from({ length: 400 }, (_, at) => `Words ${at} and more.${at % 5 === 4 ? '\n\n' : ' '}`),
      ({ tail }) => {
        longest = Math.max(longest, tail.length);
      },
    );
    expect(longest).toBeLessThanOrEqual(5);
  });

  test('the text did not grow but changed: all is lexed anew', () => {
    const before = feed(['One\n\nTwo\n\nThree\n\nFour']);
    expect(plain(all(advanceBlocks(before, 'Other\n\ntext', growth)))).toBe(whole('Other\n\ntext'));
    expect(advanceBlocks(before, before.text, growth)).toBe(before);
  });

  test('a link reference defined before its use is known; one defined after it stays as typed', () => {
    const before = feed(['[a]: https://x.y\n\n', 'One\n\n', 'Two\n\n', 'See [this][a]\n\n', 'end']);
    expect(plain(before.settled) + plain(before.tail)).toContain('"href":"https://x.y"');
    const after = feed(['See [this][a]\n\n', 'One\n\n', 'Two\n\n', '[a]: https://x.y\n\n', 'end']);
    expect(plain(after.settled)).not.toContain('"type":"link"');
  });
});
