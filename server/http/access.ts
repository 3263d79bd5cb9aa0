/**
 * Who may talk to the server (A2). A page of another site must not get through a person's browser to a
 * server on their machine: the cookie is SameSite=Strict, `Host` defeats DNS rebinding, and `Origin` and
 * `Sec-Fetch-Site` tell foreign pages apart where a cookie alone would not (another port is the same site).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { ServiceError } from '../sessions/service.ts';
import type { AppEnv } from './env.ts';

/** Everybody with the token is this one principal. */
const PRINCIPAL = 'local';
/** The longest that browsers allow, in seconds. */
const COOKIE_SECONDS = 400 * 24 * 60 * 60;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface AccessOptions {
  token: string;
  /** The port it is served on; asked per request, for the system may choose it. */
  port(): number;
  /** Served over HTTPS. */
  secure: boolean;
  /** The bind address. */
  host: string;
  /** Further names it is reached by, `name` (any port) or `name:port`. */
  hosts: readonly string[];
}

export interface Access {
  /** For every request. @throws ServiceError `forbidden` */
  checkHost: MiddlewareHandler<AppEnv>;
  /** For everything that needs sign-in; sets the principal. @throws ServiceError `forbidden`, `unauthorized` */
  guard: MiddlewareHandler<AppEnv>;
  /** Answers `/?token=…`: the cookie and a redirect that takes the token out of the address bar, or a page that helps. */
  signIn(c: Context<AppEnv>, token: string): Response;
}

export function createAccess({ token, port, secure, host, hosts }: AccessOptions): Access {
  // The cookie is derived from the token, never the token itself: it can't be used as a link.
  const cookieValue = createHmac('sha256', token).update('tabcast cookie v1').digest('base64url');
  // Cookies on 127.0.0.1 are shared by all its ports.
  const cookieName = (): string => `tabcast_${port()}`;

  const isSignedIn = (c: Context<AppEnv>): boolean => {
    const bearer = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (bearer !== undefined) return sameSecret(bearer, token);
    const cookie = getCookie(c, cookieName());
    return cookie !== undefined && sameSecret(cookie, cookieValue);
  };

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
    guard: createMiddleware<AppEnv>(async (c, next) => {
      const origin = c.req.header('origin');
      if (origin !== undefined && !isOwnOrigin(origin, [hostOf(c), ...hosts], secure)) {
        throw new ServiceError('forbidden', 'The request comes from a page of another origin.');
      }
      const site = c.req.header('sec-fetch-site');
      if (site === 'cross-site' || site === 'same-site') {
        throw new ServiceError('forbidden', 'The request comes from a page of another site.');
      }
      if (!isSignedIn(c)) {
        throw new ServiceError(
          'unauthorized',
          'Not signed in. Open the link that tabcast printed when it started, or send Authorization: Bearer <token>.',
        );
      }
      c.set('principal', PRINCIPAL);
      await next();
    }),
    signIn(c, given) {
      if (!sameSecret(given, token)) return c.html(wrongToken(secure), 401);
      setCookie(c, cookieName(), cookieValue, {
        path: '/',
        httpOnly: true,
        secure,
        sameSite: 'Strict',
        maxAge: COOKIE_SECONDS,
      });
      c.header('cache-control', 'no-store');
      return c.redirect('/', 303);
    },
  };
}

/** HTTP/2 has `:authority` in place of `Host` (RFC 9113, 8.3.1); it is in the URL. */
function hostOf(c: Context<AppEnv>): string {
  return c.req.header('host') ?? new URL(c.req.url).host;
}

/** Compares digests of equal length, so that neither content nor length shows in the time it takes. */
function sameSecret(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', secret).update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
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

const wrongToken = (secure: boolean): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>tabcast: sign in</title>
<h1>This link is not valid</h1>
<p>tabcast prints the right one when it starts: look in the terminal where it runs for the line that begins with <code>tabcast: ${secure ? 'https' : 'http'}://</code>, and open that address.</p>
`;
