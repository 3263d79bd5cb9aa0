/** The shortcuts, as they are listened to, and the switch for those of one letter. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { isSingle, keysOf, SHORTCUTS, type Shortcut } from '../palette/shortcuts.ts';
import { Keys } from './keys.tsx';
import { useStore } from './store-context.ts';

export function ShortcutList({ onClose }: { onClose(): void }) {
  const { singleKeys } = useStore();
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => box.current?.showModal(), []);
  const on = singleKeys.value.value === 'on';
  const single = SHORTCUTS.filter(({ keys }) => isSingle(keys[0] ?? ''));
  return (
    <dialog
      ref={box}
      class="shortcuts"
      aria-labelledby="shortcuts-title"
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && box.current?.close()}
    >
      <div class="shortcuts-body">
        <h2 id="shortcuts-title">Shortcuts</h2>
        <Table shortcuts={SHORTCUTS.filter((one) => !single.includes(one))} />
        <label class="shortcuts-switch">
          <input type="checkbox" checked={on} onChange={() => singleKeys.set(on ? 'off' : 'on')} />
          Keys of one letter
        </label>
        <p class="hint">
          Outside of text boxes. Switch them off if you speak to your computer, or press keys by
          accident.
        </p>
        <Table shortcuts={single} off={!on} />
        <div class="buttons">
          <button type="button" class="button" onClick={() => box.current?.close()}>
            Close
          </button>
        </div>
      </div>
    </dialog>
  );
}

function Table({ shortcuts, off = false }: { shortcuts: readonly Shortcut[]; off?: boolean }) {
  return (
    <dl class={off ? 'shortcuts-table off' : 'shortcuts-table'}>
      {shortcuts.map(({ command, words }) => (
        <div key={command}>
          <dt>{words}</dt>
          <dd>
            <Keys keys={keysOf(command) ?? ''} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
