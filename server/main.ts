/** The built server's entry: reads the command line, serves, and stops on a signal. */
import { join } from 'node:path';
import { ConfigError, readConfig, type Config } from './config.ts';
import { createLogger, processEnvironment, signInUrl } from './environment.ts';
import { loadStatic } from './http/static.ts';
import { realTimers } from './http/timers.ts';
import { TokenError } from './http/token.ts';
import { listen, ListenError } from './listen.ts';
import { StoreOpenError } from './store/database.ts';
import { openTabcast, type Tabcast } from './tabcast.ts';
import { loadTls, TlsError } from './tls.ts';

async function serve(config: Config): Promise<void> {
  const log = createLogger(config.logLevel);
  const tls = config.tls === null ? null : loadTls(config.tls);
  const secure = tls !== null;
  // Beside this file's folder in the build's output.
  const page = loadStatic(join(import.meta.dirname, '../client'));
  // The port first: of two on one machine the second is told of the port, and touches no data.
  let opened: (tabcast: Tabcast) => void = () => {};
  const opening = new Promise<Tabcast>((resolve) => {
    opened = resolve;
  });
  const { port, close } = await listen({
    fetch: async (request, bindings) => (await opening).fetch(request, bindings),
    port: config.port,
    host: config.host,
    timers: realTimers,
    tls,
  });
  let tabcast: Tabcast;
  try {
    tabcast = await openTabcast({ config, page, port: () => port, secure, log });
  } catch (error) {
    await close();
    throw error;
  }
  opened(tabcast);

  const stop = async (): Promise<void> => {
    // No new connections first, or readers whose streams end would come straight back.
    const closed = close();
    await tabcast.close();
    await closed;
  };
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.stdout.write(
    `tabcast: ${signInUrl({ host: config.host, port, secure }, tabcast.token)}\n`,
  );
}

function fail(error: unknown): void {
  const isForThePerson =
    error instanceof ConfigError ||
    error instanceof TlsError ||
    error instanceof TokenError ||
    error instanceof ListenError ||
    error instanceof StoreOpenError;
  const text = isForThePerson || !(error instanceof Error) ? String(error) : error.stack;
  process.stderr.write(`tabcast: ${isForThePerson ? error.message : text}\n`);
  process.exitCode = 1;
}

try {
  const commandLine = readConfig(process.argv.slice(2), processEnvironment());
  if (commandLine.kind === 'help') process.stdout.write(commandLine.text);
  else await serve(commandLine.config);
} catch (error) {
  fail(error);
}
