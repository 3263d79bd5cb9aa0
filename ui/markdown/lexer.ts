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
  [/^\\\[((?:(?!\n\s*\n)[\s\S])+?)\\\]/, 'block'],
  [/^\\\(((?:(?!\n\s*\n)[\s\S])+?)\\\)/, 'inline'],
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

const { defaults } = new Marked({ extensions: [math] });

/** @param links definitions that came before the text */
export function lexMarkdown(text: string, links: Links = {}): Token[] {
  const lexer = new Lexer(defaults);
  lexer.tokens.links = { ...links };
  return lexer.lex(text);
}
