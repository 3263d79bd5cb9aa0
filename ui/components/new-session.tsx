/** One click makes a session with the default agent and folder; the button beside it leads to a choice of both. */
import { useState } from 'preact/hooks';
import { sessionPath } from '../store/route.ts';
import { useStore } from './store-context.ts';

export function NewSession({ onCreated }: { onCreated(): void }) {
  const { actions, router, dialog } = useStore();
  const [making, setMaking] = useState(false);
  const make = async () => {
    setMaking(true);
    const row = await actions.create({});
    setMaking(false);
    if (row === null) return;
    router.navigate(sessionPath(row.id));
    onCreated();
  };
  return (
    <div class="new-session">
      <button type="button" class="button primary" disabled={making} onClick={() => void make()}>
        New session
      </button>
      <button
        type="button"
        class="button icon-button"
        aria-label="Choose agent and folder"
        title="Choose agent and folder"
        onClick={() => {
          dialog.value = 'new-session';
        }}
      >
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M5.5 8l4.5 4.5L14.5 8" />
        </svg>
      </button>
    </div>
  );
}
