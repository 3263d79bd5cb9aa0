/** Deadlines for calls that may never settle: a Comlink call to a dead port does not, and nothing tells. */
import type { Timers } from '../env.ts';

/** The call was not answered in time, or its connection was given up. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
}

export interface Deadlines {
  /**
   * The promise's own outcome, if it comes within `ms` milliseconds.
   * @throws NoAnswer
   */
  within<T>(ms: number, promise: PromiseLike<T>): Promise<T>;
  /** Every call that is still open fails now; later ones at once. Leaves no timer; twice is fine. */
  close(): void;
}

/** Deadlines of one connection. */
export function createDeadlines(timers: Timers): Deadlines {
  const open = new Set<(error: NoAnswer) => void>();
  let closed = false;

  return {
    within: (ms, promise) =>
      new Promise((resolve, reject) => {
        const settle = (run: () => void) => {
          timers.clearTimeout(timer);
          open.delete(abort);
          run();
        };
        const abort = (error: NoAnswer) => settle(() => reject(error));
        const timer = timers.setTimeout(() => abort(new NoAnswer(`no answer in ${ms} ms`)), ms);
        open.add(abort);
        promise.then(
          (value) => settle(() => resolve(value)),
          (error: unknown) =>
            settle(() => reject(error instanceof Error ? error : new Error(String(error)))),
        );
        if (closed) abort(new NoAnswer('the connection is closed'));
      }),
    close() {
      closed = true;
      for (const abort of open) abort(new NoAnswer('the connection is closed'));
    },
  };
}
