/**
 * What will not change and is out of view costs neither style, layout nor paint (`content-visibility: auto`, of
 * `[data-still]` in transcript.css). Only once it was laid out: from then on the browser knows its size, so that nothing
 * moves when it goes out of view or comes back. Finding in the page, selecting and listening reach it all the same.
 */
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Tells of each element once, after the layout in which the browser notes its size. */
const laidOut = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    laidOut.unobserve(target);
    if (target.querySelector('details[open]') === null) target.setAttribute('data-still', '');
  }
});

/** A card was opened: what is in it may change, and be wider than its message, which would cut it off. */
export function stir(card: Element): void {
  card.closest('[data-still]')?.removeAttribute('data-still');
}

/** @param still from the first render with true on, it holds */
export function useStill(ref: RefObject<Element | null>, still: boolean): void {
  useEffect(() => {
    const element = ref.current;
    if (!still || element === null) return;
    laidOut.observe(element);
    return () => laidOut.unobserve(element);
  }, [still]);
}
