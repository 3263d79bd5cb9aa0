/**
 * Incremental markdown: text that only grows is cut into blocks, and blocks that can't change any more are
 * lexed no more. Lexing all of 40 kB costs 17 ms; a settled front and a tail of two blocks 0.5 ms.
 *
 * One thing differs from lexing the whole text: a link reference that stands before its definition
 * (`[text][label]` … `[label]: address`) shows as it was typed once its block is settled.
 * A definition that comes first works, as in the whole.
 */
import { Lexer, type Links, type Token } from 'marked';

export interface Block {
  /** Where it starts in the text: a stable key. */
  start: number;
  /** As it was lexed. */
  raw: string;
  token: Token;
  /** What came since then at its end: words only, which go into the page as they are. */
  added: string;
}

export interface Blocks {
  /** The text that was lexed, line ends normalised. */
  text: string;
  /** Never change again, in order. The array only grows, and is the same one while nothing settles. */
  settled: readonly Block[];
  /** What follows them, lexed anew with every change. */
  tail: readonly Block[];
  /** Of settled definitions. */
  links: Links;
}

export const NO_BLOCKS: Blocks = { text: '', settled: [], tail: [], links: {} };

/** The blocks of `source`; cheap when it begins with the text of `before`. */
export function advanceBlocks(before: Blocks, source: string): Blocks {
  // As the lexer does it, so that the lengths of its tokens are offsets in this text.
  const text = source.includes('\r') ? source.replace(/\r\n|\r/g, '\n') : source;
  if (text === before.text) return before;
  const from = text.startsWith(before.text) ? before : NO_BLOCKS;
  const grown = growTail(from, text);
  if (grown !== null) return grown;
  const start = tailStart(from);
  const lexed = lex(text, start, from.links);
  if (lexed === null) return { text, settled: [], tail: whole(text), links: {} };
  const settles = settledCount(lexed);
  if (settles === 0) return { text, settled: from.settled, tail: lexed, links: from.links };
  const fresh = lexed.slice(0, settles);
  return {
    text,
    settled: [...from.settled, ...fresh],
    tail: lexed.slice(settles),
    links: withDefinitions(from.links, fresh),
  };
}

/** Characters that mean nothing to markdown where a line goes on. */
const WORDS = /^[\p{L}\p{N} ,;.:?'"-]+$/u;
const WORD = /^[\p{L}\p{N},;.:?'"-]*$/u;
/** A line that is a paragraph's, whatever follows: `1` may become `1.`, and `-` may become anything. */
const PARAGRAPH_LINE = /^ {0,3}(?:[*_]{0,3}\p{L}|\p{N}+[ ,])/u;
/** Becomes an address with what follows. */
const ADDRESS = /www\./i;

/**
 * Words at the end of a paragraph make it longer and nothing else, so they need no lexing and no new markup. That is
 * most of what an agent says. @returns null when it is not sure
 */
function growTail({ text: before, settled, tail, links }: Blocks, text: string): Blocks | null {
  const last = tail.at(-1);
  if (last === undefined || (last.added === '' && !endsInWords(last))) return null;
  const words = text.slice(before.length);
  // What was begun in the last word may depend on what follows it: `_a_`, `a@b`.
  const wordAt = Math.max(before.lastIndexOf(' '), before.lastIndexOf('\n')) + 1;
  if (!WORDS.test(words) || !WORD.test(before.slice(wordAt)) || ADDRESS.test(text.slice(wordAt))) {
    return null;
  }
  const grown = { ...last, added: last.added + words };
  return { text, settled, tail: tail.with(-1, grown), links };
}

/** A paragraph whose last line and last inline token are plain text. */
function endsInWords({ token, raw }: Block): boolean {
  if (token.type !== 'paragraph') return false;
  const inline = token.tokens ?? [];
  return (
    inline.at(-1)?.type === 'text' &&
    inline.every(({ type }) => type !== 'html') &&
    PARAGRAPH_LINE.test(raw) &&
    PARAGRAPH_LINE.test(raw.slice(raw.lastIndexOf('\n') + 1))
  );
}

function tailStart({ settled, tail, text }: Blocks): number {
  const last = settled.at(-1);
  return tail[0]?.start ?? (last === undefined ? 0 : text.length);
}

/** Null when the tokens don't add up to the text: then offsets mean nothing. */
function lex(text: string, start: number, links: Links): Block[] | null {
  const lexer = new Lexer();
  lexer.tokens.links = { ...links };
  const tokens = lexer.lex(text.slice(start));
  const blocks: Block[] = [];
  let at = start;
  for (const token of tokens) {
    blocks.push({ start: at, raw: token.raw, token, added: '' });
    at += token.raw.length;
  }
  return at === text.length ? blocks : null;
}

function whole(text: string): Block[] {
  return new Lexer().lex(text).map((token, start) => ({ start, raw: token.raw, token, added: '' }));
}

/**
 * How many of the blocks can't change when text is added. The last two may: `2` after a list is a paragraph
 * until `2. ` makes it an item of that list. And a block right after a paragraph, with no blank line
 * between, is lexed with regard to it, so the two are not parted.
 */
function settledCount(blocks: readonly Block[]): number {
  let solid = 0;
  for (let at = blocks.length - 1; at > 0; at -= 1) {
    if (blocks[at]?.token.type === 'space') continue;
    solid += 1;
    if (solid >= 2 && blocks[at - 1]?.token.type !== 'paragraph') return at;
  }
  return 0;
}

function withDefinitions(links: Links, blocks: readonly Block[]): Links {
  const found: Links = {};
  for (const { token } of blocks) {
    if (token.type === 'def') found[token['tag']] = { href: token['href'], title: token['title'] };
  }
  return Object.keys(found).length === 0 ? links : { ...found, ...links };
}
