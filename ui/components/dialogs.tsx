/** What can be called from anywhere on the page: the palette, the shortcuts, a new session. Their code comes when it is needed. */
import { useEffect } from 'preact/hooks';
import { unreachable } from '../../shared/errors.ts';
import { startShortcuts } from '../palette/start.ts';
import type { Dialog } from '../store/store.ts';
import { later } from './later.tsx';
import { useStore } from './store-context.ts';

const Palette = later(async () => (await import('./palette.tsx')).Palette);
const ShortcutList = later(async () => (await import('./shortcut-list.tsx')).ShortcutList);
const NewSessionDialog = later(
  async () => (await import('./new-session-dialog.tsx')).NewSessionDialog,
);
const ExportDialog = later(async () => (await import('./export-dialog.tsx')).ExportDialog);

export function Dialogs() {
  const store = useStore();
  useEffect(() => {
    // Who calls it types on at once: it has to be there.
    Palette.fetch().catch(() => {});
    return startShortcuts(store);
  }, [store]);
  const open = store.dialog.value;
  if (open === null) return null;
  const close = () => {
    // It may have led to another one.
    if (store.dialog.peek() === open) store.dialog.value = null;
  };
  return <div class="dialogs">{dialogOf(open, close)}</div>;
}

function dialogOf(open: Dialog, close: () => void) {
  switch (open) {
    case 'palette':
      return <Palette onClose={close} />;
    case 'shortcuts':
      return <ShortcutList onClose={close} />;
    case 'new-session':
      return <NewSessionDialog onClose={close} />;
    case 'export':
      return <ExportDialog onClose={close} />;
    default:
      return unreachable(open);
  }
}
