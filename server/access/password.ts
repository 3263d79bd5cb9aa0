/**
 * Passwords as they are kept: scrypt (RFC 7914), off the main thread. Costs as OWASP's password storage cheat sheet
 * has them for 32 MiB: N = 2^15, r = 8, p = 3.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export const MIN_PASSWORD = 10;
/** Longer ones are not read: their hashing would be somebody else's choice of our time. */
export const MAX_PASSWORD = 256;

/** At once: Node has four threads for this and for the file system. */
const AT_ONCE = 2;
/** More than these wait for nothing that would still be of use. */
const MAX_WAITING = 32;
const BYTES = 32;

interface Costs {
  N: number;
  r: number;
  p: number;
}
const COSTS: Costs = { N: 2 ** 15, r: 8, p: 3 };

/** `scrypt:N:r:p:salt:hash`. The bounds keep a file from asking for all of the machine's memory. */
const FORM = /^scrypt:(\d{1,6}):(\d{1,2}):(\d{1,2}):([\w-]{22}):([\w-]{43})$/;

export function isPasswordHash(text: string): boolean {
  return parse(text) !== null;
}

/** Why a password is not taken, or null. */
export function passwordProblem(password: string): string | null {
  if ([...password].length < MIN_PASSWORD) {
    return `A password has at least ${MIN_PASSWORD} characters.`;
  }
  if (password.length > MAX_PASSWORD) return `A password has at most ${MAX_PASSWORD} characters.`;
  return null;
}

/** Too many passwords are being checked already. */
export class TooBusy extends Error {
  override name = 'TooBusy';
}

export interface Passwords {
  hash(password: string): Promise<string>;
  /** @param hash null when there is no such name: the work is done all the same. @throws TooBusy */
  matches(password: string, hash: string | null): Promise<boolean>;
}

/** @param costs of new hashes, and of the work for nothing */
export function createPasswords(costs: Costs = COSTS): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];
  const nobody = format(costs, randomBytes(16), randomBytes(BYTES));

  const bounded = async <T>(run: () => Promise<T>): Promise<T> => {
    if (running >= AT_ONCE) {
      if (waiting.length >= MAX_WAITING) throw new TooBusy('too many passwords are being checked');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await run();
    } finally {
      // The place is handed on, so that nobody comes in between.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };

  return {
    async hash(password) {
      const salt = randomBytes(16);
      return format(costs, salt, await bounded(() => derive(password, salt, costs)));
    },
    async matches(password, hash) {
      const known = parse(hash ?? nobody);
      if (known === null) throw new Error('not a password hash');
      const derived = await bounded(() => derive(password, known.salt, known.costs));
      return timingSafeEqual(derived, known.hash) && hash !== null;
    },
  };
}

function format({ N, r, p }: Costs, salt: Buffer, hash: Buffer): string {
  return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join(':');
}

function parse(text: string): { costs: Costs; salt: Buffer; hash: Buffer } | null {
  const found = FORM.exec(text);
  if (found === null) return null;
  const [N = 0, r = 0, p = 0] = found.slice(1, 4).map(Number);
  const isPower = N >= 2 && N <= 2 ** 17 && (N & (N - 1)) === 0;
  if (!isPower || r < 1 || r > 16 || p < 1 || p > 16) return null;
  const [salt = '', hash = ''] = found.slice(4);
  return {
    costs: { N, r, p },
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  };
}

function derive(password: string, salt: Buffer, { N, r, p }: Costs): Promise<Buffer> {
  // The same characters come in more than one form from different keyboards.
  const text = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, BYTES, { N, r, p, maxmem: 256 * N * r + 1024 * r * p }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
