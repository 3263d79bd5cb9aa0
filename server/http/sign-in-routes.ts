/** The sign-in page and its form, the link with the token, and `POST /api/sign-in`. */
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ServiceError } from '../sessions/service.ts';
import type { Access } from './access.ts';
import type { AppEnv } from './env.ts';
import { claimInput, type SignInDesk } from './sign-in.ts';
import { pagePath, SIGN_IN_CSS, SIGN_IN_CSS_PATH, signInPage } from './sign-in-page.ts';
import { jsonBody, onlyJson } from './validate.ts';

/** A name, a password and a path. */
const MAX_BODY = 8 * 1024;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;

const limitBody = bodyLimit({
  maxSize: MAX_BODY,
  onError() {
    throw new ServiceError('too_large', `The body is larger than ${MAX_BODY} bytes.`);
  },
});

export interface SignInRouteDeps {
  access: Access;
  desk: SignInDesk;
}

/** Chained, so that its type is a schema, as `createRoutes`. */
export function createSignInApi({ access: { checkOrigin }, desk }: SignInRouteDeps) {
  return new Hono<AppEnv>()
    .get('/api/sign-in', checkOrigin, (c) => c.json({ kind: desk.kind }, 200))
    .post('/api/sign-in', checkOrigin, onlyJson, limitBody, jsonBody(claimInput), async (c) => {
      const { principal } = await desk.enter(c, c.req.valid('json'));
      return c.json({ principal }, 200);
    });
}
export type SignInApi = ReturnType<typeof createSignInApi>;

export interface SignInRoutes {
  /** To be mounted before the guard: these are for whoever is not signed in. */
  routes: Hono<AppEnv>;
  /** Answers `/?token=…`: the cookie and a redirect that takes the token out of the address bar, or the page that helps. */
  link(c: Context<AppEnv>, token: string): Response | Promise<Response>;
}

export function createSignInRoutes({ access, desk }: SignInRouteDeps): SignInRoutes {
  const { checkOrigin } = access;
  const page = (
    c: Context<AppEnv>,
    to: string,
    problem: { status: 400 | 401 | 429; message: string; name: string } | null,
  ) => {
    c.header('cache-control', 'no-store');
    const { message = null, name = '' } = problem ?? {};
    const body = signInPage({ kind: desk.kind, to, error: message, name });
    return c.html(body, problem?.status ?? 200);
  };
  /** Enters and goes on, or says on the page why not. */
  const tryToEnter = async (c: Context<AppEnv>, claim: unknown, to: string) => {
    const name = nameIn(claim);
    const parsed = claimInput.safeParse(claim);
    if (!parsed.success) {
      return page(c, to, { status: 400, message: 'Fill in all fields.', name });
    }
    try {
      await desk.enter(c, parsed.data);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const status = error.code === 'too_many' ? 429 : 401;
      return page(c, to, { status, message: error.message, name });
    }
    return c.redirect(to, 303);
  };

  const routes = new Hono<AppEnv>()
    .get(SIGN_IN_CSS_PATH, (c) => {
      c.header('cache-control', 'public, max-age=31536000, immutable');
      return c.body(SIGN_IN_CSS, 200, { 'content-type': 'text/css; charset=utf-8' });
    })
    .get('/sign-in', (c) => {
      const to = pagePath(c.req.query('to'));
      return typeof access.asking(c) === 'object' ? c.redirect(to, 303) : page(c, to, null);
    })
    .post('/sign-in', checkOrigin, limitBody, async (c) => {
      if (!FORM_TYPE.test(c.req.header('content-type') ?? '')) {
        throw new ServiceError('bad_request', 'This address takes the form of the sign-in page.');
      }
      const fields = new URLSearchParams(await c.req.text());
      const to = pagePath(fields.get('to') ?? undefined);
      fields.delete('to');
      return tryToEnter(c, Object.fromEntries(fields), to);
    });
  routes.route('/', createSignInApi({ access, desk }));
  return {
    routes,
    link: (c, token) =>
      desk.kind === 'users' ? c.redirect('/sign-in', 303) : tryToEnter(c, { token }, '/'),
  };
}

function nameIn(claim: unknown): string {
  const { name } = claim as { name?: unknown };
  return typeof name === 'string' ? name.slice(0, 64) : '';
}
