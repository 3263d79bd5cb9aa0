/**
 * What makes the last block longer and nothing else, so that it needs no lexing and no new markup: words at the end of
 * a paragraph or of a list's last item, and lines of code that can't be the end of their fence. That is most of what an
 * agent says. Of a list or table that grows in another way, only the end is lexed.
 */
import type { Token, Tokens } from 'marked';

/** Characters that mean nothing to markdown where a line goes on. */
const WORDS = /^[\p{L}\p{N} ,;.:?'"-]+$/u;
const WORD = /^[\p{L}\p{N},;.:?'"-]*$/u;
/** A line that is a paragraph's, whatever follows: `1` may become `1.`, and `-` may become anything. */
const PARAGRAPH_LINE = /^ {0,3}(?:[*_]{0,3}\p{L}|\p{N}+[ ,])/u;
/** The line of an item, whatever follows. */
const ITEM_LINE = /^ *(?:[-*+]|\d{1,9}[.)]) +[*_]{0,3}\p{L}/u;
/** Becomes an address with what follows. */
const ADDRESS = /www\./i;
/** A fence that begins its line at the very left, with its whole first line. */
const FENCE = /^(?:`{3,}[^`\n]*|~{3,}[^\n]*)\n/;
/** A line that may end a fence. */
const FENCE_END = /(?:^|\n) {0,3}(?:[`~]|$)/;

export interface Growing {
  token: Token;
  /** As it was lexed. */
  raw: string;
  /** What came since. */
  added: string;
}

/** @param text everything up to what is added, ending in the block; @param more what comes now */
export function grows(last: Growing, text: string, more: string): boolean {
  return last.token.type === 'code' ? growsCode(last, text, more) : growsWords(last, text, more);
}

function growsWords({ token, raw, added }: Growing, text: string, more: string): boolean {
  if (!WORDS.test(more) || (added === '' && !endsInWords(token, raw))) return false;
  // An item's last spaces are not its own.
  if (token.type === 'list' && more.endsWith(' ')) return false;
  // What was begun in the last word may depend on what follows it: `_a_`, `a@b`.
  const wordAt = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\n')) + 1;
  const word = text.slice(wordAt);
  return WORD.test(word) && !ADDRESS.test(word + more);
}

/** A block whose last line and last inline token are plain text. */
function endsInWords(token: Token, raw: string): boolean {
  const line = raw.slice(raw.lastIndexOf('\n') + 1);
  if (token.type === 'paragraph') {
    return PARAGRAPH_LINE.test(raw) && PARAGRAPH_LINE.test(line) && isText(token);
  }
  return token.type === 'list' && ITEM_LINE.test(line) && isText(lastText(token));
}

/** The text of the last item of a list, however deep. */
function lastText(list: Token): Token | undefined {
  const items = 'items' in list ? (list.items as Token[]) : [];
  const last = (items.at(-1) as { tokens?: Token[] } | undefined)?.tokens?.at(-1);
  return last?.type === 'list' ? lastText(last) : last;
}

function isText(token: Token | undefined): boolean {
  const inline = token !== undefined && 'tokens' in token ? (token.tokens ?? []) : [];
  return inline.at(-1)?.type === 'text' && inline.every(({ type }) => type !== 'html');
}

function growsCode({ raw }: Growing, text: string, more: string): boolean {
  const first = FENCE.exec(raw)?.[0];
  if (first === undefined || isClosed(raw, first)) return false;
  const line = text.slice(text.lastIndexOf('\n') + 1);
  return !FENCE_END.test(line + more);
}

/** Its last line but the spaces is a fence: of code that has nothing in it, the first one. */
function isClosed(raw: string, first: string): boolean {
  return raw.length > first.length && FENCE_END.test(raw.slice(raw.trimEnd().lastIndexOf('\n')));
}

/** Code whose fence has not ended. */
export function isOpenCode({ token, raw, added }: Growing): boolean {
  const first = token.type === 'code' ? FENCE.exec(raw)?.[0] : undefined;
  return first !== undefined && !isClosed(raw + added, first);
}

/** What the page shows of open code: it ends with a line's end. */
export function shownCode(raw: string): string {
  const content = raw.slice(raw.indexOf('\n') + 1);
  return content.endsWith('\n') ? content : `${content}\n`;
}

/** From where a block is lexed again, and how its beginning and what was lexed make it whole. */
export interface Resume {
  /** Offset in the block. */
  at: number;
  /** Is put before the text from there. */
  head: string;
  /** @returns null when they don't fit */
  join(rest: Token): Token | null;
}

/** Null: it is lexed from its beginning. */
export function resumeOf(token: Token): Resume | null {
  if (token.type === 'list') return resumeList(token as Tokens.List);
  return token.type === 'table' ? resumeTable(token as Tokens.Table) : null;
}

/** At its last item but one: whether a blank line before the last one makes the list loose is seen from there. */
function resumeList(list: Tokens.List): Resume | null {
  const before = list.items.slice(0, -2);
  if (before.length === 0) return null;
  const again = list.items
    .slice(-2)
    .map(({ raw }) => raw)
    .join('');
  // The lexer trims what ends a list, and adds a single blank that follows to the list, not to its last item.
  const end = [list.raw, list.raw.slice(0, -1)].find((raw) => raw.endsWith(again));
  if (end === undefined) return null;
  const at = end.length - again.length;
  return {
    at,
    head: '',
    join(rest) {
      if (rest.type !== 'list') return null;
      const more = rest as Tokens.List;
      // A list that turns loose changes what is before, too.
      if (more.ordered !== list.ordered || (more.loose && !list.loose)) return null;
      if (list.loose && !more.loose) {
        // What made it loose may be gone; and a task's box stands elsewhere in a loose list.
        if (!before.some(loosens) || more.items.some(({ task }) => task)) return null;
        more.items.forEach(loosen);
      }
      const raw = list.raw.slice(0, at) + more.raw;
      return { ...list, raw, items: [...before, ...more.items] } satisfies Tokens.List;
    },
  };
}

/** An empty line after it, before the next item, or between its blocks makes all of its list loose. */
function loosens({ raw, tokens }: Tokens.ListItem): boolean {
  return (
    /\n[ \t]*\n[ \t]*$/.test(raw) ||
    tokens.some((token) => token.type === 'space' && /\n.*\n/.test(token.raw))
  );
}

/** As the lexer does it for all items of a list of which one is loose. */
function loosen(item: Tokens.ListItem): void {
  item.loose = true;
  for (const token of item.tokens) if (token.type === 'text') token.type = 'paragraph';
}

/** At its last row, below its head. */
function resumeTable(table: Tokens.Table): Resume | null {
  const [head] = /^[^\n]*\n[^\n]*\n/.exec(table.raw) ?? [];
  const at = table.raw.trimEnd().lastIndexOf('\n') + 1;
  if (head === undefined || at <= head.length) return null;
  return {
    at,
    head,
    join(rest) {
      if (rest.type !== 'table') return null;
      const more = rest as Tokens.Table;
      const raw = table.raw.slice(0, at) + more.raw.slice(head.length);
      return { ...table, raw, rows: [...table.rows.slice(0, -1), ...more.rows] };
    },
  };
}
