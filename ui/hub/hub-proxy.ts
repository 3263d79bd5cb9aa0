/** Comlink's proxy of a hub, held in a way that lets the page rest in the back/forward cache. */
import { releaseProxy, wrap, type ProxyMethods } from 'comlink';
import type { HubApi } from '../../shared/hub-api.ts';

export interface HubProxy {
  readonly api: HubApi;
  /** No call after this; pending ones never settle. Tells the hub's side to let go, too. Twice is fine. */
  release(): void;
}

/**
 * Comlink makes a new proxy at every property access and registers each with a FinalizationRegistry. Collected
 * in a cached page, one runs script there, and Chromium evicts the page ('JavaScriptExecution'; seen in 5 of 30
 * restores on a busy machine). So each method is taken once, and all are unregistered when the tab lets go.
 */
export function createHubProxy(port: MessagePort): HubProxy {
  const remote = wrap<HubApi>(port);
  const methods = new Map<keyof HubApi, ProxyMethods>();
  const take = (name: keyof HubApi): unknown => {
    const known = methods.get(name);
    if (known !== undefined) return known;
    const method = remote[name] as unknown as ProxyMethods;
    methods.set(name, method);
    return method;
  };
  let released = false;
  return {
    api: new Proxy({} as HubApi, { get: (_target, name) => take(name as keyof HubApi) }),
    release() {
      if (released) return;
      released = true;
      for (const proxy of [...methods.values(), remote]) proxy[releaseProxy]();
    },
  };
}
