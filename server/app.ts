/** The HTTP side of the server, without a socket: requests in, responses out. */
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { LIMITS } from '../shared/commands.ts';
import { BUILD_HEADER, type Diagnostics } from '../shared/api.ts';
import type { SignIns } from './access/sign-ins.ts';
import type { Access } from './http/access.ts';
import { keepsContract } from './http/contract.ts';
import type { AppEnv } from './http/env.ts';
import { createErrorHandler, errorBody, errorResponse } from './http/errors.ts';
import { createEventRoutes } from './http/event-routes.ts';
import { securityHeaders } from './http/headers.ts';
import { createExportRoutes } from './http/export-routes.ts';
import { createMetrics } from './http/metrics.ts';
import type { ProblemFeed } from './http/problems.ts';
import { createRoutes } from './http/routes.ts';
import type { SignInDesk } from './http/sign-in.ts';
import { createSignInRoutes } from './http/sign-in-routes.ts';
import { isPage, type StaticFiles } from './http/static.ts';
import type { StreamRegistry } from './http/stream-registry.ts';
import { createTicker } from './http/ticker.ts';
import type { Timers } from './http/timers.ts';
import { onlyJson } from './http/validate.ts';
import type { Logger } from './log.ts';
import { ServiceError, type SessionService } from './sessions/service.ts';

export interface AppDeps {
  service: SessionService;
  access: Access;
  desk: SignInDesk;
  signIns: Pick<SignIns, 'list' | 'end'>;
  /** Its `drain` ends the app's event streams. */
  streams: StreamRegistry;
  /** What every lane tells its reader, and `/healthz` whoever asks. */
  problems: ProblemFeed;
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
  const { service, access, desk, signIns, streams, page } = deps;
  const began = deps.monotonic();
  const diagnostics = (principal?: string): Diagnostics => ({
    streams: streams.counts(principal),
    turns: service.runningTurns(),
    uptime: (deps.monotonic() - began) / 1000,
  });
  const metrics = createMetrics({
    diagnostics: () => diagnostics(),
    monotonic: deps.monotonic,
    process: deps.processMetrics,
  });

  const app = new Hono<AppEnv>();
  app.onError(createErrorHandler(deps.log));
  app.use(securityHeaders, metrics.observe, access.checkHost);
  app.get('/healthz', (c) => {
    const problem = deps.problems.current;
    if (problem === null) return c.json({ status: 'ok' });
    return c.json({ status: 'failing', error: problem }, 503);
  });
  app.use('/api/*', async (c, next) => {
    await next();
    c.res.headers.set(BUILD_HEADER, deps.build);
  });
  const signIn = createSignInRoutes({ access, desk });
  app.route('/', signIn.routes);
  app.use('/api/*', access.checkOrigin, access.guard, onlyJson, limitBody);
  app.use('/metrics', access.checkOrigin, access.guard);
  app.get('/metrics', async (c) =>
    c.body(await metrics.scrape(), 200, { 'content-type': metrics.contentType }),
  );
  app.route('/', keepsContract(createRoutes({ service, diagnostics, signIns, desk })));
  app.route('/', createExportRoutes({ service, log: deps.log }));
  app.route('/', createEventRoutes({ ...deps, timers: createTicker(deps.timers) }));
  refuseOtherMethods(app);
  app.all('/api/*', () => {
    throw new ServiceError('not_found', 'There is no such endpoint.');
  });

  app.get('/', async (c, next) => {
    const token = c.req.query('token');
    return token === undefined ? next() : signIn.link(c, token);
  });
  app.get('*', (c) => {
    if (isPage(c.req.path) && wantsPage(c) && typeof access.asking(c) !== 'object') {
      const { pathname, search } = new URL(c.req.url);
      // Back here afterwards. Not to be kept: the same address is the page's once somebody is signed in.
      c.header('cache-control', 'no-store');
      return c.redirect(`/sign-in?to=${encodeURIComponent(pathname + search)}`, 303);
    }
    return page?.respond(c) ?? c.text('Not found', 404);
  });
  app.notFound((c) => errorResponse(c, 'not_found', 'There is nothing at this address.'));
  return app;
}

/** A person's browser asks for the page by its address. */
function wantsPage(c: Context<AppEnv>): boolean {
  return (c.req.header('accept') ?? '').includes('text/html');
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
