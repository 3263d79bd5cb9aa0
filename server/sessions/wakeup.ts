/** Tells waiting readers that there is something to read, without data: what it is, they read at their cursor. */
export interface Wakeup {
  /** Resolves at the next `wake`, or on `signal`; never rejects. */
  wait(signal: AbortSignal): Promise<void>;
  wake(): void;
  /** How many wait. */
  readonly waiting: number;
}

export function createWakeup(): Wakeup {
  const waiting = new Set<() => void>();
  return {
    wait: (signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        if (signal.aborted) return done();
        waiting.add(done);
        signal.addEventListener('abort', done);
      }),
    wake() {
      for (const done of waiting) done();
    },
    get waiting() {
      return waiting.size;
    },
  };
}
