/** Always in view: how the page is connected, and the way to its settings. */
import { useRef, useState } from 'preact/hooks';
import { ConnectionStatus } from './connection-status.tsx';
import { Icon } from './icon.tsx';
import { later } from './later.tsx';

const SettingsMenu = later(async () => (await import('./settings-menu.tsx')).SettingsMenu);

/** @param covered by the drawer */
export function Corner({ covered }: { covered: boolean }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const show = async () => {
    // What could not be fetched says so where it would stand.
    await SettingsMenu.fetch().catch(() => {});
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div class="corner" inert={covered}>
      <ConnectionStatus />
      <button
        type="button"
        class="button quiet icon-button"
        ref={button}
        aria-label="Settings"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => void show()}
      >
        <Icon name="gear" />
      </button>
      {open ? <SettingsMenu onClose={close} /> : null}
    </div>
  );
}
