/** All parts of the server put together, but for the socket: `main` gives it one, `dev` mounts it on Vite's. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { ApiError } from '../shared/errors.ts';
import { createAcpHost } from './agents/acp-host.ts';
import { createAgentSource, systemDiscoveryEnv } from './agents/discovery.ts';
import { createSpawn } from './agents/spawn.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import type { Fetch } from './http/env.ts';
import { openControl } from './backup/control.ts';
import { createProblems } from './http/problems.ts';
import { openAccess } from './http/open-access.ts';
import type { StaticFiles } from './http/static.ts';
import { createStreamRegistry } from './http/stream-registry.ts';
import { realTimers } from './http/timers.ts';
import type { Logger } from './log.ts';
import { realTimers as sessionTimers } from './sessions/coalescer.ts';
import { createSessionService } from './sessions/sessions.ts';
import { statusWords } from './storage-words.ts';
import { backUp } from './store/backup.ts';
import { DATABASE_FILE, openDatabase } from './store/database.ts';
import { createSqliteStore } from './store/sqlite.ts';
import { watchStorage } from './store/storage-watch.ts';

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
  /** Signs in; part of the printed address. Null where users sign in with names. */
  token: string | null;
  /**
   * Lets running turns end by themselves for as long as the configuration says, then ends event streams, turns and
   * agents, and closes the store. Twice is the same.
   */
  close(): Promise<void>;
}

/** @throws TokenError, UsersError, StoreOpenError, and what the file system throws for the data folder */
export async function openTabcast({
  config,
  page,
  port,
  secure,
  log,
}: TabcastOptions): Promise<Tabcast> {
  const { dataFolder, roots, compactAfterMs, limits } = config;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const streams = createStreamRegistry(limits.streams);
  const monotonic = (): number => performance.now();
  const source = createAgentSource(config.agents, systemDiscoveryEnv, monotonic);
  const problems = createProblems();
  const db = openDatabase({ file: join(dataFolder, DATABASE_FILE) });
  const { store } = watchStorage(createSqliteStore(db), {
    timers: sessionTimers,
    onChange(problem) {
      if (problem === null) log.warn({}, 'storage: what was wrong is over');
      else log.error({ err: problem.cause }, problem.message);
      problems.set('storage', problem === null ? null : statusWords(problem.problem));
    },
  });
  const closeStore = async (error: unknown): Promise<never> => {
    await store.close();
    throw error;
  };
  const entry = await openAccess({
    config,
    port,
    secure,
    streams,
    timers: realTimers,
    monotonic,
    log,
  }).catch(closeStore);
  const service = await createSessionService({
    store,
    host: createAcpHost({
      ...source,
      spawn: createSpawn(process.env),
      logger: log,
      version: VERSION,
    }),
    logger: log,
    timers: sessionTimers,
    chores: sessionTimers,
    compactAfterMs,
    now: Date.now,
    newId: () => randomBytes(15).toString('base64url'),
    roots,
    limits,
  }).catch((error: unknown) => {
    entry.close();
    return closeStore(error);
  });
  const control = await openControl({ dataFolder, log, backUp: (file) => backUp(db, file) });
  const app = createApp({
    service,
    access: entry.access,
    desk: entry.desk,
    signIns: entry.signIns,
    streams,
    problems,
    page,
    build: BUILD,
    timers: realTimers,
    monotonic,
    random: Math.random,
    log,
    processMetrics: true,
  });
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    const { graceMs } = config;
    problems.set('stopping', stoppingWords(graceMs));
    // Readers see the turns out: the streams end after them, and come back at their cursors.
    await service.drain(graceMs);
    // The last end goes out with the streams' next turn.
    await setImmediate();
    streams.drain();
    await control.close();
    entry.close();
    await service.close();
    await store.close();
  };
  return {
    fetch: (request, bindings) => app.fetch(request, bindings),
    token: entry.token,
    close: () => (closing ??= close()),
  };
}

function stoppingWords(graceMs: number): ApiError {
  const seconds = Math.round(graceMs / 1000);
  const turns = `A running turn ${seconds === 0 ? 'is interrupted' : `has ${seconds} s to end by itself, then it is interrupted`}`;
  const message = `tabcast is being stopped or restarted. ${turns}; everything is kept. This page goes on when tabcast is back.`;
  return { code: 'unavailable', message };
}
