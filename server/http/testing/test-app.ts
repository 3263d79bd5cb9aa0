/** An app on fakes, and a signed-in way to ask it. */
import { createApp } from '../../app.ts';
import type { Logger } from '../../log.ts';
import { createAttempts } from '../../access/attempts.ts';
import { createTokenPrincipal, type Principals } from '../../access/principals.ts';
import { createSignIns, type KeptText } from '../../access/sign-ins.ts';
import { createAccess, type AccessOptions } from '../access.ts';
import { createSignInCookie } from '../cookies.ts';
import { createSignInDesk } from '../sign-in.ts';
import type { StaticFiles } from '../static.ts';
import { createStreamRegistry } from '../stream-registry.ts';
import { createFakeService } from './fake-service.ts';
import { createHandTimers } from './hand-timers.ts';

export const TOKEN = 'a-token-of-forty-three-characters-or-so-0123';
const PORT = 4180;
/** Where the app's clock begins, milliseconds since the epoch. */
const EPOCH = 1_700_000_000_000;
export const BASE = `http://127.0.0.1:${PORT}`;

export interface Logged {
  level: string;
  fields: object;
  message: string;
}

export interface TestAppOptions {
  access?: Partial<Pick<AccessOptions, 'port' | 'secure' | 'host' | 'hosts'>>;
  /** The token is `TOKEN` without. */
  principals?: Principals;
  /** Where sign-ins are kept: none are there at first without. */
  kept?: KeptText;
  /** Of a sign-in, milliseconds. */
  lifetime?: number;
  page?: StaticFiles;
  random?: () => number;
}

export function createTestApp(options: TestAppOptions = {}) {
  const service = createFakeService();
  const streams = createStreamRegistry();
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
  const { principals = createTokenPrincipal(TOKEN), lifetime = 86_400_000 } = options;
  const {
    port = () => PORT,
    secure = false,
    host = '127.0.0.1',
    hosts = [],
  } = options.access ?? {};
  const signIns = createSignIns({
    kept: options.kept ?? createKeptText(),
    lifetime,
    holds: principals.holds,
    timers,
    now: () => EPOCH + now,
    log,
  });
  signIns.onEnd(streams.recheck);
  const cookie = createSignInCookie(port, secure);
  const access = createAccess({ principals, signIns, cookie, port, secure, host, hosts });
  const attempts = createAttempts(() => now);
  const app = createApp({
    service,
    access,
    desk: createSignInDesk({ principals, signIns, cookie, access, attempts }),
    signIns,
    streams,
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
    signIns,
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

/** In memory. */
export function createKeptText(): KeptText {
  let kept: string | null = null;
  return {
    read: () => kept,
    write(text) {
      kept = text;
    },
  };
}
