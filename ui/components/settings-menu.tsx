/** Preferences of this browser, and who is signed in. A further one is a line in its section. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Account } from './account.tsx';
import { AlertSwitches } from './alert-switches.tsx';
import { EnterOption } from './enter-option.tsx';
import { Icon } from './icon.tsx';
import { ThemeChoice } from './theme-choice.tsx';

export function SettingsMenu({ onClose }: { onClose(): void }) {
  const box = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog
      ref={box}
      class="settings"
      aria-labelledby={titleId}
      onClose={onClose}
      // Beside it: on what the browser puts behind a dialog.
      onClick={(event) => event.target === event.currentTarget && box.current?.close()}
    >
      <div class="settings-body">
        <div class="settings-head">
          <h2 id={titleId}>Settings</h2>
          <button
            type="button"
            class="button quiet icon-button"
            aria-label="Close"
            onClick={() => box.current?.close()}
          >
            <Icon name="close" />
          </button>
        </div>
        <Section name="Appearance">
          <ThemeChoice />
        </Section>
        <Section name="Writing">
          <EnterOption />
        </Section>
        <Section name="When you look elsewhere">
          <AlertSwitches />
        </Section>
        <Section name="Sign-in">
          <Account />
        </Section>
      </div>
    </dialog>
  );
}

function Section({ name, children }: { name: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <section class="settings-section" aria-labelledby={id}>
      <h3 id={id}>{name}</h3>
      {children}
    </section>
  );
}
