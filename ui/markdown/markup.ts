/** A block's element, as its token wants it. Of a list or table that grows, only the items that changed are made anew. */
import type { Token, Tokens } from 'marked';
import { elementsOf } from './elements.ts';
import { patchChildren, patchNodes } from './patch.ts';

export interface Markup {
  /** @param anew what is in the element is not of this */
  set(token: Token, anew: boolean): void;
}

export function createMarkup(box: HTMLElement): Markup {
  const document = box.ownerDocument;
  let shown: Token | null = null;
  return {
    set(token, anew) {
      const before = shown;
      shown = token;
      if (anew || box.firstChild === null) {
        box.replaceChildren(elementsOf(document, token));
        return;
      }
      const same = before === null ? 0 : sameParts(before, token);
      if (same > 0 && setParts(box, token, same)) return;
      patchChildren(box, elementsOf(document, token));
    },
  };
}

/** How many items or rows at the beginning are the same; 0 when there is more to it. */
function sameParts(before: Token, now: Token): number {
  if (before.type === 'list' && now.type === 'list') {
    const [old, list] = [before as Tokens.List, now as Tokens.List];
    if (old.ordered !== list.ordered || old.start !== list.start) return 0;
    return sameFront(
      old.items,
      list.items,
      (a, b) => a === b || (a.raw === b.raw && a.loose === b.loose),
    );
  }
  if (before.type === 'table' && now.type === 'table') {
    const [old, table] = [before as Tokens.Table, now as Tokens.Table];
    if (old.header !== table.header) return 0;
    return sameFront(old.rows, table.rows, (a, b) => a === b);
  }
  return 0;
}

function sameFront<T>(
  before: readonly T[],
  now: readonly T[],
  isSame: (a: T, b: T) => boolean,
): number {
  const at = now.findIndex((one, index) => {
    const old = before[index];
    return old === undefined || !isSame(old, one);
  });
  return at < 0 ? now.length : at;
}

/** The items or rows from `from` on. @returns false when the element is not what was expected: an item may hold HTML */
function setParts(box: HTMLElement, token: Token, from: number): boolean {
  const isList = token.type === 'list';
  const place = isList ? 'ol, ul' : '[data-table] > table > tbody';
  const rest = isList
    ? { ...token, items: (token as Tokens.List).items.slice(from) }
    : { ...token, rows: (token as Tokens.Table).rows.slice(from) };
  const count = (isList ? (rest as Tokens.List).items : (rest as Tokens.Table).rows).length;
  const now = only(box, place);
  if (count === 0 || now === null || now.childElementCount < from) return false;
  const wanted = only(elementsOf(box.ownerDocument, rest), place);
  if (wanted?.childElementCount !== count) return false;
  patchNodes(now, [...now.childNodes].slice(from), [...wanted.childNodes]);
  return true;
}

/** The element at `place`, if all that is in the box is in it. */
function only(box: ParentNode, place: string): Element | null {
  const found = box.querySelector(place);
  return box.childElementCount === 1 && box.firstElementChild?.contains(found) ? found : null;
}
