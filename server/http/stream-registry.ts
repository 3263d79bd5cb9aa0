/** The open event streams: counted for diagnostics, and ended together when the server stops. */
import type { Diagnostics } from '../../shared/api.ts';
import { ServiceError } from '../sessions/service.ts';
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
  /** Before a stream of that person is made. @throws ServiceError `too_many` when as many are open as may be (A5) */
  admit(principal: string): void;
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

/** Seconds until a refused stream may try again: about as long as a page takes to close its own. */
const RETRY_SECONDS = 5;

/** @param maxPerPerson open streams of one principal */
export function createStreamRegistry(maxPerPerson: number): StreamRegistry {
  const perPerson = new Map<string, number>();
  const open = new Set<OpenStream>();
  let draining = false;
  const countOf = (principal: string): number => perPerson.get(principal) ?? 0;
  const setCount = (principal: string, next: number): void => {
    if (next === 0) perPerson.delete(principal);
    else perPerson.set(principal, next);
  };

  return {
    admit(principal) {
      if (countOf(principal) < maxPerPerson) return;
      throw new ServiceError(
        'too_many',
        `${maxPerPerson} event streams of yours are open, as many as this server has for one person. Close some tabs or programs that read.`,
        RETRY_SECONDS,
      );
    },
    add(stream) {
      const { principal } = stream.holder;
      // Two additions of one object must not share a place in the set.
      const entry = { ...stream };
      open.add(entry);
      // Several may have been let in at the same moment: the last ones end at once, come back and are refused.
      const over = countOf(principal) >= maxPerPerson;
      setCount(principal, countOf(principal) + 1);
      // The sign-in may have ended between the answer's head and its first byte.
      if (draining || over || !stream.holder.valid()) stream.end();
      return () => {
        if (open.delete(entry)) setCount(principal, countOf(principal) - 1);
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
