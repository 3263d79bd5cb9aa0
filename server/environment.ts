/** The process as the config reader and the logger see it. */
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { destination, pino } from 'pino';
import type { ConfigEnv, LogLevel } from './config.ts';
import { isLoopback } from './http/access.ts';
import type { Logger } from './log.ts';

export function processEnvironment(): ConfigEnv {
  const { env } = process;
  // npm runs a script in the package's folder; INIT_CWD is the one the person was in.
  const startedIn = env['npm_lifecycle_event'] === 'start' ? env['INIT_CWD'] : undefined;
  return {
    env,
    cwd: startedIn ?? process.cwd(),
    home: homedir(),
    readFile(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
  };
}

/** To stderr, at once: stdout has the one line, and nothing is lost when the process dies. */
export function createLogger(level: LogLevel): Logger {
  return pino({ level }, destination({ fd: 2, sync: true }));
}

export interface Served {
  /** Where it listens; a wildcard is no address to open. */
  host: string;
  port: number;
  /** HTTPS. */
  secure: boolean;
}

/** The address to open; it signs in where there is a token. */
export function pageUrl({ host, port, secure }: Served, token: string | null): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const origin = `${secure ? 'https' : 'http'}://${inUrl(reached)}:${port}/`;
  return token === null ? origin : `${origin}?token=${encodeURIComponent(token)}`;
}

/** What a bind address opens to other machines, for the person who chose it; null for this machine only (A2). */
export function opens({ host, port, secure }: Served): string | null {
  if (isLoopback(host)) return null;
  const everywhere = host === '0.0.0.0' || host === '::';
  const where = everywhere
    ? `every address of this machine, port ${port}`
    : `${inUrl(host)}:${port}`;
  const opened = `reachable from other machines at ${where}: whoever signs in runs agents here.`;
  return secure
    ? opened
    : `${opened} Over plain HTTP, passwords and everything else can be read on the way: use --tls-cert and --tls-key, or a proxy that speaks HTTPS.`;
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
