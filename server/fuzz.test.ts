/** The API under its own schemas' fuzz, in this process: real sessions, store and demo agent; who asks is a header. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMiddleware } from 'hono/factory';
import { expect, test } from 'vitest';
import { ENDPOINTS } from '../shared/testing/fuzz/endpoints.ts';
import { fuzz } from '../shared/testing/fuzz/run.ts';
import { createAcpHost } from './agents/acp-host.ts';
import { SPEC, createLog } from './agents/testing/host-world.ts';
import { spawnDemo } from './agents/testing/demo-world.ts';
import { createApp } from './app.ts';
import type { Access } from './http/access.ts';
import type { AppEnv } from './http/env.ts';
import { createStreamRegistry } from './http/stream-registry.ts';
import { realTimers } from './http/timers.ts';
import { realTimers as sessionTimers } from './sessions/coalescer.ts';
import { createSessionService } from './sessions/sessions.ts';
import { openSqliteStore } from './store/sqlite.ts';

const pass = createMiddleware<AppEnv>(async (_c, next) => next());
/** Whoever says who they are, is. */
const believing: Access = {
  checkHost: pass,
  guard: createMiddleware<AppEnv>(async (c, next) => {
    c.set('principal', c.req.header('x-principal') ?? '');
    await next();
  }),
  signIn: (c) => c.text('no', 401),
};

async function openApp() {
  const folder = mkdtempSync(join(tmpdir(), 'tabcast-fuzz-'));
  const { logger, lines } = createLog();
  const store = openSqliteStore({ file: join(folder, 'tabcast.sqlite') });
  const agents = [{ ...SPEC, id: 'demo', title: 'Demo' }];
  let ids = 0;
  const service = await createSessionService({
    store,
    host: createAcpHost({ agents, spawn: spawnDemo().spawn, logger, version: '0' }),
    logger,
    timers: sessionTimers,
    now: Date.now,
    newId: () => `id${(ids += 1)}x${Math.random().toString(36).slice(2)}`,
    roots: [folder],
  });
  const streams = createStreamRegistry();
  const app = createApp({
    service,
    access: believing,
    streams,
    page: null,
    timers: realTimers,
    build: 'fuzz',
    monotonic: () => performance.now(),
    random: Math.random,
    log: logger,
    processMetrics: false,
  });
  return {
    app,
    lines,
    async close() {
      streams.drain();
      await service.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

test('[A1] [A3] two thousand requests made from the schemas: no failure, no foreign byte, one shape of errors', async () => {
  const { app, lines, close } = await openApp();
  const seed = Number(process.env['FUZZ_SEED'] ?? 20_261);
  const rounds = Number(process.env['FUZZ_ROUNDS'] ?? 2000);
  try {
    const counts = await fuzz({
      seed,
      rounds,
      target: {
        send: async (who, path, init) =>
          app.request(`http://127.0.0.1${path}`, {
            ...init,
            headers: { ...init.headers, 'x-principal': `principal ${who}` },
          }),
      },
    });
    if (rounds > 2000) console.log(counts);
    for (const what of ['200', '201', '202', '400', '404', '405', '409']) {
      expect(counts[what], what).toBeGreaterThan(0);
    }
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
    // Nobody has reached what all objects share.
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  } finally {
    await close();
  }
}, 600_000);

test('[A3] every route of the API is among those that are fuzzed', async () => {
  const { app, close } = await openApp();
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' && /^\/api\/[^*]+$/.test(path))
    .map(({ method, path }) => `${method} ${path}`);
  await close();
  expect([...new Set(routes)].toSorted()).toEqual(
    ENDPOINTS.map(({ method, path }) => `${method} ${path}`).toSorted(),
  );
});
