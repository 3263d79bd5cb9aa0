/** Numbers for Prometheus, in a registry of this app's own. */
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Diagnostics } from '../../shared/api.ts';
import type { AppEnv } from './env.ts';

export interface MetricsOptions {
  /** Asked at each scrape. */
  diagnostics(): Diagnostics;
  /** Milliseconds, never going back. */
  monotonic(): number;
  /** Also memory, event loop and garbage collection of this process. */
  process: boolean;
}

export interface Metrics {
  /** Counts and times every request; for a stream, the time to its headers. */
  observe: ReturnType<typeof createMiddleware<AppEnv>>;
  contentType: string;
  /** The exposition text. */
  scrape(): Promise<string>;
}

export function createMetrics({ diagnostics, monotonic, process }: MetricsOptions): Metrics {
  const register = new Registry();
  const registers = [register];
  if (process) collectDefaultMetrics({ register });

  const requests = new Counter({
    name: 'tabcast_http_requests_total',
    help: 'Answered HTTP requests.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'tabcast_http_request_duration_seconds',
    help: 'Time to the answer; of a stream, to its headers.',
    labelNames: ['route'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const streams = new Gauge({
    name: 'tabcast_streams',
    help: 'Open event streams: lanes, and the sessions that streams carry.',
    labelNames: ['kind'],
    registers,
    collect() {
      const { lanes, sessions } = diagnostics().streams;
      const carried = Object.values(sessions).reduce((sum, count) => sum + count, 0);
      streams.set({ kind: 'lane' }, lanes);
      streams.set({ kind: 'session' }, carried);
    },
  });
  const turns = new Gauge({
    name: 'tabcast_turns_running',
    help: 'Turns that run now.',
    registers,
    collect() {
      turns.set(diagnostics().turns);
    },
  });

  return {
    observe: createMiddleware<AppEnv>(async (c, next) => {
      const began = monotonic();
      await next();
      // The pattern, never the path: ids would make a series each.
      const route = routePath(c);
      requests.inc({ method: c.req.method, route, status: c.res.status });
      seconds.observe({ route }, (monotonic() - began) / 1000);
    }),
    contentType: register.contentType,
    scrape: () => register.metrics(),
  };
}
