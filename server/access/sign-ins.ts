/**
 * What a browser has after signing in: a record on the server, so that it can be ended. Of the secret in the cookie
 * only the hash is kept.
 */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { CancelTimer, Timers } from '../http/timers.ts';
import type { Logger } from '../log.ts';
import type { Known } from './principals.ts';

/** Of one principal; the one that was used longest ago gives way. */
const MAX_OWN = 50;
/** In all, the ended ones included. */
const MAX_ALL = 5_000;
/** Use is written down this often at most, milliseconds. */
const NOTE_MS = 10 * 60_000;
/** The longest wait of one timer, milliseconds: a machine that slept notices within this. */
const CHECK_MS = 60_000;

const record = z.strictObject({
  id: z.string(),
  hash: z.string(),
  principal: z.string(),
  credential: z.string(),
  /** The browser's own words, shortened. */
  browser: z.string(),
  createdAt: z.number(),
  /** Noted now and then. */
  usedAt: z.number(),
  /** On purpose: signed out, revoked, or its principal removed. Kept so that its browser can be told so. */
  ended: z.boolean(),
});
export type SignIn = z.output<typeof record>;
const signInsFile = z.strictObject({ version: z.literal(1), signIns: z.array(record) });

/** What a cookie's secret is worth. */
export type Found = { kind: 'valid'; signIn: SignIn } | { kind: 'ended' } | { kind: 'unknown' };

export interface SignIns {
  /** @returns the secret for the cookie: 32 random bytes, base64url */
  create(known: Known, browser: string): string;
  /** Notes the use: a sign-in lasts its lifetime from the last one. */
  use(secret: string): Found;
  isValid(signIn: SignIn): boolean;
  /** Those of a principal that are valid, the newest first. */
  list(principal: string): SignIn[];
  /** @returns false when that principal has no such sign-in */
  end(principal: string, id: string): boolean;
  /** Ends those whose principal is gone or has another credential. */
  recheck(): void;
  /** Called after some have ended or expired. @returns unsubscribe */
  onEnd(run: () => void): () => void;
  /** Leaves no timer, and nothing unwritten. Twice is fine. */
  close(): void;
}

/** Where the records outlive the process. Each throws what its medium throws. */
export interface KeptText {
  /** Null when nothing was kept yet. */
  read(): string | null;
  write(text: string): void;
}

export interface SignInsDeps {
  kept: KeptText;
  /** Milliseconds from the last use. */
  lifetime: number;
  holds(known: Known): boolean;
  timers: Timers;
  /** Milliseconds since the epoch. */
  now(): number;
  log: Logger;
}

/** What can't be read costs the sign-ins, not the server: everybody signs in again, and the log says why. */
export function createSignIns(deps: SignInsDeps): SignIns {
  const { kept, lifetime, timers, now, log } = deps;
  const byHash = new Map<string, SignIn>();
  const listeners = new Set<() => void>();
  let unwritten = false;
  let cancelTimer: CancelTimer = () => {};
  for (const signIn of load(kept, log)) byHash.set(signIn.hash, signIn);

  const write = (): void => {
    unwritten = false;
    try {
      const signIns = [...byHash.values()];
      kept.write(JSON.stringify({ version: 1, signIns }));
    } catch (error) {
      unwritten = true;
      log.error({ err: error }, 'sign-ins are not written down: a restart would lose the newest');
    }
  };
  const isAlive = ({ usedAt }: SignIn): boolean => {
    // A clock that was set back must not make it last longer than from now.
    return Math.abs(now() - usedAt) < lifetime;
  };
  const isValid = (signIn: SignIn): boolean => !signIn.ended && isAlive(signIn);
  const tell = (): void => {
    for (const run of listeners) run();
  };
  /** Lets go of what has run out, and comes back when the next one does. */
  const tidy = (): void => {
    cancelTimer();
    let gone = false;
    let next = CHECK_MS;
    for (const signIn of byHash.values()) {
      if (!isAlive(signIn)) {
        byHash.delete(signIn.hash);
        gone = true;
      } else {
        next = Math.min(next, signIn.usedAt + lifetime - now());
      }
    }
    cancelTimer = byHash.size === 0 ? () => {} : timers.after(Math.max(1, next), tidy);
    if (gone || unwritten) write();
    if (gone) tell();
  };
  const oldestFirst = (signIns: Iterable<SignIn>): SignIn[] =>
    [...signIns].sort((a, b) => Number(b.ended) - Number(a.ended) || a.usedAt - b.usedAt);
  const own = (principal: string): SignIn[] =>
    [...byHash.values()].filter((each) => each.principal === principal && isValid(each));
  const endAll = (signIns: readonly SignIn[]): void => {
    if (signIns.length === 0) return;
    for (const signIn of signIns) signIn.ended = true;
    write();
    tell();
  };

  tidy();
  return {
    create({ principal, credential }, browser) {
      const secret = randomBytes(32).toString('base64url');
      const at = now();
      endAll(
        oldestFirst(own(principal)).slice(0, Math.max(0, own(principal).length - MAX_OWN + 1)),
      );
      const tooMany = Math.max(0, byHash.size - MAX_ALL + 1);
      for (const old of oldestFirst(byHash.values()).slice(0, tooMany)) {
        old.ended = true;
        byHash.delete(old.hash);
      }
      const signIn: SignIn = {
        id: randomBytes(9).toString('base64url'),
        hash: hashOf(secret),
        principal,
        credential,
        browser: browser.slice(0, 300),
        createdAt: at,
        usedAt: at,
        ended: false,
      };
      byHash.set(signIn.hash, signIn);
      write();
      tidy();
      return secret;
    },
    use(secret) {
      const signIn = byHash.get(hashOf(secret));
      if (signIn === undefined || !isAlive(signIn)) return { kind: 'unknown' };
      if (signIn.ended) return { kind: 'ended' };
      if (!deps.holds(signIn)) {
        endAll([signIn]);
        return { kind: 'ended' };
      }
      const at = now();
      if (Math.abs(at - signIn.usedAt) >= Math.min(NOTE_MS, lifetime / 10)) {
        signIn.usedAt = at;
        unwritten = true;
      }
      return { kind: 'valid', signIn };
    },
    isValid,
    list: (principal) => own(principal).sort((a, b) => b.createdAt - a.createdAt),
    end(principal, id) {
      const signIn = own(principal).find((each) => each.id === id);
      if (signIn === undefined) return false;
      endAll([signIn]);
      return true;
    },
    recheck: () => endAll([...byHash.values()].filter((each) => !each.ended && !deps.holds(each))),
    onEnd(run) {
      listeners.add(run);
      return () => listeners.delete(run);
    },
    close() {
      cancelTimer();
      if (unwritten) write();
    },
  };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function load(kept: KeptText, log: Logger): SignIn[] {
  try {
    const text = kept.read();
    return text === null ? [] : signInsFile.parse(JSON.parse(text)).signIns;
  } catch (error) {
    log.error({ err: error }, 'the sign-ins of before are not read: everybody signs in again');
    return [];
  }
}
