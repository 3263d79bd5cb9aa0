// @vitest-environment happy-dom
import { Lexer } from 'marked';
import { describe, expect, test } from 'vitest';
import { elementsOf } from './elements.ts';

const render = (text: string): Element => {
  const root = document.createElement('div');
  root.append(...new Lexer().lex(text).map((token) => elementsOf(document, token)));
  return root;
};

describe('[A3] agent output is not trusted as HTML', () => {
  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '[x](javascript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '<svg onload="alert(1)"><a href="javascript:alert(1)">x</a></svg>',
    '<iframe src="https://evil.example"></iframe>',
    '<form action="https://evil.example"><input name=q><button>go</button></form>',
    '<style>body{display:none}</style>',
    '<p style="position:fixed" class="banner" id="app" name="app">x</p>',
    '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    '<object data="x"></object><embed src="x">',
    '<template><img src=x onerror=alert(1)></template>',
    '![x](data:image/svg+xml;base64,AAAA)',
  ])('%s', (text) => {
    for (const element of render(text).querySelectorAll('*')) {
      expect(['A', 'P', 'IMG', 'SMALL']).toContain(element.tagName);
      for (const { name, value } of element.attributes) {
        expect(['href', 'alt', 'title']).toContain(name);
        expect(value).not.toMatch(/^(?:javascript|data):/i);
      }
    }
  });

  test('tags in prose are read, not lost; plain ones work, without attributes', () => {
    expect(render('A `x` Vec<String> of <T extends U> &amp; more').textContent?.trim()).toBe(
      'A x Vec<String> of <T extends U> & more',
    );
    expect(render('H<sub>2</sub>O<br>next <b onclick="x">b</b>').innerHTML.trim()).toBe(
      '<p>H<sub>2</sub>O<br>next &lt;b onclick="x"&gt;b</p>',
    );
    expect(render('<details>\n<summary>More</summary>\n\n*text*\n').innerHTML).toContain(
      '<summary>More</summary>',
    );
  });

  test('code is text', () => {
    const code = render('```html x="y"\n<script>alert("1")</script> &amp;\n```').querySelector(
      'code',
    );
    expect(code?.textContent).toBe('<script>alert("1")</script> &amp;\n');
    expect(code?.closest('[data-code]')?.getAttribute('data-code')).toBe('html');
    expect(render('    <b>indented</b>').querySelector('code')?.textContent).toBe(
      '<b>indented</b>\n',
    );
  });

  test('an unclosed tag ends with its block, an end tag without a beginning is nothing', () => {
    const [first, , next] = new Lexer()
      .lex('<div><b>open\n\nnext</div></b>')
      .map((token) => elementsOf(document, token));
    expect(first?.querySelector('div > b')?.textContent).toBe('open');
    expect(next?.firstElementChild?.outerHTML).toBe('<p>next</p>');
  });

  test('tags that an agent crosses or nests without an end stay within their element', () => {
    expect(render('<b>a <i>b</b> c</i> d').innerHTML).toBe('<p><b>a <i>b</i></b> c d</p>');
    const deep = render(`${'<b>'.repeat(20_000)}end`);
    let depth = 0;
    for (let at = deep.firstElementChild; at !== null; at = at.firstElementChild) depth += 1;
    expect(depth).toBeLessThanOrEqual(100);
    expect(deep.textContent).toBe('end');
  });

  test('character references are characters, also in addresses; no name of one is a tag', () => {
    const text = 'a &copy; &#8594; &#x41; &lt;script&gt; &nonsense; `&lt;` &';
    expect(render(text).textContent).toBe('a © → A <script> &nonsense; &lt; &');
    expect(render('[x](https://a.b?c&amp;d)').querySelector('a')?.getAttribute('href')).toBe(
      'https://a.b?c&d',
    );
    expect(render('[x](&#106;avascript:alert(1))').querySelector('[href]')).toBeNull();
    expect(render('&lt;img src=x onerror=alert(1)&gt;').childElementCount).toBe(1);
  });
});

test('[P23] links open elsewhere and tell nothing of this page', () => {
  const link = render('[x](https://a.b "t")').querySelector('a');
  expect(link?.getAttribute('href')).toBe('https://a.b');
  expect(link?.getAttribute('rel')).toBe('noopener noreferrer');
  expect(link?.getAttribute('target')).toBe('_blank');
});

test('[P23] [A3] pictures come with the text; one from elsewhere is a link, and nothing is fetched for it', () => {
  const remote = render('![a plot](https://a.b/c.png?secret)');
  expect(remote.querySelector('img')).toBeNull();
  expect(remote.querySelector('a')?.textContent).toBe('a plot');
  expect(remote.querySelector('a')?.getAttribute('href')).toBe('https://a.b/c.png?secret');
  const own = render('![alt](data:image/png;base64,AAAA)').querySelector('img');
  expect(own?.getAttribute('src')).toBe('data:image/png;base64,AAAA');
  expect(own?.getAttribute('alt')).toBe('alt');
  expect(remote.textContent).toContain('not loaded');
  expect(render('![x](./local.png)').textContent?.trim()).toBe('x (picture, not shown)');
});

test('[P23] headings are below the page’s own; tasks are words, not inputs; tables keep their sides', () => {
  expect(render('# One').innerHTML).toContain('<h3>One</h3>');
  expect(render('###### Six').innerHTML).toContain('<h6>');
  const tasks = render('- [x] done\n- [ ] open').textContent ?? '';
  expect(tasks).toContain('☑ done');
  expect(tasks).toContain('☐ open');
  const words = [...render('- [x] done\n- [ ] open').querySelectorAll('[role=img]')];
  expect(words.map((word) => word.getAttribute('aria-label'))).toEqual(['Done:', 'To do:']);
  expect(render('| a |\n|--:|\n| 1 |').querySelector('td')?.getAttribute('align')).toBe('right');
});
