// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import { addCodeBar } from './code-bar.ts';
import { lexMarkdown } from './lexer.ts';
import { paintCode } from './paint-code.ts';
import { setMath } from './set-math.ts';

beforeEach(() => document.body.replaceChildren());
// KaTeX wants a document in standards mode, and happy-dom does not say that its own is.
Object.defineProperty(document, 'compatMode', { value: 'CSS1Compat' });

function codeBox(language: string, text: string): HTMLElement {
  const box = document.createElement('div');
  box.setAttribute('data-code', language);
  box.append(document.createElement('pre'));
  box.firstElementChild?.append(document.createElement('code'));
  const code = box.querySelector('code');
  if (code !== null) code.textContent = text;
  document.body.append(box);
  return box;
}

test('[P21] code gets its colours as elements, and its text stays what it was', async () => {
  const text = 'const a: string = `<b>${1}</b>`; // done\n';
  const box = codeBox('ts', text);
  await paintCode(box);
  expect(box.querySelector('code')?.textContent).toBe(text);
  expect(box.querySelector('.hljs-keyword')?.textContent).toBe('const');
  expect(box.querySelector('b')).toBeNull();
});

test.each([
  ['an unknown language', 'klingon', 'Qapla'],
  ['a name of every object', 'constructor', 'x'],
  ['no language', '', 'x'],
  ['what is very long', 'ts', 'let x;\n'.repeat(5_000)],
])('[P21] %s stays plain', async (_, language, text) => {
  const box = codeBox(language, text);
  await paintCode(box);
  expect(box.querySelector('code')?.childElementCount).toBe(0);
  expect(box.querySelector('code')?.textContent).toBe(text);
});

test('[P21] the button copies the code and says so, and is there once', async () => {
  const copied: string[] = [];
  vi.stubGlobal('navigator', {
    clipboard: { writeText: (text: string) => Promise.resolve(void copied.push(text)) },
  });
  Object.defineProperty(window, 'navigator', { value: navigator, configurable: true });
  const box = codeBox('ts', 'let x;\n');
  addCodeBar(box);
  addCodeBar(box);
  const buttons = box.querySelectorAll('button');
  expect(buttons).toHaveLength(1);
  expect(buttons[0]?.ariaLabel).toBe('Copy code');
  expect(box.textContent).toBe('let x;\n');
  buttons[0]?.click();
  await vi.waitFor(() => expect(buttons[0]?.ariaLabel).toBe('Copied'));
  expect(copied).toEqual(['let x;']);
});

/** What is math in a text. */
function mathIn(text: string): string[] {
  const found: string[] = [];
  const walk = (tokens: readonly unknown[]): void => {
    for (const token of tokens as { type: string; tex?: string; tokens?: unknown[] }[]) {
      if (token.type === 'math') found.push(token.tex ?? '');
      walk(token.tokens ?? []);
    }
  };
  walk(lexMarkdown(text));
  return found;
}

test.each([
  ['so $x_1 * y_2$ and \\(a\\) and $$b$$ and \\[c\\]', ['x_1 * y_2', 'a', 'b', 'c']],
  ['it costs $5 and $10, or $5-$10, or 5$ and 6$', []],
  ['`$x$` is code', []],
  ['$$\n\\frac{a}{b}\n$$', ['\n\\frac{a}{b}\n']],
  ['$open\n\nand closed$', []],
  ['$$\na\n+ b\n- c\n= d\n$$\n\n- item', ['\na\n+ b\n- c\n= d\n']],
  ['\\[a \\\\[2pt] b\\] and \\[x \\[y\\]', ['a \\\\[2pt] b', 'y']],
  ['\\[\na \\\\[2pt] b\n\\]', ['\na \\\\[2pt] b\n']],
])('[P22] math is told from money: %s', (text, math) => {
  expect(mathIn(text)).toEqual(math);
});

async function set(source: string, display = 'inline'): Promise<HTMLElement> {
  const place = document.createElement('span');
  place.setAttribute('data-math', display);
  place.textContent = source;
  await setMath(place);
  return place;
}

test('[P22] math becomes MathML; what KaTeX does not understand stays as it was typed', async () => {
  const place = await set('$\\frac{a}{b}$');
  expect(place.querySelector('math')).not.toBeNull();
  expect(place.querySelector('[style]')).toBeNull();
  expect((await set('$\\nonsense{$')).innerHTML).toBe('$\\nonsense{$');
  const long = `$${'x+'.repeat(4_000)}x$`;
  expect((await set(long)).textContent).toBe(long);
});

test('[P22] what KaTeX would style, the policy would refuse: it comes without', async () => {
  for (const source of ['$\\pmb{x}$', '$\\fcolorbox{red}{white}{x}$', '$\\fbox{x} \\boxed{y}$']) {
    const place = await set(source);
    expect(place.querySelector('math')?.textContent).toContain('x');
    expect(place.querySelector('[style]')).toBeNull();
  }
});

test('[P22] text that begins math again and again is read in a moment', () => {
  for (const begin of ['\\(', '\\[', '$', '$$', '\\[a\n', '$$a\n']) {
    const started = performance.now();
    lexMarkdown(`x ${begin.repeat(5_000)}`);
    expect(performance.now() - started).toBeLessThan(2_000);
  }
});

test('[P22] [A3] a formula leads nowhere and loads nothing', async () => {
  for (const source of [
    '$\\href{javascript:alert(1)}{x}$',
    '$\\includegraphics{https://a.b/c.png}$',
    '$\\htmlData{x=y}{z}$',
  ]) {
    const place = await set(source);
    expect(place.querySelector('a, img, [href], [data-x]')).toBeNull();
  }
});
