/** Hears the page's shortcuts. What is pressed in a dialog, or while an input method composes, is none of them. */
import type { CommandId } from './commands.ts';
import { chordOf, press, type Listening } from './shortcuts.ts';

export interface ListenDeps {
  target: Window;
  mac: boolean;
  /** Whether keys of one letter count. */
  singles(): boolean;
  /** @returns false when it can't be done now: then the press is the browser's */
  run(command: CommandId): boolean;
}

/** @returns unsubscribe */
export function listenForShortcuts({ target, mac, singles, run }: ListenDeps): () => void {
  let listening: Listening = { pending: null };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    // A held modifier alone.
    if (['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;
    const { document } = target;
    if (document.querySelector('dialog[open]') !== null) return;
    const chord = chordOf(event, mac);
    if (chord === null) return;
    const from = event.target instanceof Element ? event.target : null;
    // It opens with Alt and an arrow.
    if (from instanceof HTMLSelectElement) return;
    const found = press(listening, chord, {
      at: event.timeStamp,
      singles: singles() && !isTyping(from) && !event.repeat,
    });
    listening = found.next;
    if (found.command !== null && run(found.command)) event.preventDefault();
  };
  target.addEventListener('keydown', onKeyDown);
  return () => target.removeEventListener('keydown', onKeyDown);
}

/** Where a letter is a letter. */
function isTyping(element: Element | null): boolean {
  if (element === null) return false;
  if (element instanceof HTMLElement && element.isContentEditable) return true;
  return element.closest('input:not([type=checkbox], [type=radio]), textarea') !== null;
}
