/** Timers as the HTTP layer needs them; tests pass ones that they move by hand. */
export type CancelTimer = () => void;

export interface Timers {
  /** Runs once, `ms` milliseconds from now, unless cancelled. */
  after(ms: number, run: () => void): CancelTimer;
  /** Runs every `ms` milliseconds until cancelled. */
  every(ms: number, run: () => void): CancelTimer;
}

/** The process's own timers. */
export const realTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
};
