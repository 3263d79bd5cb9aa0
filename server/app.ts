/** The HTTP side of the server, without a socket: requests in, responses out. */
import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { LIMITS } from '../shared/commands.ts';
import { BUILD_HEADER, type Diagnostics } from '../shared/api.ts';
import type { Access } from './http/access.ts';
import { keepsContract } from './http/contract.ts';
import type { AppEnv } from './http/env.ts';
import { createErrorHandler, errorBody, errorResponse } from './http/errors.ts';
import { createEventRoutes } from './http/event-routes.ts';
import { securityHeaders } from './http/headers.ts';
import { createMetrics } from './http/metrics.ts';
import { createRoutes } from './http/routes.ts';
import type { StaticFiles } from './http/static.ts';
import type { StreamRegistry } from './http/stream-registry.ts';
import { createTicker } from './http/ticker.ts';
import type { Timers } from './http/timers.ts';
import { onlyJson } from './http/validate.ts';
import type { Logger } from './log.ts';
import { ServiceError, type SessionService } from './sessions/service.ts';

export interface AppDeps {
  service: SessionService;
  access: Access;
  /** Its `drain` ends the app's event streams. */
  streams: StreamRegistry;
  /** The built page, or null when something else serves it. */
  page: StaticFiles | null;
  timers: Timers;
  /** What page and worker were built from, told to hubs of other builds. */
  build: string;
  /** Milliseconds, never going back. */
  monotonic(): number;
  /** In [0, 1). */
  random(): number;
  log: Logger;
  /** Whether `/metrics` tells of the process too. */
  processMetrics: boolean;
}

export function createApp(deps: AppDeps): Hono<AppEnv> {
  const { service, access, streams, page } = deps;
  const began = deps.monotonic();
  const diagnostics = (): Diagnostics => ({
    streams: streams.counts(),
    turns: service.runningTurns(),
    uptime: (deps.monotonic() - began) / 1000,
  });
  const metrics = createMetrics({
    diagnostics,
    monotonic: deps.monotonic,
    process: deps.processMetrics,
  });

  const app = new Hono<AppEnv>();
  app.onError(createErrorHandler(deps.log));
  app.use(securityHeaders, metrics.observe, access.checkHost);
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.use('/api/*', async (c, next) => {
    await next();
    c.res.headers.set(BUILD_HEADER, deps.build);
  });
  app.use('/api/*', access.guard, onlyJson, limitBody);
  app.use('/metrics', access.guard);
  app.get('/metrics', async (c) =>
    c.body(await metrics.scrape(), 200, { 'content-type': metrics.contentType }),
  );
  app.route('/', keepsContract(createRoutes({ service, diagnostics })));
  app.route('/', createEventRoutes({ ...deps, timers: createTicker(deps.timers) }));
  refuseOtherMethods(app);
  app.all('/api/*', () => {
    throw new ServiceError('not_found', 'There is no such endpoint.');
  });

  app.get('/', async (c, next) => {
    const token = c.req.query('token');
    return token === undefined ? next() : access.signIn(c, token);
  });
  app.get('*', (c) => page?.respond(c) ?? c.text('Not found', 404));
  app.notFound((c) => errorResponse(c, 'not_found', 'There is nothing at this address.'));
  return app;
}

const limitAnyBody = bodyLimit({
  maxSize: LIMITS.body,
  onError() {
    throw new ServiceError('too_large', `The body is larger than ${LIMITS.body} bytes.`);
  },
});

/** A `Request` of GET has no body, and looking for it makes the whole object, which a stream would then keep. */
const limitBody: MiddlewareHandler<AppEnv> = async (c, next) =>
  c.req.method === 'GET' || c.req.method === 'HEAD' ? next() : limitAnyBody(c, next);

/** 405 with `Allow` for the paths that exist, where a router alone would say 404. */
function refuseOtherMethods(app: Hono<AppEnv>): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === 'ALL') continue;
    const known = methods.get(path) ?? new Set<string>();
    methods.set(path, known.add(method));
  }
  for (const [path, known] of methods) {
    if (known.has('GET')) known.add('HEAD');
    const allow = [...known].join(', ');
    app.all(path, (c) => {
      c.header('allow', allow);
      return c.json(errorBody('bad_request', `This address takes ${allow}.`), 405);
    });
  }
}
