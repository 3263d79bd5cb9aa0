/** How this tab stands with the hub. How the hub stands with the server is a `Connection`. */
import type { HubHello } from '../../shared/hub-api.ts';
import type { ApiError } from '../../shared/errors.ts';

export type Link =
  /** `attempt` counts from 1 since the tab was last attached. */
  | { state: 'connecting'; attempt: number }
  | { state: 'attached'; hub: HubHello }
  /** The last attempt failed; the next one is on its way. */
  | { state: 'waiting'; attempt: number; error: ApiError }
  /** The hub is of another protocol: this page or that hub is of an older version. */
  | { state: 'outdated'; hub: HubHello }
  /** The page is hidden for good or in the back/forward cache (T1). */
  | { state: 'suspended' }
  | { state: 'closed' };

/** For hello and attach, milliseconds: a worker that starts on a busy machine needs a second or two. */
export const HELLO_MS = 5_000;
/** For a command, which is an HTTP request of the hub. */
export const COMMAND_MS = 30_000;
/** The hub pings at least every 15 s (a lease lasts 30 s, H5); beyond this the tab asks whether it is still attached. */
export const SILENCE_MS = 45_000;
/** A page that is looked at again asks after this much: its lease may have run out while it was frozen. */
export const QUIET_MS = 20_000;

/** The pause before the attempt after `attempt`, in milliseconds. */
export function retryDelay(attempt: number): number {
  return Math.min(8_000, 250 * 2 ** Math.min(attempt - 1, 5));
}
