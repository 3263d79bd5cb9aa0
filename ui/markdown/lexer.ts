/** Markdown as it is read here: marked's own, and math between dollar signs or `\(…\)`, `\[…\]`. */
import {
  Lexer,
  Marked,
  type Links,
  type Token,
  type TokenizerExtension,
  type Tokens,
} from 'marked';

/** Math, as it was typed. `inline` or `block`: how it is set. */
export interface MathToken extends Tokens.Generic {
  type: 'math';
  tex: string;
  display: 'inline' | 'block';
}

/**
 * As in Pandoc: right of the first `$` and left of the last one stands no space, and no digit follows, so that
 * `$5 and $10` is money. Nothing of it goes over an empty line.
 */
const INLINE: readonly [RegExp, MathToken['display']][] = [
  [/^\$\$((?:(?!\n\s*\n|\$\$)[\s\S])+?)\$\$/, 'block'],
  [/^\$(?![\s$])((?:\\.|(?!\n\s*\n)[^$\\])+?)(?<!\s)\$(?!\d)/, 'inline'],
  // Not over another beginning: text that only ever begins would be read to its end from each of them. `\\[2pt]` is a
  // line's end.
  [/^\\\[((?:\\\\|(?!\n\s*\n|\\[\\[])[\s\S])+?)\\\]/, 'block'],
  [/^\\\(((?:\\\\|(?!\n\s*\n|\\[\\(])[\s\S])+?)\\\)/, 'inline'],
];

/** `$10, or 5$` */
const MONEY = /^\d[\d.,]*\s[^\\^_={}+]*$/;

const math: TokenizerExtension = {
  name: 'math',
  level: 'inline',
  start: (source) => {
    const at = source.search(/\$|\\[[(]/);
    return at < 0 ? undefined : at;
  },
  tokenizer(source): MathToken | undefined {
    for (const [pattern, display] of INLINE) {
      const [raw, tex] = pattern.exec(source) ?? [];
      if (raw === undefined || tex === undefined) continue;
      return MONEY.test(tex) ? undefined : { type: 'math', raw, tex, display };
    }
    return undefined;
  },
};

const BLOCK = /^ {0,3}(?:\$\$([^$]+)\$\$|\\\[((?:\\\\|(?!\\[\\[])[\s\S])+?)\\\])[ \t]*(?=\n|$)/;
const BEGINS = /^ {0,3}(?:\$\$(?!\$)|\\\[)/;

/**
 * A block that begins as math goes to its end or to an empty line: a line of it that begins with `+`, `-` or `=` is no
 * list and no heading, also while the end has not come yet.
 */
const mathBlock: TokenizerExtension = {
  name: 'mathBlock',
  level: 'block',
  tokenizer(source): MathToken | Tokens.Paragraph | undefined {
    if (!BEGINS.test(source)) return undefined;
    const end = source.search(/\n[ \t]*(?:\n|$)/);
    const raw = end < 0 ? source : source.slice(0, end);
    const [closed, dollars, square] = BLOCK.exec(raw) ?? [];
    if (closed !== undefined) {
      return { type: 'math', raw: closed, tex: dollars ?? square ?? '', display: 'block' };
    }
    const begin = raw.trimStart();
    const isEnded = begin.includes(begin.startsWith('$') ? '$$' : '\\]', 2);
    if (!this.lexer.state.top || isEnded) return undefined;
    return { type: 'paragraph', raw, text: raw, tokens: this.lexer.inline(raw) };
  },
};

const { defaults } = new Marked({ extensions: [math, mathBlock] });

/** @param links definitions that came before the text */
export function lexMarkdown(text: string, links: Links = {}): Token[] {
  const lexer = new Lexer(defaults);
  lexer.tokens.links = { ...links };
  return lexer.lex(text);
}
