/** All parts of the server put together, but for the socket: `main` gives it one, `dev` mounts it on Vite's. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createAcpHost } from './agents/acp-host.ts';
import { findAgents, systemDiscoveryEnv } from './agents/discovery.ts';
import { createSpawn } from './agents/spawn.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { createAccess } from './http/access.ts';
import type { Fetch } from './http/env.ts';
import type { StaticFiles } from './http/static.ts';
import { createStreamRegistry } from './http/stream-registry.ts';
import { realTimers } from './http/timers.ts';
import { loadToken } from './http/token.ts';
import type { Logger } from './log.ts';
import { realTimers as sessionTimers } from './sessions/coalescer.ts';
import { createSessionService } from './sessions/sessions.ts';
import { openSqliteStore } from './store/sqlite.ts';

declare const __BUILD__: string;

/** Run from its sources, without a build, the server has none to speak of. */
const BUILD = typeof __BUILD__ === 'undefined' ? 'sources' : __BUILD__;

/** What agents are told of who speaks to them (ACP `clientInfo`). */
const VERSION = '0.1.0';

export interface TabcastOptions {
  config: Config;
  /** The built page, or null when something else serves it. */
  page: StaticFiles | null;
  /** The port it is reached on, known at the latest when the first request comes. */
  port(): number;
  /** True when it is served over HTTPS. */
  secure: boolean;
  log: Logger;
}

export interface Tabcast {
  fetch: Fetch;
  /** Signs in; part of the printed address. */
  token: string;
  /** Ends event streams, turns and agents, then closes the store. Twice is the same. */
  close(): Promise<void>;
}

/** @throws TokenError, StoreOpenError, and what the file system throws for the data folder */
export async function openTabcast({
  config,
  page,
  port,
  secure,
  log,
}: TabcastOptions): Promise<Tabcast> {
  const { dataFolder, host, hosts, roots } = config;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const token = config.secret ?? (await loadToken(dataFolder));
  const agents = findAgents(config.agents, systemDiscoveryEnv);
  const store = openSqliteStore({ file: join(dataFolder, 'tabcast.sqlite') });
  const service = await createSessionService({
    store,
    host: createAcpHost({
      agents,
      spawn: createSpawn(process.env),
      logger: log,
      version: VERSION,
    }),
    logger: log,
    timers: sessionTimers,
    now: Date.now,
    newId: () => randomBytes(15).toString('base64url'),
    roots,
  }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const streams = createStreamRegistry();
  const app = createApp({
    service,
    access: createAccess({ token, port, secure, host, hosts }),
    streams,
    page,
    build: BUILD,
    timers: realTimers,
    monotonic: () => performance.now(),
    random: Math.random,
    log,
    processMetrics: true,
  });
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    streams.drain();
    await service.close();
    await store.close();
  };
  return {
    fetch: (request, bindings) => app.fetch(request, bindings),
    token,
    close: () => (closing ??= close()),
  };
}
