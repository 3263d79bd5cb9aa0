type Box = Pick<HTMLTextAreaElement, 'value' | 'selectionStart' | 'selectionEnd'>;

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
