/** The session that is shown as a file. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { ExportLinks } from './export-links.tsx';
import { useStore } from './store-context.ts';
import { titleOf } from './words.ts';

export function ExportDialog({ onClose }: { onClose(): void }) {
  const { paneRow } = useStore();
  const box = useRef<HTMLDialogElement>(null);
  // The one it was opened for: a deleted session has no row any more.
  const row = useRef(paneRow.peek()).current;
  useLayoutEffect(() => box.current?.showModal(), []);
  const close = () => box.current?.close();
  return (
    <dialog
      ref={box}
      class="export"
      aria-labelledby="export-title"
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && close()}
    >
      <div class="export-body">
        <h2 id="export-title">Export</h2>
        {row === undefined ? (
          <p class="hint">There is no session here.</p>
        ) : (
          <>
            <p class="export-what">{titleOf(row)}</p>
            <ExportLinks sessionId={row.id} onFollow={close} />
          </>
        )}
        <div class="buttons">
          <button type="button" class="button quiet" onClick={close}>
            Cancel
          </button>
        </div>
      </div>
    </dialog>
  );
}
