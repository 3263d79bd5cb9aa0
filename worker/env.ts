/** What the hub needs of its surroundings, so that it runs the same in a worker, in a page and in a test. */

/** Stops what was begun; twice is a no-op. */
export type Cancel = () => void;

export interface HubEnv {
  fetch: typeof fetch;
  /** Milliseconds since the epoch; may jump. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Runs once, `ms` milliseconds from now. */
  after(ms: number, run: () => void): Cancel;
  /** Unique, 1 to 64 of A-Z a-z 0-9 _ -. */
  newId(): string;
  /** Where the API is: an origin. */
  baseUrl: string;
  /** The build this script came from. */
  build: string;
}

/** The real surroundings: a SharedWorker, or a page where there is none. */
export function browserEnv(build: string): HubEnv {
  return {
    // Called as a plain function: `fetch` refuses another `this`.
    fetch: (input, init) => fetch(input, init),
    now: () => Date.now(),
    random: () => Math.random(),
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    newId: () => crypto.randomUUID(),
    baseUrl: location.origin,
    build,
  };
}
