/** Who may sign in: everybody with the token as one principal, or the users of a file. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SignInClaim, SignInKind } from '../../shared/api.ts';
import type { Logger } from '../log.ts';
import type { Timers } from '../http/timers.ts';
import type { Passwords } from './password.ts';
import { readUsers, tokenHash, UsersError, type User } from './users-file.ts';

/** How often the users file is looked at, milliseconds. */
const LOOK_MS = 1_000;

/** Everybody with the token is this one principal; a user of that name sees its sessions. */
export const LOCAL = 'local';

/** Somebody who is known now. */
export interface Known {
  principal: string;
  /** Names what was shown to sign in; another password or token is another credential, and ends the sign-ins of before. */
  credential: string;
}

export interface Principals {
  readonly kind: SignInKind;
  /** @throws TooBusy */
  check(claim: SignInClaim): Promise<Known | null>;
  /** Of a script. */
  bearer(token: string): Known | null;
  /** False once the user is removed, or has another password or token. */
  holds(known: Known): boolean;
  /** Called when somebody may have been removed. @returns unsubscribe */
  onChange(run: () => void): () => void;
  /** Leaves no timer. Twice is fine. */
  close(): void;
}

export function createTokenPrincipal(token: string): Principals {
  const known: Known = { principal: LOCAL, credential: fingerprint(token) };
  const isToken = (given: string): Known | null => (sameSecret(given, token) ? known : null);
  return {
    kind: 'token',
    check: async (claim) => ('token' in claim ? isToken(claim.token) : null),
    bearer: isToken,
    holds: ({ principal, credential }) => principal === LOCAL && credential === known.credential,
    onChange: () => () => {},
    close() {},
  };
}

export interface UsersDeps {
  file: string;
  passwords: Passwords;
  timers: Timers;
  log: Logger;
}

/**
 * Follows the file: looked at once a second. One that is gone or broken changes nothing, which the log says: a
 * removal counts once the file is whole again.
 * @throws UsersError
 */
export function createUsers({ file, passwords, timers, log }: UsersDeps): Principals {
  let users = index(readUsers(file));
  if (users.size === 0) {
    throw new UsersError(
      `${file} has no users. Add one: npm run user add <name> -- --users ${file}`,
    );
  }
  let problem = '';
  const listeners = new Set<() => void>();
  const look = (): void => {
    try {
      const next = index(readUsers(file));
      problem = '';
      if (JSON.stringify([...next]) === JSON.stringify([...users])) return;
      users = next;
    } catch (error) {
      const { message } = error as Error;
      if (message !== problem) log.error({ err: error }, 'the users file is not taken');
      problem = message;
      return;
    }
    for (const run of listeners) run();
  };
  const stop = timers.every(LOOK_MS, look);

  return {
    kind: 'users',
    async check(claim) {
      if (!('name' in claim)) return null;
      // As it is typed on a telephone.
      const name = claim.name.trim().toLowerCase();
      const user = users.get(name);
      if (!(await passwords.matches(claim.password, user?.password ?? null))) return null;
      // It may have been removed meanwhile.
      return user !== undefined && users.get(name)?.password === user.password
        ? { principal: name, credential: fingerprint(user.password) }
        : null;
    },
    bearer(token) {
      const hash = tokenHash(token);
      for (const { name, token: kept } of users.values()) {
        if (kept === hash) return { principal: name, credential: fingerprint(kept) };
      }
      return null;
    },
    holds({ principal, credential }) {
      const user = users.get(principal);
      if (user === undefined) return false;
      return [user.password, user.token].some(
        (kept) => kept !== undefined && fingerprint(kept) === credential,
      );
    },
    onChange(run) {
      listeners.add(run);
      return () => listeners.delete(run);
    },
    close: stop,
  };
}

function index(users: readonly User[]): Map<string, User> {
  return new Map(users.map((user) => [user.name, user]));
}

function fingerprint(secret: string): string {
  return createHash('sha256').update('tabcast credential\0').update(secret).digest('base64url');
}

/** Compares digests of equal length, so that neither content nor length shows in the time it takes. */
function sameSecret(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', secret).update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
