/** Whether the store can be written to: known from the last write, and asked for while it can't. */
import type { Timers } from '../sessions/coalescer.ts';
import { StorageError, type Store } from './store.ts';

/** How often a store that refused a write is asked again, in milliseconds. */
const CHECK_MS = 1_000;

export interface StorageWatch {
  /** The same store, watched. Closing it ends the watching too. */
  readonly store: Store;
  /** What keeps it from being written to; null when nothing does. */
  readonly problem: StorageError | null;
}

export interface StorageWatchDeps {
  timers: Timers;
  /** `problem` is another one. */
  onChange(problem: StorageError | null): void;
}

export function watchStorage(watched: Store, { timers, onChange }: StorageWatchDeps): StorageWatch {
  let problem: StorageError | null = null;
  let timer: unknown = null;
  let closed = false;

  const later = (): void => {
    if (timer !== null || closed) return;
    timer = timers.set(() => {
      timer = null;
      void write(watched.check()).catch(() => {});
    }, CHECK_MS);
  };
  const tell = (next: StorageError | null): void => {
    if (closed) return;
    if (next !== null) later();
    if (next?.problem === problem?.problem) return;
    problem = next;
    onChange(problem);
  };
  const write = async <T>(work: Promise<T>): Promise<T> => {
    try {
      const value = await work;
      tell(null);
      return value;
    } catch (error) {
      if (error instanceof StorageError) tell(error);
      throw error;
    }
  };

  return {
    store: {
      ...watched,
      createSession: (session) => write(watched.createSession(session)),
      patch: (logId, patch) => write(watched.patch(logId, patch)),
      deleteSession: (logId) => write(watched.deleteSession(logId)),
      append: (append) => write(watched.append(append)),
      check: () => write(watched.check()),
      close() {
        closed = true;
        if (timer !== null) timers.clear(timer);
        timer = null;
        return watched.close();
      },
    },
    get problem() {
      return problem;
    },
  };
}
