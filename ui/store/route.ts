/** Which page an address names (O6). Only `/session/<id>` projects into a session. */
import { batch, signal, type ReadonlySignal } from '@preact/signals';
import type { AddressBar } from '../env.ts';

export type Route =
  | { kind: 'home' }
  /** `turn`: the ordinal of the turn to open it at; null for its end, or where the reader left it. */
  | { kind: 'session'; id: string; turn: number | null }
  /** How the hub does. */
  | { kind: 'hub' }
  | { kind: 'unknown'; path: string };

const SESSION = /^\/session\/([A-Za-z0-9_-]{1,64})\/?$/;

export const HUB_PATH = '/hub';

const TURN = /[?&]turn=(\d{1,9})(?:&|$)/;

/** A path, with its query if it has one, to its route; never throws. */
export function parseRoute(address: string): Route {
  const [path = '', query] = address.split('?', 2);
  if (path === '/' || path === '') return { kind: 'home' };
  if (path === HUB_PATH) return { kind: 'hub' };
  const id = SESSION.exec(path)?.[1];
  if (id === undefined) return { kind: 'unknown', path };
  const turn = TURN.exec(`?${query ?? ''}`)?.[1];
  return { kind: 'session', id, turn: turn === undefined ? null : Number(turn) };
}

/** @param turn the ordinal of a turn: the address then opens the session there */
export const sessionPath = (id: string, turn: number | null = null): string =>
  turn === null ? `/session/${id}` : `/session/${id}?turn=${turn}`;

export interface Router {
  readonly route: ReadonlySignal<Route>;
  /** Counts how often somebody came to a page: by a link, back and forward, or opening the tab. */
  readonly arrivals: ReadonlySignal<number>;
  navigate(path: string): void;
  /** The same page under its right address: no entry in the history. */
  replace(path: string): void;
  /** Twice is fine. */
  close(): void;
}

/** The route follows the address bar, and back and forward. */
export function createRouter(addressBar: AddressBar): Router {
  const route = signal(parseRoute(addressBar.path()));
  const arrivals = signal(1);
  const arrive = () =>
    batch(() => {
      route.value = parseRoute(addressBar.path());
      arrivals.value += 1;
    });
  const unsubscribe = addressBar.onPop(arrive);
  return {
    route,
    arrivals,
    navigate(path) {
      if (path !== addressBar.path()) addressBar.push(path);
      // Also when it is the present one: a link to a turn leads there again.
      arrive();
    },
    replace(path) {
      addressBar.replace(path);
      route.value = parseRoute(path);
    },
    close: unsubscribe,
  };
}
