/**
 * What the reader looks at stays where it is while something above it gets another height: a picture that is loaded, a
 * formula that is set, text that wraps anew in a narrower window. Browsers do it too (`overflow-anchor`), but not all of
 * them, and not while turns are put in.
 */

interface Held {
  element: Element;
  top: number;
}

/** The first thing in view, by its elements from the outermost to the innermost. */
export type Hold = readonly Held[];

/** @param content in `box`, what holds the messages */
export function takeHold(box: HTMLElement, content: HTMLElement): Hold {
  const { top } = box.getBoundingClientRect();
  const held: Held[] = [];
  for (let within: Element | undefined = content; within !== undefined;) {
    within = [...within.children].find((child) => {
      const at = child.getBoundingClientRect();
      return at.height > 0 && at.bottom > top;
    });
    if (within !== undefined) {
      held.push({ element: within, top: within.getBoundingClientRect().top - top });
    }
  }
  return held;
}

/** How far the box must be scrolled so that what is held is where it was; 0 when nothing of it is left. */
export function drift(box: HTMLElement, hold: Hold): number {
  const held = hold.findLast(({ element }) => element.isConnected);
  if (held === undefined) return 0;
  return held.element.getBoundingClientRect().top - box.getBoundingClientRect().top - held.top;
}
