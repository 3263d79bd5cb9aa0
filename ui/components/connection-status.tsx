/** The connection in words, and what can be done about it. */
import { useState } from 'preact/hooks';
import { statusWords } from '../store/status-words.ts';
import { later } from './later.tsx';
import { useStore } from './store-context.ts';

const SignInDialog = later(async () => (await import('./sign-in-dialog.tsx')).SignInDialog);

export function ConnectionStatus() {
  const { link, connection, updated, retry } = useStore();
  const { word, detail, tone, action } = statusWords(link.value, connection.value);
  const offersReload = updated.value || action === 'reload';
  return (
    <div class="connection" data-tone={tone}>
      <p role="status">
        <span class="dot" aria-hidden="true" />
        <span class="connection-word">{word}</span>
        {detail === '' ? null : <span class="connection-detail"> {detail}</span>}
        {updated.value ? <span class="connection-detail"> A newer version is ready.</span> : null}
      </p>
      {action === 'retry' || action === 'again' ? (
        <button type="button" class="button small" onClick={retry}>
          {action === 'again' ? 'Try again' : 'Try now'}
        </button>
      ) : null}
      {action === 'sign-in' ? <SignInButton /> : null}
      {offersReload ? (
        <button type="button" class="button small" onClick={() => location.reload()}>
          Reload
        </button>
      ) : null}
    </div>
  );
}

/** In this page, so that what is shown and half-typed stays as it is. */
function SignInButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="button small primary" onClick={() => setOpen(true)}>
        Sign in
      </button>
      {open ? <SignInDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}
