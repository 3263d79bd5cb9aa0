/** The cookie that holds a sign-in's secret (RFC 6265bis). */
import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';
import type { AppEnv } from './env.ts';

/** The longest that browsers allow, in seconds: how long a sign-in lasts is the server's to say. */
const COOKIE_SECONDS = 400 * 24 * 60 * 60;
/** In the place of a secret after signing out, so that tabs that are late are told so, and not that it ran out. */
const SIGNED_OUT = 'signed-out';

export interface SignInCookie {
  /**
   * Every value that came under the name, each once. More than one is possible: another port or a sibling domain of
   * this host may set a cookie of the same name for another path ('cookie tossing').
   */
  read(c: Context<AppEnv>): string[];
  write(c: Context<AppEnv>, secret: string): void;
  writeSignedOut(c: Context<AppEnv>): void;
  isSignedOut(value: string): boolean;
}

/** @param port part of the name: cookies of one host are shared by all its ports */
export function createSignInCookie(port: () => number, secure: boolean): SignInCookie {
  // `__Host-`: no other host, path or plain HTTP can set it.
  const name = (): string => `${secure ? '__Host-' : ''}tabcast_${port()}`;
  const write = (c: Context<AppEnv>, value: string): void =>
    setCookie(c, name(), value, {
      path: '/',
      httpOnly: true,
      secure,
      sameSite: 'Strict',
      maxAge: COOKIE_SECONDS,
    });
  return {
    read(c) {
      const wanted = name();
      const pairs = (c.req.header('cookie') ?? '').split(';').map((pair) => pair.trim());
      const values = pairs
        .filter((pair) => pair.startsWith(`${wanted}=`))
        .map((pair) => pair.slice(wanted.length + 1));
      return [...new Set(values)];
    },
    write,
    writeSignedOut: (c) => write(c, SIGNED_OUT),
    isSignedOut: (value) => value === SIGNED_OUT,
  };
}
