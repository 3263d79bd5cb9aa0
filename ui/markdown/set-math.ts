/** Math, set by KaTeX as MathML: browsers draw it themselves, and screen readers can read it. */
import type { KatexOptions } from 'katex';

/** What is longer stays as it was typed, in UTF-16 units. */
const MOST = 4000;
const SIGNS = /^(?:\$\$?|\\[[(])|(?:\$\$?|\\[\])])$/g;

/** KaTeX writes these as `style` attributes, which the page's policy refuses: the same without shadow and border. */
const WITHOUT_STYLE: Readonly<Record<string, string>> = {
  '\\pmb': '\\boldsymbol{#1}',
  '\\fcolorbox': '\\@firstoftwo{\\colorbox{#2}{#3}}{#1}',
};

/** Bounded, and nothing that leads out of the formula (`\href`, `\includegraphics`). https://katex.org/docs/options */
const katexOptions = (displayMode: boolean): KatexOptions => ({
  displayMode,
  output: 'mathml',
  throwOnError: true,
  strict: 'ignore',
  trust: false,
  maxSize: 20,
  maxExpand: 200,
  macros: { ...WITHOUT_STYLE },
});

/** What KaTeX does not understand stays as it was typed. */
export async function setMath(place: Element): Promise<void> {
  const source = place.textContent;
  if (source.length > MOST || place.firstElementChild !== null) return;
  const { default: katex } = await import('katex');
  const set = place.ownerDocument.createElement('span');
  const block = place.getAttribute('data-math') === 'block';
  try {
    // Makes elements, never markup.
    katex.render(source.replaceAll(SIGNS, ''), set, katexOptions(block));
  } catch {
    return;
  }
  place.replaceChildren(...set.childNodes);
  place.setAttribute('data-set', '');
}
