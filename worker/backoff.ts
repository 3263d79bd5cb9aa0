/** When to try again (H8). */

const BASE_MS = 500;
const CAP_MS = 30_000;
/** A header that asks for more is cut: timers overflow at 2^31 milliseconds. */
const LONGEST_FLOOR_MS = 24 * 60 * 60 * 1000;

/**
 * Exponential with full jitter: anything up to the bound, so that clients of a restarted server spread out.
 * @param attempt 1 for the first retry
 * @param random in [0, 1)
 * @returns milliseconds
 */
export function backoffMs(attempt: number, random: number): number {
  return Math.floor(random * Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1)));
}

/**
 * `Retry-After`: seconds or an HTTP date (RFC 9110, 10.2.3).
 * @returns milliseconds from `now`; 0 when absent, past or not readable
 */
export function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_FLOOR_MS) : 0;
}
