/** Timers, injected. */
export interface Timers {
  set(run: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

export const systemTimers: Timers = {
  set: (run, ms) => setTimeout(run, ms),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** Waits for `promise`, but at most `ms`. @returns true when it settled (also by rejecting), false when the time was up */
export async function settlesWithin(
  timers: Timers,
  ms: number,
  promise: Promise<unknown>,
): Promise<boolean> {
  let timer: unknown;
  const timeUp = new Promise<false>((resolve) => {
    timer = timers.set(() => resolve(false), ms);
  });
  const settled = promise.then(
    () => true as const,
    () => true as const,
  );
  try {
    return await Promise.race([settled, timeUp]);
  } finally {
    timers.clear(timer);
  }
}
