/** The open event streams: counted for diagnostics, and ended together when the server stops. */
import type { Diagnostics } from '../../shared/api.ts';
import type { Holder } from './env.ts';

export interface OpenStream {
  kind: 'session' | 'lane';
  /** Canonical ids, as they are now, of the sessions it carries. */
  sessionIds(): string[];
  /** For whom it flows. */
  holder: Holder;
  /** Asks the stream to end as if it had been rotated: its reader comes back at its cursor. */
  end(): void;
}

export interface StreamRegistry {
  /** @returns what removes it; twice is a no-op */
  add(stream: OpenStream): () => void;
  /** @param principal whose streams; without it, everybody's */
  counts(principal?: string): Diagnostics['streams'];
  /** Ends those whose holder is one no more: nothing goes on flowing to a browser that was signed out. */
  recheck(): void;
  /** Ends all, and every one that is added later. */
  drain(): void;
  readonly draining: boolean;
}

export function createStreamRegistry(): StreamRegistry {
  const open = new Set<OpenStream>();
  let draining = false;
  return {
    add(stream) {
      // Two additions of one object must not share a place in the set.
      const entry = { ...stream };
      open.add(entry);
      // The sign-in may have ended between the answer's head and its first byte.
      if (draining || !stream.holder.valid()) stream.end();
      return () => {
        open.delete(entry);
      };
    },
    counts(principal) {
      // An agent names its session (O9), also '__proto__'.
      const sessions = new Map<string, number>();
      let lanes = 0;
      let own = 0;
      for (const stream of open) {
        if (principal !== undefined && stream.holder.principal !== principal) continue;
        if (stream.kind === 'lane') lanes += 1;
        else own += 1;
        for (const id of stream.sessionIds()) sessions.set(id, (sessions.get(id) ?? 0) + 1);
      }
      return { lanes, own, sessions: Object.fromEntries(sessions) };
    },
    recheck() {
      for (const stream of open) if (!stream.holder.valid()) stream.end();
    },
    drain() {
      draining = true;
      for (const stream of open) stream.end();
    },
    get draining() {
      return draining;
    },
  };
}
