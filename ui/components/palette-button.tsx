/** The palette, for who does not know its keys yet. */
import { isMac } from '../palette/mac.ts';
import { useStore } from './store-context.ts';

export function PaletteButton() {
  const { dialog } = useStore();
  return (
    <button
      type="button"
      class="palette-button"
      aria-keyshortcuts="Control+K Meta+K"
      title="Go to a session, or do something"
      onClick={() => {
        dialog.value = 'palette';
      }}
    >
      <span class="unseen">Commands, </span>
      {isMac() ? '⌘K' : 'Ctrl K'}
    </button>
  );
}
