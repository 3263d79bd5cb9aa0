/** At the sidebar's foot: signing out, here or elsewhere. */
import { useState } from 'preact/hooks';
import { later } from './later.tsx';
import { useStore } from './store-context.ts';

const SignInList = later(async () => (await import('./sign-in-list.tsx')).SignInList);

export function Account() {
  const { signIn, connection } = useStore();
  const [open, setOpen] = useState(false);
  // There is nothing to sign out of.
  if (connection.value?.state === 'signed-out') return null;
  const problem = signIn.problem.value;
  return (
    <div class="account" role="group" aria-label="Sign-in">
      <button type="button" class="switch" aria-expanded={open} onClick={() => setOpen(!open)}>
        Signed-in browsers
      </button>
      <button type="button" class="switch" onClick={() => void signIn.leave()}>
        Sign out
      </button>
      {problem === null ? null : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {open ? <SignInList /> : null}
    </div>
  );
}
