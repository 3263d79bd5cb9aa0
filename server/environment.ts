/** The process as the config reader and the logger see it. */
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { destination, pino } from 'pino';
import type { ConfigEnv, LogLevel } from './config.ts';
import type { Logger } from './log.ts';

/** Scripts of ours that take paths of the person's. */
const NPM_SCRIPTS = new Set(['start', 'backup', 'restore']);

export function processEnvironment(): ConfigEnv {
  const { env } = process;
  // npm runs a script in the package's folder; INIT_CWD is the one the person was in.
  const byNpm = NPM_SCRIPTS.has(env['npm_lifecycle_event'] ?? '');
  const startedIn = byNpm ? env['INIT_CWD'] : undefined;
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

/** The address that signs in. */
export function signInUrl({ host, port, secure }: Served, token: string): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const name = reached.includes(':') ? `[${reached}]` : reached;
  return `${secure ? 'https' : 'http'}://${name}:${port}/?token=${encodeURIComponent(token)}`;
}
