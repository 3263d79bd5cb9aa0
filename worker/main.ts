/**
 * Entry of the SharedWorker, and an ES module that a page without SharedWorker imports by the same address (T3).
 * No await at the top level: the first tab's `connect` event would be lost (H12).
 */
import { expose } from 'comlink';
import { browserEnv } from './env.ts';
import { createHub } from './hub.ts';

declare const __BUILD__: string;

const hub = createHub(browserEnv(__BUILD__));

/** Serves a tab on its port. */
export function connect(port: MessagePort): void {
  expose(hub.api, port);
}

const scope: unknown = globalThis;
if (typeof SharedWorkerGlobalScope !== 'undefined' && scope instanceof SharedWorkerGlobalScope) {
  scope.onconnect = ({ ports: [port] }) => {
    if (port !== undefined) connect(port);
  };
}
