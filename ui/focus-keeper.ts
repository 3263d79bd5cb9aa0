/**
 * Focus is never lost (P82): a button that goes away with what it did, or can't be pressed any more, hands the focus to
 * the nearest place that is marked `data-keeps-focus`. Without that the next Tab would begin at the page's top.
 */
const HOLDER = '[data-keeps-focus]';
const INPUTS = ['keydown', 'pointerdown'] as const;

/** @returns stop; twice is fine */
export function keepFocus(root: HTMLElement): () => void {
  const { ownerDocument: document } = root;
  /** What had the focus last, and where it stood: an element that is gone does not know. */
  let last: { element: Element; path: readonly Element[] } | null = null;

  const onFocusIn = ({ target }: FocusEvent) => {
    if (target instanceof Element) last = { element: target, path: ancestors(target, root) };
  };
  /** Who points needs no focus, and a textbox that takes it brings up a phone's keyboard. */
  let byKeyboard = false;
  const onInput = ({ type }: Event) => {
    byKeyboard = type === 'keydown';
  };
  const check = () => {
    if (!byKeyboard || last === null || !isLost(last.element)) return;
    const { path } = last;
    last = null;
    const { activeElement } = document;
    // Whoever took the element away has already put the focus somewhere.
    if (activeElement !== null && activeElement !== document.body && !isLost(activeElement)) return;
    for (const place of path) {
      if (!place.isConnected) continue;
      const holder = place.querySelector(HOLDER) ?? (place.matches(HOLDER) ? place : null);
      if (holder instanceof HTMLElement && !isLost(holder)) {
        holder.focus({ preventScroll: true });
        return;
      }
    }
  };
  const observer = new MutationObserver(check);
  observer.observe(root, {
    childList: true,
    subtree: true,
    attributeFilter: ['disabled', 'hidden', 'inert'],
  });
  root.addEventListener('focusin', onFocusIn);
  for (const type of INPUTS) document.addEventListener(type, onInput, true);
  return () => {
    observer.disconnect();
    root.removeEventListener('focusin', onFocusIn);
    for (const type of INPUTS) document.removeEventListener(type, onInput, true);
  };
}

const isLost = (element: Element): boolean =>
  !element.isConnected ||
  element.matches(':disabled') ||
  element.closest('[inert], [hidden]') !== null;

/** From the inside out, with the root. */
function ancestors(element: Element, root: Element): Element[] {
  const path: Element[] = [];
  for (let at = element.parentElement; at !== null; at = at.parentElement) {
    path.push(at);
    if (at === root) break;
  }
  return path;
}
