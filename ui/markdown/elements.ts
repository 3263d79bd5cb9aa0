/**
 * A block's token as elements: text, structure, links and pictures. They are made one by one, of the tags and attributes
 * named here; what an agent writes is never read as markup, so there is nothing to take out of it.
 */
import type { Token, Tokens } from 'marked';
import { createElementWriter, type ElementWriter } from './element-writer.ts';
import type { MathToken } from './lexer.ts';
import { withReferences } from './references.ts';

const LINK = /^(?:https?:|mailto:)/i;
/** Pictures come with the text: one fetched from elsewhere could carry what the agent read in its address. */
const IMAGE = /^data:image\/(?:png|gif|jpeg|webp|avif);/i;

const FOREIGN_PICTURE =
  'picture of another site, not loaded: asking for it could tell what is said here';

/** Tags that an agent may write itself: those that markdown has no sign for or that it often uses in their place. */
const PLAIN_TAG =
  /<(\/?)(b|br|code|del|details|div|em|hr|i|ins|kbd|li|mark|ol|p|pre|s|small|strong|sub|summary|sup|u|ul)\s*\/?>/gi;

/** What no `id`, `class`, `name` or `style` is among: nothing that reaches beyond the element. */
export function elementsOf(document: Document, token: Token): DocumentFragment {
  const writer = createElementWriter(document);
  write(writer, token);
  return writer.root;
}

function writeAll(writer: ElementWriter, tokens: readonly Token[] = []): void {
  for (const token of tokens) write(writer, token);
}

/** The types of tokens: https://marked.js.org/using_pro#lexer and `lexer.ts`. */
function write(writer: ElementWriter, token: Token): void {
  const within = (tag: string, attributes?: Record<string, string>) =>
    writer.element(tag, attributes, () => writeAll(writer, 'tokens' in token ? token.tokens : []));
  switch (token.type) {
    case 'space':
    case 'def':
      return;
    case 'paragraph':
      return within('p');
    case 'heading':
      // They begin at level 3: the page's own are above them.
      return within(`h${Math.min(6, (token as Tokens.Heading).depth + 2)}`);
    case 'blockquote':
    case 'strong':
    case 'em':
    case 'del':
      return within(token.type);
    case 'br':
    case 'hr':
      return writer.element(token.type);
    case 'text':
    case 'escape':
      if ('tokens' in token && token.tokens !== undefined) return writeAll(writer, token.tokens);
      return writer.text(withReferences((token as Tokens.Text).text));
    case 'codespan':
      return writer.element('code', {}, () => writer.text((token as Tokens.Codespan).text));
    case 'code':
      return writeCode(writer, token as Tokens.Code);
    case 'list':
      return writeList(writer, token as Tokens.List);
    case 'checkbox':
      return writeTask(writer, token as Tokens.Checkbox);
    case 'table':
      return writeTable(writer, token as Tokens.Table);
    case 'link':
      return within('a', linkAttributes(token as Tokens.Link));
    case 'image':
      return writeImage(writer, token as Tokens.Image);
    case 'html':
      return writePlainTags(writer, (token as Tokens.HTML | Tokens.Tag).text);
    case 'math': {
      const { raw, display } = token as MathToken;
      return writer.element('span', { 'data-math': display }, () => writer.text(raw));
    }
    default:
      // Of a later version of the lexer.
      return writer.text(token.raw);
  }
}

function writeCode(writer: ElementWriter, { text, lang }: Tokens.Code): void {
  const language = /^[\w+#.-]{1,32}/.exec(lang ?? '')?.[0] ?? '';
  writer.element('div', { 'data-code': language }, () =>
    writer.element('pre', {}, () => writer.element('code', {}, () => writer.text(`${text}\n`))),
  );
}

function writeList(writer: ElementWriter, { ordered, start, items }: Tokens.List): void {
  const from = ordered && start !== 1 && start !== '' ? { start: String(start) } : {};
  writer.element(ordered ? 'ol' : 'ul', from, () => {
    for (const { task, tokens } of items) {
      writer.element('li', task ? { 'data-task-item': '' } : {}, () => writeAll(writer, tokens));
    }
  });
}

/** Not an `<input>`: forms are not for agents. The sign is drawn, the word is for who listens. */
function writeTask(writer: ElementWriter, { checked }: Tokens.Checkbox): void {
  const [state, word, sign] = checked ? ['done', 'Done:', '☑ '] : ['open', 'To do:', '☐ '];
  writer.element('span', { 'data-task': state, role: 'img', 'aria-label': word }, () =>
    writer.text(sign),
  );
}

function writeTable(writer: ElementWriter, { header, rows }: Tokens.Table): void {
  const row = (tag: 'th' | 'td', cells: readonly Tokens.TableCell[]) =>
    writer.element('tr', {}, () => {
      for (const { align, tokens } of cells) {
        writer.element(tag, align === null ? {} : { align }, () => writeAll(writer, tokens));
      }
    });
  writer.element('div', { 'data-table': '' }, () =>
    writer.element('table', {}, () => {
      writer.element('thead', {}, () => row('th', header));
      if (rows.length === 0) return;
      writer.element('tbody', {}, () => {
        for (const cells of rows) row('td', cells);
      });
    }),
  );
}

/** Links open elsewhere and tell nothing of this page; addresses that are none of http, https, mailto go. */
function linkAttributes({ href, title }: Pick<Tokens.Link, 'href' | 'title'>) {
  const address = withReferences(href).trim();
  return {
    ...(LINK.test(address)
      ? { href: address, target: '_blank', rel: 'noopener noreferrer' }
      : undefined),
    ...(title == null || title === '' ? undefined : { title: withReferences(title) }),
  };
}

function writeImage(writer: ElementWriter, { href, title, text }: Tokens.Image): void {
  const src = withReferences(href).trim();
  const alt = withReferences(text);
  const note = (words: string) => {
    writer.text(' ');
    writer.element('small', {}, () => writer.text(`(${words})`));
  };
  if (IMAGE.test(src)) return writer.element('img', { src, alt });
  const shown = () => writer.text(alt === '' ? src : alt);
  if (!LINK.test(src)) {
    shown();
    return note('picture, not shown');
  }
  writer.element('a', linkAttributes({ href, title }), shown);
  note(FOREIGN_PICTURE);
}

/**
 * HTML in markdown: plain tags without attributes are what they say, anything else shows as it was typed. `Vec<String>`
 * would lose a part otherwise.
 */
function writePlainTags(writer: ElementWriter, html: string): void {
  let at = 0;
  for (const match of html.matchAll(PLAIN_TAG)) {
    const [tag, slash, name = ''] = match;
    writer.text(withReferences(html.slice(at, match.index)));
    if (slash === '') writer.open(name.toLowerCase());
    else writer.close(name.toLowerCase());
    at = match.index + tag.length;
  }
  writer.text(withReferences(html.slice(at)));
}
