// @vitest-environment happy-dom
import { render } from 'preact';
import { beforeEach, expect, test } from 'vitest';
import { standardDom } from '../testing/standard-dom.ts';
import { Markdown } from './markdown.tsx';

standardDom();
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

test('other text in the same place: nothing of the old stays', () => {
  show('one\n\ntwo\n\nthree\n\nfour');
  show('five\n\nsix\n\nseven\n\neight');
  expect(root.textContent?.replace(/\s+/g, ' ').trim()).toBe('five six seven eight');
});
