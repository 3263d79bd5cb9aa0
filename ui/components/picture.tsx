/** A picture of a message: as large as the text is wide, and on a click as large as the window. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Props {
  src: string;
  /** What it is called, or a word for it. */
  name: string;
}

export function Picture({ src, name }: Props) {
  const [state, setState] = useState<'shown' | 'open' | 'broken'>('shown');
  if (state === 'broken') return <p class="hint">{name}: the browser can’t show this picture.</p>;
  return (
    <>
      <button
        type="button"
        class="picture-button"
        aria-haspopup="dialog"
        aria-label={`${name}, open large`}
        onClick={() => setState('open')}
      >
        <img class="picture" alt="" src={src} onError={() => setState('broken')} />
      </button>
      {state === 'open' ? <Large src={src} name={name} onClose={() => setState('shown')} /> : null}
    </>
  );
}

function Large({ src, name, onClose }: Props & { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      class="large-picture"
      aria-label={name}
      onClose={onClose}
      onClick={({ target }) => {
        // Beside the picture: what is clicked is the dialog's own box.
        if (target === dialog.current) close();
      }}
    >
      <img alt={name} src={src} />
      <p>
        <span class="large-picture-name">{name}</span>
        <button type="button" class="button" onClick={close}>
          Close
        </button>
      </p>
    </dialog>
  );
}
