/** How this tab stands with the hub. How the hub stands with the server is a `Connection`. */
import type { HubHello } from '../../shared/hub-api.ts';
import type { ApiError } from '../../shared/errors.ts';

export type Link =
  /** `attempt` counts from 1 up the ladder. */
  | { state: 'connecting'; attempt: number }
  | { state: 'attached'; hub: HubHello; inPage: boolean }
  /** The last attempt failed; the next one is on its way. */
  | { state: 'waiting'; attempt: number; error: ApiError }
  /** Neither a worker nor the page could run a hub: nothing is tried until a person asks for it. */
  | { state: 'failed'; error: ApiError }
  /** The hub is of another protocol: this page or that hub is of an older version. */
  | { state: 'outdated'; hub: HubHello }
  /** The page is hidden for good or in the back/forward cache (T1). */
  | { state: 'suspended' }
  | { state: 'closed' };

/** For hello and attach, milliseconds: a worker that starts on a busy machine needs a second or two. */
export const HELLO_MS = 5_000;
/** For a command, which is an HTTP request of the hub. */
export const COMMAND_MS = 30_000;
/** For the question whether the hub is there: asked too early, it costs an attachment to the same hub. */
export const ASK_MS = 1_500;
/** A page that is looked at asks a silent hub after this much: with `ASK_MS` and a new hub's start it stays within 5 s (T4). */
export const LOOKED_AT_MS = 2_500;
/** A page that comes into view asks unless it heard something within this time. */
export const JUST_NOW_MS = 1_000;
/** The hub pings at least every 15 s (H5). In a page in the background, timers are slow and nobody looks. */
export const SILENCE_MS = 45_000;
/** Beyond this, the question is whether the tab is still attached: its lease may have run out while it was frozen. */
export const QUIET_MS = 20_000;

/** The pause before the attempt after `attempt`, in milliseconds. */
export function retryDelay(attempt: number): number {
  return Math.min(8_000, 250 * 2 ** Math.min(attempt - 1, 5));
}
