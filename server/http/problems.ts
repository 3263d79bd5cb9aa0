/** What is wrong with the server as a whole, told to every page that is open: nothing can be stored, or it stops. */
import type { ApiError } from '../../shared/errors.ts';
import { createWakeup } from '../sessions/wakeup.ts';
import { namedFrame } from './sse.ts';
import type { StreamPart } from './stream-parts.ts';

type Kind = 'storage' | 'stopping';

export interface ProblemFeed {
  /** Null when all is well. */
  readonly current: ApiError | null;
  /** `reader` is called when `current` has changed. @returns the unsubscribe */
  subscribe(reader: () => void): () => void;
}

export interface Problems extends ProblemFeed {
  set(kind: Kind, problem: ApiError | null): void;
}

export function createProblems(): Problems {
  const known: Record<Kind, ApiError | null> = { storage: null, stopping: null };
  const { subscribe, wake } = createWakeup();
  const current = (): ApiError | null => known.stopping ?? known.storage;
  return {
    get current() {
      return current();
    },
    set(kind, problem) {
      known[kind] = problem;
      wake();
    },
    subscribe,
  };
}

/** A part of the lane: nothing while all is well. */
export function createProblemPart(feed: ProblemFeed): StreamPart {
  let told: ApiError | null = null;
  return {
    read() {
      told = feed.current;
      return namedFrame('problem', { problem: told });
    },
    subscribe: feed.subscribe,
    get state() {
      return feed.current === told ? 'waits' : 'more';
    },
  };
}
