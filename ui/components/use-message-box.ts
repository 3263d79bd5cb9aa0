/** How a box for messages behaves, beyond what a textarea does by itself. */
import { useLayoutEffect } from 'preact/hooks';

type Box = Pick<HTMLTextAreaElement, 'value' | 'selectionStart' | 'selectionEnd'>;

/** `field-sizing: content` does it where the browser knows it. */
const GROWS_BY_ITSELF =
  typeof CSS !== 'undefined' && CSS.supports('field-sizing', 'content');

/** The box is as high as its text; `max-height` ends that. */
export function useGrowing(box: { current: HTMLElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || GROWS_BY_ITSELF) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [text]);
}

/**
 * Whether a key leads through what was sent before, and not through the text: up from the very beginning of one's own,
 * then up from the first line and down from the last.
 */
export function historyStep(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>,
  { value, selectionStart, selectionEnd }: Box,
  browsing: boolean,
): 'older' | 'newer' | 'leave' | null {
  if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return null;
  if (event.key === 'Escape') return browsing ? 'leave' : null;
  if (selectionStart !== selectionEnd) return null;
  if (event.key === 'ArrowUp') {
    const first = browsing ? !value.slice(0, selectionStart).includes('\n') : selectionStart === 0;
    return first ? 'older' : null;
  }
  if (event.key === 'ArrowDown' && browsing) {
    return value.slice(selectionEnd).includes('\n') ? null : 'newer';
  }
  return null;
}
