/**
 * Trusted Types for the address of a worker: a policy of its own. The server's CSP allows no other one but that
 * of character references (`markdown/references.ts`). https://w3c.github.io/trusted-types/dist/spec/
 */
import type { SharedWorkerConstructor } from './env.ts';

/** The part of the browser's factory that is used. */
export interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

/**
 * @param origin only scripts of it become workers
 * @returns the constructor, for addresses as strings; itself where the browser has no Trusted Types. Made once per
 * page: a second policy of the name is refused.
 */
export function trustScripts(
  SharedWorker: SharedWorkerConstructor,
  trustedTypes: PolicyFactory | undefined,
  origin: string,
): SharedWorkerConstructor {
  if (trustedTypes === undefined) return SharedWorker;
  const policy = trustedTypes.createPolicy('tabcast', {
    createScriptURL(url) {
      if (new URL(url, origin).origin !== origin) throw new TypeError('a script of another origin');
      return url;
    },
  });
  return class extends SharedWorker {
    constructor(...[url, options]: ConstructorParameters<SharedWorkerConstructor>) {
      // A TrustedScriptURL; the DOM's types know strings only.
      super(policy.createScriptURL(url) as string, options);
    }
  };
}
