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
  /**
   * Tells the protocol (ALPN id) of each request to the API, once its response has ended. Null where the browser
   * does not tell.
   */
  hearProtocol: ((heard: (protocol: string) => void) => Cancel) | null;
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
    newId,
    hearProtocol: typeof PerformanceObserver === 'undefined' ? null : hearProtocol,
    baseUrl: location.origin,
    build,
  };
}

/** Resource Timing: https://www.w3.org/TR/resource-timing/#dom-performanceresourcetiming-nexthopprotocol */
function hearProtocol(heard: (protocol: string) => void): Cancel {
  let newest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (!(entry instanceof PerformanceResourceTiming) || entry.initiatorType !== 'fetch')
        continue;
      // Empty when the connection failed.
      if (entry.nextHopProtocol === '' || !entry.name.startsWith(`${location.origin}/`)) continue;
      // A stream that ends now may tell of a connection from long ago.
      if (entry.startTime < newest) continue;
      newest = entry.startTime;
      heard(entry.nextHopProtocol);
    }
  });
  observer.observe({ type: 'resource' });
  return () => observer.disconnect();
}

/** No `crypto.randomUUID`: it exists in secure contexts only, and plain HTTP on another address than loopback is none. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
