/** The page at `/sign-in`: a form that needs no script, so that it works whatever state the page is in. */
import { createHash } from 'node:crypto';
import { html } from 'hono/html';
import type { Principals } from '../access/principals.ts';

export interface SignInPage {
  kind: Principals['kind'];
  /** Where to go on: a path that `pagePath` let through. */
  to: string;
  /** What went wrong, told as an alert; null at first. */
  error: string | null;
  /** As it was filled in. */
  name: string;
}

/** Only addresses of the page itself: whatever else a link may say, it leads home. */
export function pagePath(to: string | undefined): string {
  const isPage = /^\/(?:hub|session\/[A-Za-z0-9_-]{1,64}(?:\?turn=\d{1,9})?)?$/.test(to ?? '');
  return isPage && to !== undefined ? to : '/';
}

/**
 * Its own colours and sizes are those of the page (`ui/styles/tokens.css`); the build's files have other names each time.
 * The theme that was chosen in this browser is put on the root by the page's `theme.js`; without it, the system's.
 */
export const SIGN_IN_CSS = `:root{color-scheme:light dark;--ground:light-dark(#f7f6f2,#16181b);--surface:light-dark(#fffefc,#1e2125);--line:light-dark(#e2dfd7,#2c3036);--line-strong:light-dark(#8f8b80,#6c737e);--text:light-dark(#1f2126,#e6e6e4);--text-soft:light-dark(#5a5d66,#a3a8b1);--accent:light-dark(#1d5f4e,#83cdb6);--accent-text:light-dark(#ffffff,#0b1f19);--bad:light-dark(#ae2019,#f3928a);--bad-soft:light-dark(#fbeae7,#341f1e)}
:root[data-theme=light]{color-scheme:light}
:root[data-theme=dark]{color-scheme:dark}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:grid;place-items:center;padding:1rem;background:var(--ground);color:var(--text);font:1rem/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;-webkit-text-size-adjust:100%}
main{width:100%;max-width:24rem;padding:1.75rem;border:1px solid var(--line);border-radius:.75rem;background:var(--surface)}
h1{margin:0 0 1.25rem;font-size:1.375rem;font-weight:600;line-height:1.25;letter-spacing:-.015em}
label{display:block;margin-bottom:1rem;font-size:.875rem;font-weight:500}
input{display:block;width:100%;margin-top:.25rem;padding:.5rem .625rem;border:1px solid var(--line-strong);border-radius:.5rem;background:var(--ground);color:inherit;font:inherit;font-size:1rem;font-weight:400}
button{width:100%;padding:.5625rem .875rem;border:0;border-radius:.5rem;background:var(--accent);color:var(--accent-text);font:inherit;font-weight:500;cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
[role=alert]{margin:0 0 1rem;padding:.625rem .75rem;border-radius:.5rem;background:var(--bad-soft);color:var(--bad);font-size:.9375rem}
.hint{margin:1rem 0 0;color:var(--text-soft);font-size:.875rem}
`;

// The `Referrer-Policy` of every answer is `no-referrer`, under which a form is sent with `Origin: null`
// (https://fetch.spec.whatwg.org/#append-a-request-origin-header), as a foreign page's could be.
const REFERRER = 'same-origin';

/** With a hash of its content, so that it may be kept for ever. */
export const SIGN_IN_CSS_PATH = `/sign-in-${createHash('sha256').update(SIGN_IN_CSS).digest('hex').slice(0, 8)}.css`;

export function signInPage({ kind, to, error, name }: SignInPage) {
  const described = error === null ? '' : html` aria-describedby="problem"`;
  const fields =
    kind === 'users'
      ? html`<label
            >Name
            <input
              name="name"
              value="${name}"
              required
              maxlength="64"
              autocomplete="username"
              autocapitalize="none"
              spellcheck="false"
              ${name === '' ? html` autofocus` : ''}${described}
          /></label>
          <label
            >Password
            <input
              name="password"
              type="password"
              required
              maxlength="256"
              autocomplete="current-password"
              ${name === '' ? '' : html` autofocus`}${described}
          /></label>`
      : html`<label
          >Token
          <input
            name="token"
            type="password"
            required
            maxlength="512"
            autocomplete="current-password"
            autofocus${described}
        /></label>`;
  const hint =
    kind === 'users'
      ? ''
      : html`<p class="hint">
          tabcast prints a link with the token when it starts: look in the terminal where it runs,
          and open it, or paste the token here.
        </p>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="${REFERRER}" />
        <title>tabcast: sign in</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <script src="/theme.js"></script>
        <link rel="stylesheet" href="${SIGN_IN_CSS_PATH}" />
      </head>
      <body>
        <main>
          <h1>Sign in to tabcast</h1>
          <form method="post" action="/sign-in" aria-label="Sign in">
            ${error === null ? '' : html`<p role="alert" id="problem">${error}</p>`} ${fields}
            <input type="hidden" name="to" value="${to}" />
            <button type="submit">Sign in</button>
          </form>
          ${hint}
        </main>
      </body>
    </html> `;
}
