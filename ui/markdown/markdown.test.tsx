// @vitest-environment happy-dom
import fc from 'fast-check';
import { render } from 'preact';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { fetchStreaming, Markdown } from './markdown.tsx';

beforeAll(fetchStreaming);
let root: HTMLElement;
beforeEach(() => {
  root = document.createElement('div');
});
const show = (text: string) => render(<Markdown text={text} />, root);
const blocks = () => [...root.querySelectorAll('.md-block')];

const TEXT =
  '# Title\n\nOne *two*\n\n- a\n- b\n\n```js\nlet x;\n```\n\nA [link](https://a.b).\n\n> end\n\nlast';

test('growing text gives the same page as the whole text', () => {
  for (let length = 1; length <= TEXT.length; length += 3) show(TEXT.slice(0, length));
  show(TEXT);
  const grown = root.innerHTML;
  render(null, root);
  show(TEXT);
  expect(grown).toBe(root.innerHTML);
  expect(blocks()).toHaveLength(7);
});

test('[T5] a token touches the last block only: the others keep their elements', () => {
  show(TEXT);
  const before = blocks().map((element) => [element, element.firstChild] as const);
  show(`${TEXT} token`);
  const after = blocks();
  before.slice(0, -1).forEach(([element, child], at) => {
    expect(after[at]).toBe(element);
    expect(after[at]?.firstChild).toBe(child);
  });
  expect(after.at(-1)?.textContent).toContain('last token');
});

test('[T5] a block that settles keeps its element', () => {
  show('first');
  const element = blocks()[0];
  show('first\n\nsecond\n\nthird\n\nfourth\n\nfifth');
  expect(blocks()[0]).toBe(element);
  expect(blocks()).toHaveLength(5);
});

test('[T5] words at the end of a paragraph go into the text node that is there', () => {
  show('**One** two');
  const records: MutationRecord[] = [];
  const watcher = new MutationObserver((more) => records.push(...more));
  watcher.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  const text = root.querySelector('p')?.lastChild;
  for (const more of [' three', ' three, fo', ' three, four.']) show(`**One** two${more}`);
  records.push(...watcher.takeRecords());
  watcher.disconnect();
  expect(root.querySelector('p')?.outerHTML).toBe('<p><strong>One</strong> two three, four.</p>');
  expect(records.map(({ type, target }) => [type, target === text])).toEqual(
    [1, 2, 3].map(() => ['characterData', true]),
  );
});

test('[T5] text that grew in place and then changes otherwise shows as if it were new', () => {
  const words = fc.constantFrom('word', ' ', ' more', '. ', 'a', ',', '1');
  const signs = fc.constantFrom(
    '\n- ',
    '\n  - ',
    '\n1. ',
    '\n\n```ts\n',
    '\n```\n',
    '\n\n| a | b |\n|---|---|\n| c | ',
    '$',
    '*',
    '_',
    '`',
    '\n\n',
    '\n',
    '- ',
    '<b>',
    '[x](https://a.b)',
    '&amp;',
  );
  const part = fc.oneof({ weight: 4, arbitrary: words }, { weight: 1, arbitrary: signs });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 25 }), fc.nat(), (parts, cut) => {
      const fresh = document.createElement('div');
      const texts = parts.map((_, at) => parts.slice(0, at + 1).join(''));
      // And once shorter again, as after a snapshot of another past.
      for (const text of [...texts, texts[cut % texts.length] ?? '']) {
        show(text);
        render(null, fresh);
        render(<Markdown text={text} />, fresh);
        expect(root.innerHTML).toBe(fresh.innerHTML);
      }
    }),
    { numRuns: 150 },
  );
});

test('[P20] a selection in what is there stays while the block grows, with words and with markup', () => {
  show('One *two* three');
  const em = root.querySelector('em')?.firstChild;
  const first = root.querySelector('p')?.firstChild;
  show('One *two* three four `code` and\n- an item');
  expect(root.querySelector('em')?.firstChild).toBe(em);
  expect(root.querySelector('p')?.firstChild).toBe(first);
  show('One *two* three four `code` and\n- an item\n\nnext\n\nand next\n\nand on');
  expect(root.querySelector('em')?.firstChild).toBe(em);
});

test('[P20] [T5] open code grows in its text node', () => {
  show('```ts\nconst a');
  const text = root.querySelector('code')?.firstChild;
  for (const more of [' = 1', ' = 1;\n', ' = 1;\n\n  if (a', ' = 1;\n\n  if (a) `x`;\n']) {
    show(`\`\`\`ts\nconst a${more}`);
    expect(root.querySelector('code')?.firstChild).toBe(text);
    expect(root.querySelector('code')?.textContent).toBe(
      `const a${more}${more.endsWith('\n') ? '' : '\n'}`,
    );
  }
});

test.each([
  ['list', 'li', (n: number) => `- item **${n}**`, ''],
  ['table', 'tbody tr', (n: number) => `| **${n}** | b |`, '| a | b |\n|---|---|\n'],
])(
  '[P20] [T5] a %s that grows leaves its items alone but the last ones',
  (_, selector, line, head) => {
    const text = head + Array.from({ length: 12 }, (_, n) => line(n)).join('\n');
    show(text);
    let grown = text;
    const before = [...root.querySelectorAll(selector)];
    const records: MutationRecord[] = [];
    const watcher = new MutationObserver((more) => records.push(...more));
    for (const element of before.slice(0, 10)) {
      watcher.observe(element, { subtree: true, childList: true, characterData: true });
    }
    for (const more of ['\n', line(12).slice(0, 4), line(12).slice(4), `\n${line(13)}`]) {
      show((grown += more));
    }
    records.push(...watcher.takeRecords());
    watcher.disconnect();
    const after = [...root.querySelectorAll(selector)];
    expect(after).toHaveLength(14);
    expect(after.slice(0, 10)).toEqual(before.slice(0, 10));
    expect(records).toEqual([]);
    const html = root.innerHTML;
    render(null, root);
    show(grown);
    expect(root.innerHTML).toBe(html);
  },
);

test('other text in the same place: nothing of the old stays', () => {
  show('one\n\ntwo\n\nthree\n\nfour');
  show('five\n\nsix\n\nseven\n\neight');
  expect(blocks().map(({ textContent }) => textContent)).toEqual(['five', 'six', 'seven', 'eight']);
});
