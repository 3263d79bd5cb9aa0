/** The browsers that are signed in as this person. */
import { useEffect } from 'preact/hooks';
import { browserName } from '../store/browser-name.ts';
import { useStore } from './store-context.ts';

export function SignInList() {
  const { signIn } = useStore();
  useEffect(() => void signIn.load(), []);
  const list = signIn.list.value;
  if (list === null) return <p class="hint">Loading…</p>;
  return (
    <>
      {list.name === null ? null : <p class="hint">You are {list.name}.</p>}
      <ul class="sign-ins" aria-label="Signed-in browsers">
        {list.signIns.map(({ id, browser, usedAt, present }) => (
          <li key={id}>
            <span title={browser}>
              {browserName(browser)}
              <span class="hint">
                {present ? ' · this one' : ` · ${new Date(usedAt).toLocaleString()}`}
              </span>
            </span>
            {present ? null : (
              <button
                type="button"
                class="button small quiet"
                aria-label={`Sign out ${browserName(browser)}`}
                onClick={() => void signIn.end(id)}
              >
                Sign out
              </button>
            )}
          </li>
        ))}
      </ul>
      {list.signIns.length === 0 ? <p class="hint">None: this page came with a token.</p> : null}
    </>
  );
}
