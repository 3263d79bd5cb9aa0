/** Whose hub it is: every answer to somebody who is signed in names the principal, and every request who it is for (A4). */
import { PRINCIPAL_HEADER } from '../shared/api.ts';
import type { HubEnv } from './env.ts';

export interface PrincipalWatch {
  /** Refuses, as if the network had failed, what comes for another principal than it was asked for. */
  fetch: HubEnv['fetch'];
  /** Opaque; null until an answer told. */
  current(): string | null;
  /** Nobody's: the next answer tells. */
  forget(): void;
}

/** @param onOther somebody else is signed in now: nothing that is here may stay */
export function watchPrincipal(fetch: HubEnv['fetch'], onOther: () => void): PrincipalWatch {
  let principal: string | null = null;
  return {
    current: () => principal,
    forget() {
      principal = null;
    },
    async fetch(input, init) {
      const asked = principal;
      const response = await fetch(input, asked === null ? init : addressed(init, asked));
      const told = response.headers.get(PRINCIPAL_HEADER);
      if (told === null || told === principal) return response;
      // Asked for before anybody was known: it says who is.
      if (principal === null && asked === null) {
        principal = told;
        return response;
      }
      response.body?.cancel().catch(() => {});
      // A late answer to one who was here before tells nothing new.
      if (asked !== null && asked === principal) {
        principal = told;
        onOther();
      }
      throw new TypeError('the answer is for another principal');
    },
  };
}

function addressed(init: RequestInit | undefined, principal: string): RequestInit {
  const headers = new Headers(init?.headers);
  headers.set(PRINCIPAL_HEADER, principal);
  return { ...init, headers };
}
