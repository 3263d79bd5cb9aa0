/**
 * Who may talk to the server (A2). A page of another site must not get through a person's browser to a
 * server on their machine: the cookie is SameSite=Strict, `Host` defeats DNS rebinding, and `Origin` and
 * `Sec-Fetch-Site` tell foreign pages apart where a cookie alone would not (another port is the same site).
 */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { PRINCIPAL_HEADER } from '../../shared/api.ts';
import type { Principals } from '../access/principals.ts';
import type { SignIns } from '../access/sign-ins.ts';
import { ServiceError } from '../sessions/service.ts';
import type { SignInCookie } from './cookies.ts';
import type { AppEnv, Holder } from './env.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface AccessOptions {
  principals: Principals;
  signIns: SignIns;
  cookie: SignInCookie;
  /** The port it is served on; asked per request, for the system may choose it. */
  port(): number;
  /** Served over HTTPS. */
  secure: boolean;
  /** The bind address. */
  host: string;
  /** Further names it is reached by, `name` (any port) or `name:port`. */
  hosts: readonly string[];
}

/** Who asks; else why nobody is let in: no valid sign-in, one that was ended on purpose, several valid ones. */
export type Asking = Holder | 'nobody' | 'ended' | 'several';

export interface Access {
  /** For every request. @throws ServiceError `forbidden` */
  checkHost: MiddlewareHandler<AppEnv>;
  /** For whatever acts, or answers with more than the page's own files. @throws ServiceError `forbidden` */
  checkOrigin: MiddlewareHandler<AppEnv>;
  /** For everything that needs sign-in, after `checkOrigin`; sets the principal. @throws ServiceError `unauthorized`, `signed_out`, `conflict` */
  guard: MiddlewareHandler<AppEnv>;
  asking(c: Context<AppEnv>): Asking;
}

export function createAccess(options: AccessOptions): Access {
  const { principals, signIns, cookie, port, secure, host, hosts } = options;

  const ofBearer = (token: string): Asking => {
    const known = principals.bearer(token);
    if (known === null) return 'nobody';
    return { principal: known.principal, signIn: null, valid: () => principals.holds(known) };
  };
  const ofCookies = (values: readonly string[]): Asking => {
    let asking: Asking = 'nobody';
    for (const value of values) {
      if (cookie.isSignedOut(value)) {
        if (asking === 'nobody') asking = 'ended';
        continue;
      }
      const found = signIns.use(value);
      if (found.kind === 'ended' && asking === 'nobody') asking = 'ended';
      if (found.kind !== 'valid') continue;
      // One of them was slipped in: whose it is can't be told, so it is nobody's.
      if (typeof asking === 'object') return 'several';
      const { signIn } = found;
      asking = { principal: signIn.principal, signIn, valid: () => signIns.isValid(signIn) };
    }
    return asking;
  };
  const asking = (c: Context<AppEnv>): Asking => {
    const bearer = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    return bearer === undefined ? ofCookies(cookie.read(c)) : ofBearer(bearer);
  };
  const nobody =
    principals.kind === 'token'
      ? 'Not signed in. Open the link that tabcast printed when it started, or send Authorization: Bearer <token>.'
      : 'Not signed in. Sign in at /sign-in, or send Authorization: Bearer <token>, one made by npm run user token.';

  return {
    checkHost: createMiddleware<AppEnv>(async (c, next) => {
      if (!isAllowedHost(hostOf(c), { port: port(), secure, host, hosts })) {
        throw new ServiceError(
          'forbidden',
          'This server is not reached by that name. Names are added with --public-host, or as "hosts" in the config file.',
        );
      }
      await next();
    }),
    checkOrigin: createMiddleware<AppEnv>(async (c, next) => {
      const origin = c.req.header('origin');
      if (origin !== undefined && !isOwnOrigin(origin, [hostOf(c), ...hosts], secure)) {
        throw new ServiceError('forbidden', 'The request comes from a page of another origin.');
      }
      const site = c.req.header('sec-fetch-site');
      if (site === 'cross-site' || site === 'same-site') {
        throw new ServiceError('forbidden', 'The request comes from a page of another site.');
      }
      await next();
    }),
    guard: createMiddleware<AppEnv>(async (c, next) => {
      const holder = asking(c);
      if (holder === 'nobody') throw new ServiceError('unauthorized', nobody);
      if (holder === 'ended') throw new ServiceError('signed_out', 'Signed out. Sign in again.');
      if (holder === 'several') {
        throw new ServiceError(
          'unauthorized',
          "This browser sends two sign-ins at once, and one may not be yours. Clear this site's cookies, then sign in.",
        );
      }
      const { principal } = holder;
      const own = opaque(principal);
      c.set('principal', principal);
      c.set('holder', holder);
      try {
        // What a page of one principal asks for must not be done, or answered, as another's (A4).
        if ((c.req.header(PRINCIPAL_HEADER) ?? own) !== own) {
          throw new ServiceError('conflict', 'Somebody else has signed in in this browser.');
        }
        await next();
      } finally {
        c.header(PRINCIPAL_HEADER, own);
        // No cache may answer one principal with what is another's.
        c.header('vary', 'Cookie, Authorization', { append: true });
      }
    }),
    asking,
  };
}

/** Tells principals apart, and nothing else about them. */
function opaque(principal: string): string {
  return createHash('sha256')
    .update('tabcast principal\0')
    .update(principal)
    .digest('base64url')
    .slice(0, 22);
}

/** HTTP/2 has `:authority` in place of `Host` (RFC 9113, 8.3.1); it is in the URL. */
function hostOf(c: Context<AppEnv>): string {
  return c.req.header('host') ?? new URL(c.req.url).host;
}

/** @param header the `Host` header: `name[:port]`, `[v6][:port]` */
export function isAllowedHost(
  header: string,
  {
    port,
    secure,
    host,
    hosts,
  }: { port: number; secure: boolean; host: string; hosts: readonly string[] },
): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(header.toLowerCase());
  const name = match?.[1];
  if (name === undefined) return false;
  const given = match?.[2] === undefined ? null : Number(match[2]);
  for (const configured of hosts) {
    const wanted = configured.toLowerCase();
    if (wanted === header.toLowerCase() || wanted === name) return true;
  }
  if ((given ?? (secure ? 443 : 80)) !== port) return false;
  if (LOOPBACK.has(name) || name === urlHost(host)) return true;
  // Bound to every address of the machine: an address can't be rebound by DNS, only a name can.
  const isWildcard = host === '0.0.0.0' || host === '::';
  return isWildcard && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

/** A bind address as it stands in a URL: IPv6 in brackets. */
function urlHost(host: string): string {
  return isIP(host) === 6 ? `[${host.toLowerCase()}]` : host.toLowerCase();
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * @param names of the request and of the configuration: a proxy that only passes on puts its own name for us into `Host`
 * @param secure over HTTPS a page of plain HTTP is another origin; without, a proxy may speak HTTPS for us
 */
function isOwnOrigin(origin: string, names: readonly string[], secure: boolean): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host } = new URL(origin);
  return (
    (protocol === 'https:' || (protocol === 'http:' && !secure)) &&
    names.some((name) => name.toLowerCase() === host)
  );
}
