/** What the reader of a transcript sees, as its elements: which message is where, and which cards are open. */
import type { Place } from '../store/places.ts';
import { stir } from '../still.ts';

/** Space above a message that was gone to, in pixels. */
const ABOVE = 16;

const articles = (box: HTMLElement) => [...box.querySelectorAll<HTMLElement>('article')];
const turnOf = (article: HTMLElement) => article.dataset['turnId'] ?? '';
const labelOf = (article: HTMLElement) => article.getAttribute('aria-label') ?? '';

/** How far its top is below the top of the box, in pixels. */
export function topIn(box: HTMLElement, element: Element): number {
  return element.getBoundingClientRect().top - box.getBoundingClientRect().top;
}

/** The first message that is at least in part in view. */
function firstInView(box: HTMLElement): HTMLElement | undefined {
  const top = box.getBoundingClientRect().top;
  return articles(box).find((article) => article.getBoundingClientRect().bottom > top);
}

/** Where the reader is; null when there is nothing to read. */
export function placeIn(box: HTMLElement): Place | null {
  const article = firstInView(box);
  return article === undefined
    ? null
    : { turnId: turnOf(article), label: labelOf(article), offset: topIn(box, article) };
}

/** The turns that must not go away under the reader's eyes: those in view, and those with something selected in them. */
export function heldTurns(box: HTMLElement): Set<string> {
  const { top, bottom } = box.getBoundingClientRect();
  const selection = getSelection();
  const selected = (article: HTMLElement) =>
    selection !== null && !selection.isCollapsed && selection.containsNode(article, true);
  const held = articles(box).filter((article) => {
    const at = article.getBoundingClientRect();
    return (at.bottom > top && at.top < bottom) || selected(article);
  });
  return new Set(held.map(turnOf));
}

/** Scrolls so that the message of a place is where it was. */
export function restorePlace(box: HTMLElement, { turnId, label, offset }: Place): void {
  const article = articles(box).find((one) => turnOf(one) === turnId && labelOf(one) === label);
  if (article !== undefined) box.scrollTop += topIn(box, article) - offset;
}

/** Scrolls to a turn's first message, marks the turn for a moment and puts the focus there. */
export function showTurn(box: HTMLElement, turnId: string): void {
  const found = articles(box).filter((article) => turnOf(article) === turnId);
  const [first] = found;
  if (first === undefined) return;
  box.scrollTop += topIn(box, first) - ABOVE;
  for (const article of found) {
    article.dataset['found'] = '';
    const unmark = () => delete article.dataset['found'];
    article.addEventListener('animationend', unmark, { once: true });
  }
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
}

/**
 * A name for a card (a `details`) that holds while its turn goes on: the one that it has, or where it stands, as parts are
 * only appended to a message or replaced in their place.
 */
function cardName(card: HTMLElement): string | null {
  if (card.dataset['card'] !== undefined) return card.dataset['card'];
  const article = card.closest('article');
  if (article === null) return null;
  const at = [...article.children].findIndex((part) => part.contains(card));
  const inner = article.children[at] === card ? '' : card.querySelector('summary')?.textContent;
  return `${turnOf(article)} ${labelOf(article)} ${at} ${inner}`;
}

/** Notes that a card was opened or closed. */
export function noteCard(card: EventTarget | null, open: Set<string>): void {
  if (!(card instanceof HTMLDetailsElement)) return;
  const name = cardName(card);
  if (name === null) return;
  if (!card.open) {
    open.delete(name);
    return;
  }
  open.add(name);
  stir(card);
}

/** Opens the cards that were open. */
export function reopenCards(box: HTMLElement, open: ReadonlySet<string>): void {
  if (open.size === 0) return;
  for (const card of box.querySelectorAll('details')) {
    const name = cardName(card);
    if (name !== null && open.has(name)) card.open = true;
  }
}
