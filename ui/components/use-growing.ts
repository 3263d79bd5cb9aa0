import { useLayoutEffect } from 'preact/hooks';

/** `field-sizing: content` does it where the browser knows it. */
const GROWS_BY_ITSELF = typeof CSS !== 'undefined' && CSS.supports('field-sizing', 'content');

/** The box is as high as its text; `max-height` ends that. */
export function useGrowing(box: { current: HTMLElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || GROWS_BY_ITSELF) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [text]);
}
