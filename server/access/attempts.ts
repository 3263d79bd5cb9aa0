/** How often somebody may try to sign in: a bucket per address and per name, which empties with time. */
import { isIPv6 } from 'node:net';

/** `burst` at once, then one every `everyMs`. */
export interface Rate {
  burst: number;
  everyMs: number;
}

export const BY_ADDRESS: Rate = { burst: 20, everyMs: 6_000 };
export const BY_NAME: Rate = { burst: 10, everyMs: 30_000 };
/** Of names and addresses together. */
const MAX_KEYS = 20_000;
/** How many give way at once: who makes up names must not have all of them looked through each time. */
const GIVE_WAY = 200;

export interface Attempts {
  /** @returns 0 when it may be tried, and is counted; else how long to wait, milliseconds */
  take(key: string, rate: Rate): number;
  /** It was right: not to be counted. */
  giveBack(key: string, rate: Rate): void;
}

/** @param monotonic milliseconds, never going back */
export function createAttempts(monotonic: () => number): Attempts {
  /** When each bucket will be empty (the generic cell rate algorithm's theoretical arrival time). */
  const emptyAt = new Map<string, number>();
  const forget = (): void => {
    const now = monotonic();
    for (const [key, at] of emptyAt) if (at <= now) emptyAt.delete(key);
    for (const key of emptyAt.keys()) {
      if (emptyAt.size <= MAX_KEYS - GIVE_WAY) break;
      emptyAt.delete(key);
    }
  };
  return {
    take(key, { burst, everyMs }) {
      const now = monotonic();
      const at = Math.max(emptyAt.get(key) ?? 0, now);
      const wait = at - now - (burst - 1) * everyMs;
      if (wait > 0) return wait;
      if (emptyAt.size >= MAX_KEYS) forget();
      emptyAt.set(key, at + everyMs);
      return 0;
    },
    giveBack(key, { everyMs }) {
      const at = emptyAt.get(key);
      if (at !== undefined) emptyAt.set(key, at - everyMs);
    },
  };
}

/** What is one place on the network: an IPv4 address, or the /64 that one customer has of IPv6. */
export function placeOf(address: string): string {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = plain.includes('::') ? Math.max(0, 8 - before.length - after.length) : 0;
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
