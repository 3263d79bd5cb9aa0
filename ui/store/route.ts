/** Which page an address names (O6). Only `/session/<id>` projects into a session. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { AddressBar } from '../env.ts';

export type Route =
  | { kind: 'home' }
  | { kind: 'session'; id: string }
  | { kind: 'unknown'; path: string };

const SESSION = /^\/session\/([A-Za-z0-9_-]{1,64})\/?$/;

/** A path to its route; never throws. */
export function parseRoute(path: string): Route {
  if (path === '/' || path === '') return { kind: 'home' };
  const id = SESSION.exec(path)?.[1];
  return id === undefined ? { kind: 'unknown', path } : { kind: 'session', id };
}

export const sessionPath = (id: string): string => `/session/${id}`;

export interface Router {
  readonly route: ReadonlySignal<Route>;
  navigate(path: string): void;
  /** The same page under its right address: no entry in the history. */
  replace(path: string): void;
  /** Twice is fine. */
  close(): void;
}

/** The route follows the address bar, and back and forward. */
export function createRouter(addressBar: AddressBar): Router {
  const route = signal(parseRoute(addressBar.path()));
  const unsubscribe = addressBar.onPop(() => {
    route.value = parseRoute(addressBar.path());
  });
  return {
    route,
    navigate(path) {
      if (path === addressBar.path()) return;
      addressBar.push(path);
      route.value = parseRoute(path);
    },
    replace(path) {
      addressBar.replace(path);
      route.value = parseRoute(path);
    },
    close: unsubscribe,
  };
}
