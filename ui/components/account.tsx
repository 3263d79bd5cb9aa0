/** Signing out, here or elsewhere. */
import { useState } from 'preact/hooks';
import { SignInList } from './sign-in-list.tsx';
import { useStore } from './store-context.ts';

export function Account() {
  const { signIn, connection } = useStore();
  const [open, setOpen] = useState(false);
  if (connection.value?.state === 'signed-out') {
    return <p class="hint">This browser is signed out.</p>;
  }
  const problem = signIn.problem.value;
  return (
    <>
      <button
        type="button"
        class="button quiet settings-line"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        Signed-in browsers
      </button>
      {open ? <SignInList /> : null}
      <button type="button" class="button quiet settings-line" onClick={() => void signIn.leave()}>
        Sign out
      </button>
      {problem === null ? null : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
