/** Whose page this is: another principal's rows and panes are never shown by a document that showed this one's (A4). */

export interface PrincipalDeps {
  /** What the browser's cookie says. */
  signedInAs(): string | null;
  /** This document has to go. */
  leave(): void;
}

export interface Principal {
  /** Null until a hub told. */
  current(): string | null;
  /** A hub told whose rows it has. */
  told(principal: string): void;
  /** Before anything comes from a hub. @returns false when this document has to go */
  isStillHere(): boolean;
}

/** The first principal that a hub tells is the document's. */
export function createPrincipal({ signedInAs, leave }: PrincipalDeps): Principal {
  let current: string | null = null;
  return {
    current: () => current,
    told(principal) {
      if (current === null) current = principal;
      else if (current !== principal) leave();
    },
    isStillHere() {
      const now = signedInAs();
      if (current === null || now === null || now === current) return true;
      leave();
      return false;
    },
  };
}
