/**
 * Where a hub is looked for, one rung after the other, and when the tab says that there is none (T4). Measured in
 * Chromium: a worker that died with its creator's renderer, or whose script was not found, is made anew under the
 * same name, and tabs that ask at the same time get the same one; one that hangs or threw at its start is handed out
 * again and again, so the last attempt takes another name.
 */
export type Rung =
  | 'worker'
  /** Under the name after the one that failed. */
  | 'next-worker'
  /** The same script as a module of this page. */
  | 'page'
  /** Nothing is left to try until a person asks for it. */
  | 'none';

/** How many times a worker is tried before the hub runs in the page. */
const WORKER_ATTEMPTS = 3;
/** The count that leads to the page's own hub, and keeps it there. */
export const IN_PAGE = WORKER_ATTEMPTS;
/** A hub that was with us this long, milliseconds, starts the count anew when it is lost. */
export const STEADY_MS = 30_000;

/** @param failures in a row */
export function rungOf(failures: number): Rung {
  if (failures < WORKER_ATTEMPTS - 1) return 'worker';
  if (failures < WORKER_ATTEMPTS) return 'next-worker';
  return failures === IN_PAGE ? 'page' : 'none';
}

/** The count after a hub was lost. @param attachedMs how long the tab had been attached to it; null when it never was */
export function countFailure(failures: number, attachedMs: number | null): number {
  return (attachedMs !== null && attachedMs >= STEADY_MS ? 0 : failures) + 1;
}
