/** Puts text on the clipboard. Rejects where that is not allowed. */
export async function copyText(document: Document, text: string): Promise<void> {
  // Not there on a page that came over plain HTTP from another machine.
  const clipboard: Clipboard | undefined = document.defaultView?.navigator.clipboard;
  if (clipboard !== undefined) return clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  const before = document.activeElement;
  document.body.append(field);
  field.select();
  // Deprecated, and the only way left here.
  const copied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  if (!copied) throw new Error('the browser did not copy');
}
