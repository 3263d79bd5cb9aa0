/**
 * What will not change and is out of view costs neither style, layout nor paint (`content-visibility: auto`, of
 * `[data-still]` in transcript.css). Only after a frame with it: from then on the browser knows its size
 * (https://drafts.csswg.org/css-sizing-4/#last-remembered), so that nothing moves when it goes out of view or comes back.
 * Finding in the page, selecting and listening reach it all the same.
 */
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** What is in view stays as it is until it has left: the browser would count its next frame as a shift. */
const outOfView = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (isIntersecting) continue;
    outOfView.unobserve(target);
    if (target.querySelector('details[open]') === null) target.setAttribute('data-still', '');
  }
});

/** A card was opened: what is in it may change, and be wider than its turn, which would cut it off. */
export function stir(card: Element): void {
  card.closest('[data-still]')?.removeAttribute('data-still');
}

/** @param still from the first render with true on, it holds */
export function useStill(ref: RefObject<Element | null>, still: boolean): void {
  useEffect(() => {
    const element = ref.current;
    if (!still || element === null) return;
    outOfView.observe(element);
    return () => outOfView.unobserve(element);
  }, [still]);
}
