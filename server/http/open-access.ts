/** The parts that decide who is let in, put together. */
import { join } from 'node:path';
import { readIfThere, replaceFile } from '../access/atomic-file.ts';
import { createAttempts } from '../access/attempts.ts';
import { createPasswords } from '../access/password.ts';
import { createTokenPrincipal, createUsers } from '../access/principals.ts';
import { createSignIns, type SignIns } from '../access/sign-ins.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { createAccess, type Access } from './access.ts';
import { createSignInCookie } from './cookies.ts';
import { createSignInDesk, type SignInDesk } from './sign-in.ts';
import type { StreamRegistry } from './stream-registry.ts';
import type { Timers } from './timers.ts';
import { loadToken } from './token.ts';

export interface OpenAccessOptions {
  config: Pick<Config, 'dataFolder' | 'secret' | 'usersFile' | 'signInDays' | 'host' | 'hosts'>;
  port(): number;
  secure: boolean;
  streams: Pick<StreamRegistry, 'recheck'>;
  timers: Timers;
  /** Milliseconds, never going back. */
  monotonic(): number;
  log: Logger;
}

export interface OpenAccess {
  access: Access;
  desk: SignInDesk;
  signIns: SignIns;
  /** Part of the printed address; null where users sign in with names. */
  token: string | null;
  /** Leaves no timer. Twice is fine. */
  close(): void;
}

/** @throws TokenError, UsersError, and what the file system throws for the data folder */
export async function openAccess(options: OpenAccessOptions): Promise<OpenAccess> {
  const { config, port, secure, streams, timers, monotonic, log } = options;
  const { dataFolder, host, hosts, usersFile } = config;
  const token = usersFile === null ? (config.secret ?? (await loadToken(dataFolder))) : null;
  const principals =
    usersFile === null
      ? createTokenPrincipal(token ?? '')
      : createUsers({ file: usersFile, passwords: createPasswords(), timers, log });
  const file = join(dataFolder, 'sign-ins.json');
  const signIns = createSignIns({
    kept: { read: () => readIfThere(file), write: (text) => replaceFile(file, text) },
    lifetime: config.signInDays * 24 * 60 * 60_000,
    holds: principals.holds,
    timers,
    now: Date.now,
    log,
  });
  const cookie = createSignInCookie(port, secure);
  const access = createAccess({ principals, signIns, cookie, port, secure, host, hosts });
  const attempts = createAttempts(monotonic);
  const stops = [
    principals.onChange(() => {
      signIns.recheck();
      // Scripts have no sign-in that would tell.
      streams.recheck();
    }),
    signIns.onEnd(streams.recheck),
    principals.close,
    signIns.close,
  ];
  return {
    access,
    desk: createSignInDesk({ principals, signIns, cookie, access, attempts }),
    signIns,
    token,
    close() {
      for (const stop of stops.splice(0)) stop();
    },
  };
}
