/** The API for Vite's dev server, from source; the page is Vite's. Loaded by `dev-plugin.ts` through Vite itself. */
import type { RequestListener } from 'node:http';
import { readConfig } from './config.ts';
import { createLogger, processEnvironment, pageUrl } from './environment.ts';
import { createListener } from './listen.ts';
import { openTabcast } from './tabcast.ts';

export interface DevApiOptions {
  /** Where Vite listens; asked per request. */
  port(): number;
}

export interface DevApi {
  /** True for what it answers; everything else is Vite's. @param url path and query */
  handles(url: string): boolean;
  listener: RequestListener;
  /** The address to open. */
  link(): string;
  /** Twice is the same. */
  close(): Promise<void>;
}

/** Settings come from the environment and the config file: the command line is Vite's. @throws ConfigError */
export async function createDevApi({ port }: DevApiOptions): Promise<DevApi> {
  const commandLine = readConfig([], processEnvironment());
  if (commandLine.kind !== 'run') throw new Error('no arguments, so no help was asked for');
  const { config } = commandLine;
  const log = createLogger(config.logLevel);
  const tabcast = await openTabcast({ config, page: null, port, secure: false, log });
  return {
    handles(url) {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      if (pathname === '/') return searchParams.has('token');
      return /^\/(api(\/|$)|healthz$|metrics$|sign-in(-\w+\.css)?$)/.test(pathname);
    },
    listener: createListener(tabcast.fetch),
    // By name: Vite listens on what 'localhost' means here, IPv4 or IPv6.
    link: () => pageUrl({ host: 'localhost', port: port(), secure: false }, tabcast.token),
    close: tabcast.close,
  };
}
