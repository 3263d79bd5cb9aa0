/** The open event streams: counted for diagnostics, and ended together when the server stops. */
import type { Diagnostics } from '../../shared/api.ts';
import { ServiceError } from '../sessions/service.ts';

export interface OpenStream {
  kind: 'session' | 'lane';
  /** Canonical ids, as they are now, of the sessions it carries. */
  sessionIds(): string[];
  /** Asks the stream to end as if it had been rotated: its reader comes back at its cursor. */
  end(): void;
}

export interface StreamRegistry {
  /** The same registry for one person's streams, of which only so many may be open (A5). */
  of(principal: string): PersonStreams;
  /** @returns what removes it; twice is a no-op */
  add(stream: OpenStream): () => void;
  counts(): Diagnostics['streams'];
  /** Ends all, and every one that is added later. */
  drain(): void;
  readonly draining: boolean;
}

export interface PersonStreams extends StreamRegistry {
  /** @throws ServiceError `too_many` when as many are open as may be */
  admit(): void;
}

/** Seconds until a refused stream may try again: about as long as a page takes to close its own. */
const RETRY_SECONDS = 5;

/** @param maxPerPerson open streams of one principal */
export function createStreamRegistry(maxPerPerson: number): StreamRegistry {
  const perPerson = new Map<string, number>();
  const open = new Set<OpenStream>();
  let draining = false;
  const registry: StreamRegistry = {
    add(stream) {
      // Two additions of one object must not share a place in the set.
      const entry = { ...stream };
      open.add(entry);
      if (draining) stream.end();
      return () => {
        open.delete(entry);
      };
    },
    counts() {
      const sessions: Record<string, number> = {};
      let lanes = 0;
      let own = 0;
      for (const stream of open) {
        if (stream.kind === 'lane') lanes += 1;
        else own += 1;
        for (const id of stream.sessionIds()) sessions[id] = (sessions[id] ?? 0) + 1;
      }
      return { lanes, own, sessions };
    },
    drain() {
      draining = true;
      for (const stream of open) stream.end();
    },
    get draining() {
      return draining;
    },
    of(principal) {
      const count = (): number => perPerson.get(principal) ?? 0;
      const set = (next: number): void => {
        if (next === 0) perPerson.delete(principal);
        else perPerson.set(principal, next);
      };
      return {
        ...registry,
        get draining() {
          return draining;
        },
        admit() {
          if (count() < maxPerPerson) return;
          throw new ServiceError(
            'too_many',
            `${maxPerPerson} event streams of yours are open, as many as this server has for one person. Close some tabs or programs that read.`,
            RETRY_SECONDS,
          );
        },
        add(stream) {
          // Several may have been let in at the same moment: the last ones end at once, come back and are refused.
          const over = count() >= maxPerPerson;
          set(count() + 1);
          const remove = registry.add(stream);
          if (over) stream.end();
          let open = true;
          return () => {
            if (open) set(count() - 1);
            open = false;
            remove();
          };
        },
      };
    },
  };
  return registry;
}
