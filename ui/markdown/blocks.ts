/**
 * Incremental markdown: text that only grows is cut into blocks, and blocks that can't change any more are
 * lexed no more. Lexing all of 40 kB costs 17 ms; a settled front and a tail of two blocks 0.5 ms. Of a list or table
 * that grows, however long, only the last items are.
 *
 * One thing differs from lexing the whole text: a link reference that stands before its definition
 * (`[text][label]` … `[label]: address`) shows as it was typed once its block is settled.
 * A definition that comes first works, as in the whole.
 */
import type { Links, Token } from 'marked';
import type { grows, resumeOf } from './grow.ts';
import { lexMarkdown } from './lexer.ts';

export interface Block {
  /** Where it starts in the text: a stable key. */
  start: number;
  /** As it was lexed. */
  raw: string;
  token: Token;
  /** What came since then at its end and only makes it longer: it goes into the page as it is. */
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

/** What tells growth from change; without it the tail is lexed anew with every change, and the blocks are the same. */
export interface Growth {
  grows: typeof grows;
  resumeOf: typeof resumeOf;
}

/** The blocks of `source`; cheap when it begins with the text of `before`. */
export function advanceBlocks(before: Blocks, source: string, growth: Growth | null): Blocks {
  // As the lexer does it, so that the lengths of its tokens are offsets in this text.
  const text = source.includes('\r') ? source.replace(/\r\n|\r/g, '\n') : source;
  if (text === before.text) return before;
  // Not `startsWith`: V8 walks there by character, 40 times as long, and this is done for every chunk.
  const from = text.slice(0, before.text.length) === before.text ? before : NO_BLOCKS;
  const grown = growth === null ? null : growTail(from, text, growth);
  if (grown !== null) return grown;
  const start = tailStart(from);
  const tokens = () => lexMarkdown(text.slice(start), from.links);
  const resumed = growth === null ? null : lexEnd(from, text, growth);
  const lexed = resumed ?? blocksOf(tokens(), start, text);
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

/** The last block only grows: it is not lexed. @returns null when that is not sure */
function growTail(
  { text: before, settled, tail, links }: Blocks,
  text: string,
  growth: Growth,
): Blocks | null {
  const last = tail.at(-1);
  const more = text.slice(before.length);
  if (last === undefined || !growth.grows(last, before, more)) return null;
  const grown = { ...last, added: last.added + more };
  return { text, settled, tail: tail.with(-1, grown), links };
}

function tailStart({ settled, tail, text }: Blocks): number {
  const last = settled.at(-1);
  return tail[0]?.start ?? (last === undefined ? 0 : text.length);
}

/** The tail with only the end of its last list or table lexed, and what follows that; null when it has none. */
function lexEnd({ tail, links }: Blocks, text: string, growth: Growth): Block[] | null {
  for (let at = tail.length - 1; at >= 0; at -= 1) {
    const block = tail[at];
    // What grew in place is the end of a list's last item, which is lexed again anyway.
    const resume = block === undefined ? null : growth.resumeOf(block.token);
    if (block === undefined || resume === null) continue;
    const from = text.slice(block.start + resume.at);
    const [first, ...rest] = lexMarkdown(resume.head + from, links);
    const joined = first === undefined ? null : resume.join(first);
    if (joined === null) return null;
    const end = blocksOf([joined, ...rest], block.start, text);
    return end === null ? null : [...tail.slice(0, at), ...end];
  }
  return null;
}

/** Null when the tokens don't add up to the text: then offsets mean nothing. */
function blocksOf(tokens: readonly Token[], start: number, text: string): Block[] | null {
  const blocks: Block[] = [];
  let at = start;
  for (const token of tokens) {
    blocks.push({ start: at, raw: token.raw, token, added: '' });
    at += token.raw.length;
  }
  return at === text.length ? blocks : null;
}

function whole(text: string): Block[] {
  return lexMarkdown(text).map((token, start) => ({ start, raw: token.raw, token, added: '' }));
}

/**
 * How many of the blocks can't change when text is added. The last two may: `2` after a list is a paragraph
 * until `2. ` makes it an item of that list. And a block right after a paragraph, with no blank line
 * between, is lexed with regard to it, so the two are not parted. A fence with something after it has ended for good.
 */
function settledCount(blocks: readonly Block[]): number {
  let solid = 0;
  for (let at = blocks.length - 1; at > 0; at -= 1) {
    if (blocks[at]?.token.type === 'space') continue;
    const before = blocks[at - 1]?.token;
    if (isFence(before?.type === 'space' ? blocks[at - 2]?.token : before)) return at;
    solid += 1;
    if (solid >= 2 && before?.type !== 'paragraph') return at;
  }
  return 0;
}

const isFence = (token: Token | undefined): boolean =>
  token?.type === 'code' && token['codeBlockStyle'] !== 'indented';

function withDefinitions(links: Links, blocks: readonly Block[]): Links {
  const found: Links = {};
  for (const { token } of blocks) {
    if (token.type === 'def') found[token['tag']] = { href: token['href'], title: token['title'] };
  }
  return Object.keys(found).length === 0 ? links : { ...found, ...links };
}
