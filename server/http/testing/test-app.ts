/** An app on fakes, and a signed-in way to ask it. */
import { createApp } from '../../app.ts';
import type { Logger } from '../../log.ts';
import { createAccess, type AccessOptions } from '../access.ts';
import { createProblems } from '../problems.ts';
import type { StaticFiles } from '../static.ts';
import { createStreamRegistry } from '../stream-registry.ts';
import { createFakeService } from './fake-service.ts';
import { createHandTimers } from './hand-timers.ts';

export const TOKEN = 'a-token-of-forty-three-characters-or-so-0123';
const PORT = 4180;
export const BASE = `http://127.0.0.1:${PORT}`;

export interface Logged {
  level: string;
  fields: object;
  message: string;
}

export interface TestAppOptions {
  access?: Partial<AccessOptions>;
  page?: StaticFiles;
  random?: () => number;
}

export function createTestApp(options: TestAppOptions = {}) {
  const service = createFakeService();
  const streams = createStreamRegistry();
  const problems = createProblems();
  const timers = createHandTimers();
  const logged: Logged[] = [];
  const logAt =
    (level: string) =>
    (fields: object, message: string): void => {
      logged.push({ level, fields, message });
    };
  const log: Logger = {
    debug: logAt('debug'),
    info: logAt('info'),
    warn: logAt('warn'),
    error: logAt('error'),
  };
  let now = 0;
  const app = createApp({
    service,
    access: createAccess({
      token: TOKEN,
      port: () => PORT,
      secure: false,
      host: '127.0.0.1',
      hosts: [],
      ...options.access,
    }),
    streams,
    problems,
    page: options.page ?? null,
    timers,
    build: 'test-build',
    monotonic: () => now,
    random: options.random ?? (() => 0.5),
    log,
    processMetrics: false,
  });
  /** Without credentials. */
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (!headers.has('host')) headers.set('host', `127.0.0.1:${PORT}`);
    return app.request(`${BASE}${path}`, { ...init, headers });
  };
  /** Signed in. */
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${TOKEN}`);
    return ask(path, { ...init, headers });
  };
  return {
    app,
    service,
    streams,
    problems,
    timers,
    logged,
    ask,
    request,
    /** Signed in, with a JSON body. */
    send(method: string, path: string, body: unknown): Promise<Response> {
      return request(path, {
        method,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    },
    passMs(ms: number): void {
      now += ms;
      timers.advance(ms);
    },
  };
}
