/** Signing in again, over the page as it is. It goes when the hub is let in, whichever tab signed in. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { SignInKind } from '../../shared/api.ts';
import { useStore } from './store-context.ts';

export function SignInDialog({ onClose }: { onClose(): void }) {
  const { signIn } = useStore();
  const box = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const [kind, setKind] = useState<SignInKind | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => box.current?.showModal(), []);
  useEffect(() => {
    void signIn.kind().then((result) => {
      if (result.ok) setKind(result.value);
      else setProblem(result.error.message);
    });
  }, []);
  useEffect(() => box.current?.querySelector<HTMLElement>('input')?.focus(), [kind]);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => {
      const value = fields.get(name);
      return typeof value === 'string' ? value : '';
    };
    setBusy(true);
    const error = await signIn.enter(
      kind === 'token'
        ? { token: text('token') }
        : { name: text('name'), password: text('password') },
    );
    setBusy(false);
    setProblem(error?.message ?? null);
    if (error === null) onClose();
  };

  return (
    <dialog ref={box} class="sign-in" aria-labelledby={titleId} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id={titleId}>Sign in to go on</h2>
        <p class="sign-in-kept">
          Your sign-in ran out or was ended. This page, what you typed and what runs are as you left
          them: all tabs go on where they were.
        </p>
        {problem === null ? null : (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        {kind === 'users' ? (
          <>
            <label>
              Name
              <input
                name="name"
                required
                maxLength={64}
                autocomplete="username"
                autocapitalize="none"
              />
            </label>
            <label>
              Password
              <input
                name="password"
                type="password"
                required
                maxLength={256}
                autocomplete="current-password"
              />
            </label>
          </>
        ) : null}
        {kind === 'token' ? (
          <>
            <label>
              Token
              <input
                name="token"
                type="password"
                required
                maxLength={512}
                autocomplete="current-password"
              />
            </label>
            <p class="hint">
              It is in the link that tabcast prints when it starts. Opening that link does the same.
            </p>
          </>
        ) : null}
        <div class="buttons">
          <button type="submit" class="button primary" disabled={busy || kind === null}>
            {busy ? 'Signing in…' : 'Sign in'}
          </button>
          <button type="button" class="button quiet" onClick={onClose}>
            Later
          </button>
        </div>
      </form>
    </dialog>
  );
}
