/** Text of others inside a Markdown document: whatever it holds, the document goes on after it. https://spec.commonmark.org/0.31.2/ */

/** As it is, between fences that are longer than any run of backticks in it. @param language a word, or nothing */
export function fenced(text: string, language = ''): string {
  const runs = text.match(/`{3,}/g) ?? [];
  const mark = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  const body = text.replace(/\n$/, '');
  return `${mark}${language}\n${body === '' ? '' : `${body}\n`}${mark}`;
}

/** On one line, its signs taken as they are. */
export function inline(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<>&~|$#]/g, '\\$&');
}

/** On one line, inside of HTML. */
export function html(text: string): string {
  return oneLine(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A code span on one line. */
export function codeSpan(text: string): string {
  const line = oneLine(text);
  const runs = line.match(/`+/g) ?? [];
  const mark = '`'.repeat(1 + Math.max(0, ...runs.map((run) => run.length)));
  const space = /^`|`$|^\s*$/.test(line) ? ' ' : '';
  return `${mark}${space}${line}${space}${mark}`;
}

/** What stands in a quotation ends with it, a fence that nobody closed too. */
export function quoted(text: string): string {
  return linesOf(text)
    .map((line) => (line === '' ? '>' : `> ${withoutBlocks(line)}`))
    .join('\n');
}

/** Folded away behind a line. */
export function folded(summary: string, body: string): string {
  return `<details>\n<summary>${html(summary)}</summary>\n\n${body}\n\n</details>`;
}

/**
 * Markdown that somebody else wrote, as Markdown: without its HTML, and as a quotation where it can't be told that
 * all its fences are closed.
 */
export function embedded(text: string): string {
  const lines = linesOf(text);
  const out: string[] = [];
  let open: Fence | null = null;
  for (const line of lines) {
    if (open !== null) {
      // A line further left may end what the fence stands in, and the fence with it.
      if (line.trim() !== '' && indentOf(line) < open.indent) return quoted(text);
      out.push(line);
      if (closes(open, line)) {
        if (!surely(open, line)) return quoted(text);
        open = null;
      }
      continue;
    }
    open = opening(line);
    // In a quotation or right behind a list's mark.
    if (open === null && CONTAINED.test(line)) return quoted(text);
    out.push(open === null ? withoutHtml(line) : line);
  }
  return open === null ? out.join('\n') : quoted(text);
}

interface Fence {
  indent: number;
  sign: string;
  length: number;
}

const OPENING = /^([ \t]*)(`{3,}(?=[^`]*$)|~{3,})/;
const CONTAINED = /^[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])(?:.*[ \t>])?(?:`{3}|~{3})/;

function opening(line: string): Fence | null {
  const [, space, mark] = OPENING.exec(line) ?? [];
  if (space === undefined || mark === undefined) return null;
  return { indent: indentOf(line), sign: mark.charAt(0), length: mark.length };
}

function closes({ indent, sign, length }: Fence, line: string): boolean {
  const rest = line.trim();
  const only = rest.length >= length && rest === sign.repeat(rest.length);
  return only && indentOf(line) <= indent + 3;
}

/** Readers differ on a tab behind the fence; and where it stands depends on the list that it may be in. */
function surely({ indent }: Fence, line: string): boolean {
  return /[`~] *$/.test(line) && indentOf(line) <= Math.max(3, indent);
}

/** In columns: a tab goes on to the next multiple of four. */
function indentOf(line: string): number {
  let column = 0;
  for (const sign of line) {
    if (sign === ' ') column += 1;
    else if (sign === '\t') column += 4 - (column % 4);
    else break;
  }
  return column;
}

/** A line that begins with a tag may begin a block that swallows what follows; so does a comment, wherever it stands. */
function withoutHtml(line: string): string {
  return withoutBlocks(
    line.replace(/^((?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t])*)<(?=[a-z/!?])/i, '$1\\<'),
  );
}

/** By an entity: a backslash means nothing inside of other HTML, and nothing behind another backslash. */
function withoutBlocks(line: string): string {
  return line.replace(
    /<(?=!|\?|\/?(?:details|summary|script|style|pre|textarea|title|iframe|xmp|plaintext|noscript|template|svg|math)\b)/gi,
    '&lt;',
  );
}

function linesOf(text: string): string[] {
  return text.replace(/\n+$/, '').split(/\r\n?|\n/);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
