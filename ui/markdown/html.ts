/** A block's token to HTML, and what of HTML an agent may put on the page: text, structure, links and pictures. */
import createDOMPurify, { type DOMPurify, type WindowLike } from 'dompurify';
import { Marked, Renderer, type Token } from 'marked';
import type { MathToken } from './lexer.ts';

/**
 * HTML that went through the sanitiser: only this may become `innerHTML`. Where the browser has Trusted Types it is
 * a `TrustedHTML`, and a string in its place throws; Preact's types know strings only.
 */
export type SafeHtml = string & { readonly safe: unique symbol };

export interface BlockRenderer {
  render(token: Token): SafeHtml;
}

/** `body` is what the sanitiser's walk begins at; the parser lets no other one in. */
const TAGS = (
  'a abbr b blockquote body br caption code dd del details div dl dt em h3 h4 h5 h6 hr i img ins kbd li mark ol p ' +
  'pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var'
).split(' ');
/** No `id`, `name`, `class` or `style`: nothing that reaches beyond the element. */
const ATTRIBUTES =
  'href src alt title align start dir data-code data-math data-table data-task aria-hidden'.split(
    ' ',
  );

const LINK = /^(?:https?:|mailto:)/i;
/** Pictures come with the text: one fetched from elsewhere could carry what the agent read in its address. */
const IMAGE = /^data:image\/(?:png|gif|jpeg|webp|avif);/i;

const FOREIGN_PICTURE =
  'picture of another site, not loaded: asking for it could tell what is said here';

/** One renderer for all blocks of a page. Headings begin at level 3: the page's own are above them. */
export function createBlockRenderer(window: WindowLike): BlockRenderer {
  const purify = createDOMPurify(window);
  guardAddresses(purify);
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const level = Math.min(6, depth + 2);
        return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
      },
      code({ text, lang }) {
        const language = /^[\w+#.-]{1,32}/.exec(lang ?? '')?.[0];
        return `<div data-code="${escape(language ?? '')}"><pre><code>${escape(text)}\n</code></pre></div>\n`;
      },
      html: ({ text }) => onlyPlainTags(text),
      image({ href, text }) {
        if (IMAGE.test(href)) return `<img src="${escape(href)}" alt="${escape(text)}">`;
        const shown = escape(text === '' ? href : text);
        if (!LINK.test(href)) return `${shown} <small>(picture, not shown)</small>`;
        return `<a href="${escape(href)}">${shown}</a> <small>(${FOREIGN_PICTURE})</small>`;
      },
      // Not an <input>: forms are not for agents. The sign is drawn, the word is for who listens.
      checkbox: ({ checked }) =>
        `<span data-task="${checked ? 'done' : 'open'}">${checked ? '☑ ' : '☐ '}</span>`,
      table(token) {
        return `<div data-table>${Renderer.prototype.table.call(this, token)}</div>\n`;
      },
    },
    extensions: [
      {
        name: 'math',
        renderer: (token) => {
          const { raw, display } = token as MathToken;
          return `<span data-math="${display}">${escape(raw)}</span>`;
        },
      },
    ],
  });
  return {
    render: (token) =>
      purify.sanitize(marked.parser([token]), {
        ALLOWED_TAGS: TAGS,
        ALLOWED_ATTR: ATTRIBUTES,
        ALLOW_DATA_ATTR: false,
        ALLOW_ARIA_ATTR: false,
        RETURN_TRUSTED_TYPE: true,
      }) as unknown as SafeHtml,
  };
}

/**
 * Links open elsewhere and tell nothing of this page; addresses that are none of http, https, mailto go. The sign of a
 * task gets its word.
 */
function guardAddresses(purify: DOMPurify): void {
  purify.addHook('afterSanitizeAttributes', (element) => {
    if (element.tagName === 'A') {
      const href = element.getAttribute('href');
      if (href === null || !LINK.test(href.trim())) {
        element.removeAttribute('href');
        return;
      }
      element.setAttribute('target', '_blank');
      element.setAttribute('rel', 'noopener noreferrer');
    } else if (element.hasAttribute('data-task')) {
      element.setAttribute('role', 'img');
      element.setAttribute(
        'aria-label',
        element.getAttribute('data-task') === 'done' ? 'Done:' : 'To do:',
      );
    } else if (element.tagName === 'IMG') {
      const src = element.getAttribute('src');
      if (src === null || !IMAGE.test(src.trim())) element.removeAttribute('src');
    }
  });
}

/** Tags that an agent may write itself: those that markdown has no sign for or that it often uses in their place. */
const PLAIN_TAG =
  /<\/?(?:b|br|code|del|details|div|em|hr|i|ins|kbd|li|mark|ol|p|pre|s|small|strong|sub|summary|sup|u|ul)\s*\/?>/gi;

/**
 * HTML in markdown: plain tags without attributes stay, anything else shows as it was typed. `Vec<String>` would
 * lose a part otherwise, and hostile markup does not even reach the sanitiser's parser.
 */
function onlyPlainTags(html: string): string {
  let out = '';
  let at = 0;
  for (const match of html.matchAll(PLAIN_TAG)) {
    out += asText(html.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  return out + asText(html.slice(at));
}

/** Character references stay what they are. */
function asText(html: string): string {
  return html.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
