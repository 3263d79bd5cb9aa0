import fc from 'fast-check';
import { lexer, parse, type Token } from 'marked';
import { expect, test } from 'vitest';
import { codeSpan, embedded, fenced, folded, inline, quoted } from './markdown-text.ts';

/** Texts out of what opens, closes and continues things in Markdown. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '```',
        '````',
        '~~~',
        '`',
        '\n',
        '\n\n',
        '\r\n',
        '\r',
        '    ',
        '  ',
        '\t',
        '> ',
        '- ',
        '1. ',
        '# x',
        '\n## 2. You',
        '</details>',
        '<details>',
        '<!-- ',
        '-->',
        '<script>',
        '<pre>',
        '<![CDATA[',
        '<?',
        '<div>',
        '\\',
        '|',
        '---',
        'js',
        '```js',
        '\n```\n',
        '\n> ```\n',
        '\n- ```\n',
        '\n  ```\n',
        'a',
        ' b ',
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

const after = '## After it';
/** What a reader of the whole document sees at its top. */
const tops = (document: string): Token[] => lexer(document).filter(({ type }) => type !== 'space');

/** What a browser would read on in. Code is `&lt;` in what the reader's program makes of the document. */
const SWALLOWS = /<(?:!--|script|style)/i;

test('[P16] a text between fences is one code block, and what follows it stands beside it', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const tokens = tops(`${fenced(text)}\n\n${after}\n`);
      expect(tokens.map(({ type }) => type)).toEqual(['code', 'heading']);
      const [code] = tokens;
      // The judge takes blank lines at the end as it likes.
      const plain = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
      expect(code?.type === 'code' && code.text.replace(/\n+$/, '')).toBe(plain);
    }),
    { numRuns: 2_000 },
  );
});

test('[P16] what an agent wrote, a person asked or a thought was ends where it ends', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const body of [embedded(text), quoted(text), folded(text, quoted(text))]) {
        const last = tops(`${body}\n\n${after}\n`).at(-1);
        expect(last).toMatchObject({ type: 'heading', text: 'After it' });
        expect(parse(body)).not.toMatch(SWALLOWS);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('[P16] a line of a title or a path stays a line', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const tokens = tops(`- x ${inline(text)} ${codeSpan(text)}\n\n${after}\n`);
      expect(tokens.map(({ type }) => type)).toEqual(['list', 'heading']);
    }),
    { numRuns: 1_000 },
  );
});

test('[P16] what looks like a fence inside of one closes nothing, and code stays as it is', () => {
  const text = '```\n- ```\n<script>\n  ```';
  expect(embedded(text)).toBe(text);
  expect(parse(text)).not.toMatch(SWALLOWS);
});

test('[P16] no sign before it makes a tag of what was none', () => {
  expect(quoted('<div><script>')).toBe('> <div>&lt;script>');
  expect(parse(quoted('a \\\\<script>'))).not.toMatch(SWALLOWS);
  expect(parse(embedded('a \\\\<script>'))).not.toMatch(SWALLOWS);
});

test.each(['\n```\n```\t', '\n  ```\n\t```'])(
  '[P16] %j may be closed or not: a quotation',
  (text) => {
    expect(embedded(text)).toBe(quoted(text));
  },
);

test('ordinary Markdown stays as it was written', () => {
  const text =
    '# Title\n\nText with `code` and a <https://example.org>.\n\n- a\n\n  ```js\n  x < y\n  ```\n\n```html\n<!-- kept -->\n```';
  expect(embedded(text)).toBe(text);
});

test('[P16] a fence that nobody closed makes the answer a quotation', () => {
  expect(embedded('Look:\n```js\nlet x')).toBe('> Look:\n> ```js\n> let x');
  expect(embedded('- item\n  ```\nleft of it\n  ```')).toMatch(/^> - item/);
});
