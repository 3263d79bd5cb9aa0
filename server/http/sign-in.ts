/** Signing in and out: what a claim is worth, how often it may be tried, and the record and cookie that follow (A2). */
import { isIP } from 'node:net';
import type { Context } from 'hono';
import { z } from 'zod';
import type { SignInClaim } from '../../shared/api.ts';
import { BY_ADDRESS, BY_NAME, placeOf, type Attempts } from '../access/attempts.ts';
import { MAX_PASSWORD, TooBusy } from '../access/password.ts';
import type { Known, Principals } from '../access/principals.ts';
import type { SignIns } from '../access/sign-ins.ts';
import { ServiceError } from '../sessions/service.ts';
import { isLoopback, type Access } from './access.ts';
import type { SignInCookie } from './cookies.ts';
import type { AppEnv } from './env.ts';

/** The body of `POST /api/sign-in`, and the fields of the form: the one or the other. */
export const claimInput = z.union([
  z.strictObject({
    name: z.string().min(1).max(64),
    password: z.string().min(1).max(MAX_PASSWORD),
  }),
  z.strictObject({ token: z.string().max(512) }),
]);

/** Until there is a free place to check a password in, seconds. */
const BUSY_SECONDS = 5;

export interface SignInDeps {
  principals: Principals;
  signIns: SignIns;
  cookie: SignInCookie;
  access: Pick<Access, 'asking'>;
  attempts: Attempts;
}

export interface SignInDesk {
  readonly kind: Principals['kind'];
  /**
   * Makes the sign-in and sets the cookie on the answer.
   * @throws ServiceError `unauthorized`; `too_many`, with `Retry-After` on the answer
   */
  enter(c: Context<AppEnv>, claim: SignInClaim): Promise<Known>;
  /** Ends the sign-in that asks, if one does, and empties the browser's caches of what it saw. */
  leave(c: Context<AppEnv>): void;
}

export function createSignInDesk(deps: SignInDeps): SignInDesk {
  const { principals, signIns, cookie, access, attempts } = deps;
  const later = (c: Context<AppEnv>, seconds: number): ServiceError => {
    c.header('retry-after', String(seconds));
    return new ServiceError('too_many', `Too many attempts to sign in. Try again in ${seconds} s.`);
  };
  const endPresent = (c: Context<AppEnv>): void => {
    const asking = access.asking(c);
    if (typeof asking !== 'object' || asking.signIn === null) return;
    signIns.end(asking.principal, asking.signIn.id);
  };

  return {
    kind: principals.kind,
    async enter(c, claim) {
      const tried = [{ key: `address ${placeOf(addressOf(c))}`, rate: BY_ADDRESS }];
      if ('name' in claim) {
        tried.push({ key: `name ${claim.name.trim().toLowerCase()}`, rate: BY_NAME });
      }
      for (const { key, rate } of tried) {
        const wait = attempts.take(key, rate);
        if (wait > 0) throw later(c, Math.ceil(wait / 1000));
      }
      let known: Known | null;
      try {
        known = await principals.check(claim);
      } catch (error) {
        if (error instanceof TooBusy) throw later(c, BUSY_SECONDS);
        throw error;
      }
      if (known === null) throw new ServiceError('unauthorized', wrong(claim, principals.kind));
      for (const { key, rate } of tried) attempts.giveBack(key, rate);
      // The browser has one sign-in at a time.
      endPresent(c);
      cookie.write(c, signIns.create(known, c.req.header('user-agent') ?? ''));
      c.header('cache-control', 'no-store');
      return known;
    },
    leave(c) {
      endPresent(c);
      cookie.writeSignedOut(c);
      // Pages in the back/forward cache and answers in the HTTP cache (https://www.w3.org/TR/clear-site-data/).
      c.header('clear-site-data', '"cache"');
      c.header('cache-control', 'no-store');
    },
  };
}

function wrong(claim: SignInClaim, kind: Principals['kind']): string {
  if ('name' in claim === (kind === 'token')) {
    return kind === 'token'
      ? 'This server has no users: sign in with the token of the link that it printed when it started.'
      : 'This server has users: sign in with a name and a password.';
  }
  return kind === 'token'
    ? 'This token is not valid. tabcast prints the right one when it starts: look in the terminal where it runs.'
    : 'The name or the password is not right.';
}

/** A proxy on this machine tells for whom it asks; the last word of the header is its own. Others are not believed. */
function addressOf(c: Context<AppEnv>): string {
  const env = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined;
  const peer = env?.incoming?.socket?.remoteAddress ?? '';
  if (!isLoopback(peer.replace(/^::ffff:/, ''))) return peer;
  const told = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  return isIP(told) === 0 ? peer : told;
}
