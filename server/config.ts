/** What tabcast is started with: flags, then environment, then the config file, then defaults. */
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { agentEntries, type AgentEntry } from './agents/config.ts';
import { isLoopback } from './http/access.ts';
import { MIN_SECRET } from './http/token.ts';
import { describeIssues } from './issues.ts';
import { jsonErrorPosition } from './json-position.ts';

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Config {
  /** 0: the system chooses. */
  port: number;
  /** The address to listen on. */
  host: string;
  dataFolder: string;
  /** Files, absolute, to serve HTTPS with; null: HTTP. */
  tls: TlsFiles | null;
  /** The token to sign in with; null: the one kept in the data folder. */
  secret: string | null;
  /** Names and password hashes, absolute; null: everybody signs in with the token. */
  usersFile: string | null;
  /** How long a sign-in lasts without use. */
  signInDays: number;
  /** Null when the config names none: then it is what is found on PATH. */
  agents: AgentEntry[] | null;
  /** Folders agents may work in, absolute; the first is the default. */
  roots: string[];
  /** Further names that the server is reached by. */
  hosts: string[];
  logLevel: LogLevel;
}

export interface TlsFiles {
  /** The certificate, and the chain up to a known authority; PEM. */
  cert: string;
  /** Its private key, PEM. */
  key: string;
}

export type CommandLine = { kind: 'help'; text: string } | { kind: 'run'; config: Config };

/** For the person who starts tabcast: which setting is wrong, and how. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

export interface ConfigEnv {
  env: Readonly<Record<string, string | undefined>>;
  /** The folder tabcast was started in. */
  cwd: string;
  home: string;
  /** The text of a file, or null when there is none. */
  readFile(path: string): string | null;
  isFolder(path: string): boolean;
}

const DEFAULT_PORT = 4180;
const SIGN_IN_DAYS = 30;
const CONFIG_FILE = 'tabcast.config.json';

const hostName = z
  .string()
  .regex(
    /^[A-Za-z0-9._-]+(:\d{1,5})?$/,
    'a host is a name or name:port, without http:// and without a path',
  );

const configFile = z.strictObject({
  /** For editors. */
  $schema: z.string().optional(),
  agents: agentEntries.optional(),
  roots: z.array(z.string().min(1)).min(1, 'name a folder, or leave roots out').optional(),
  hosts: z.array(hostName).optional(),
});
type ConfigFile = z.output<typeof configFile>;

/**
 * @param argv without node and the script
 * @throws ConfigError
 */
export function readConfig(argv: readonly string[], from: ConfigEnv): CommandLine {
  const flags = readFlags(argv);
  if (flags.help === true) return { kind: 'help', text: helpText(from) };
  const { env } = from;
  // An empty variable is an unset one.
  const setting = (flag: string | undefined, name: string): string | undefined =>
    flag ?? (env[name] || undefined);

  const port = readPort(setting(flags.port, 'TABCAST_PORT'));
  const host = setting(flags.host, 'TABCAST_HOST') ?? '127.0.0.1';
  const users = setting(flags.users, 'TABCAST_USERS');
  const secret = readSecret(setting(flags.secret, 'TABCAST_SECRET'), host, users !== undefined);
  const data = setting(flags.data, 'TABCAST_DATA');
  const tls = readTls(
    setting(flags['tls-cert'], 'TABCAST_TLS_CERT'),
    setting(flags['tls-key'], 'TABCAST_TLS_KEY'),
    from,
  );
  const file = readConfigFile(setting(flags.config, 'TABCAST_CONFIG'), from);
  return {
    kind: 'run',
    config: {
      port,
      host,
      dataFolder: data === undefined ? defaultData(from) : resolve(from.cwd, data),
      tls,
      secret,
      usersFile: users === undefined ? null : resolve(from.cwd, users),
      signInDays: readDays(setting(flags['sign-in-days'], 'TABCAST_SIGN_IN_DAYS')),
      agents: file.content.agents ?? null,
      roots: readRoots(file, from),
      hosts: [...readPublicHosts(flags['public-host'] ?? []), ...(file.content.hosts ?? [])],
      logLevel: readLevel(env['TABCAST_LOG'] || 'warn'),
    },
  };
}

function readFlags(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        config: { type: 'string' },
        secret: { type: 'string' },
        users: { type: 'string' },
        'sign-in-days': { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        'public-host': { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    // Node's message goes on about positional arguments, of which there are none.
    const [problem] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new ConfigError(`${problem}. See --help.`, { cause: error });
  }
}

function readPort(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new ConfigError(
    `--port must be a number from 0 to 65535 (0: any free one), not '${text}'.`,
  );
}

function readDays(text: string | undefined): number {
  if (text === undefined) return SIGN_IN_DAYS;
  const days = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (days > 0 && days <= 3650) return days;
  throw new ConfigError(
    `--sign-in-days must be a number above 0, at most 3650 (0.5: twelve hours), not '${text}'.`,
  );
}

function readSecret(secret: string | undefined, host: string, hasUsers: boolean): string | null {
  if (secret !== undefined && hasUsers) {
    throw new ConfigError(
      'With --users people sign in with their names, so there is nothing to use --secret (TABCAST_SECRET) for: leave one of them out.',
    );
  }
  if (secret !== undefined && (secret.length < MIN_SECRET || /[^\x21-\x7e]/.test(secret))) {
    throw new ConfigError(
      `The secret must have at least ${MIN_SECRET} characters: letters, digits and signs, no spaces.`,
    );
  }
  if (secret === undefined && !hasUsers && !isLoopback(host)) {
    throw new ConfigError(
      `--host ${host} can be reached from other machines, and whoever signs in runs agents here. ` +
        `Choose a secret of at least ${MIN_SECRET} characters (--secret or TABCAST_SECRET), give people names (--users), ` +
        'or leave --host out to serve this machine only.',
    );
  }
  return secret ?? null;
}

function readTls(
  cert: string | undefined,
  key: string | undefined,
  { cwd }: ConfigEnv,
): TlsFiles | null {
  if (cert === undefined && key === undefined) return null;
  if (cert !== undefined && key !== undefined) {
    return { cert: resolve(cwd, cert), key: resolve(cwd, key) };
  }
  const [given, missing] = cert === undefined ? ['key', 'cert'] : ['cert', 'key'];
  throw new ConfigError(
    `--tls-${given} needs --tls-${missing} too (or TABCAST_TLS_${missing.toUpperCase()}): HTTPS takes a certificate and its private key.`,
  );
}

function readPublicHosts(names: readonly string[]): string[] {
  const parsed = z.array(hostName).safeParse(names);
  if (parsed.success) return parsed.data;
  throw new ConfigError(`--public-host: ${parsed.error.issues[0]?.message ?? 'not valid'}.`);
}

function readLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level !== undefined) return level;
  throw new ConfigError(`TABCAST_LOG must be one of ${LOG_LEVELS.join(', ')}, not '${text}'.`);
}

/** XDG base directories: https://specifications.freedesktop.org/basedir-spec */
function defaultData({ env, home }: ConfigEnv): string {
  const xdg = env['XDG_DATA_HOME'];
  const base = xdg && isAbsolute(xdg) ? xdg : join(home, '.local', 'share');
  return join(base, 'tabcast');
}

interface LoadedFile {
  /** Null when there is none. */
  path: string | null;
  content: ConfigFile;
}

function readConfigFile(named: string | undefined, { cwd, readFile }: ConfigEnv): LoadedFile {
  const path = resolve(cwd, named ?? CONFIG_FILE);
  const text = readFile(path);
  if (text === null) {
    if (named !== undefined) throw new ConfigError(`There is no config file ${path}.`);
    return { path: null, content: {} };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const { line, column } = jsonErrorPosition(text);
    throw new ConfigError(`${path} is not valid JSON, line ${line}, column ${column}.`, {
      cause: error,
    });
  }
  const parsed = configFile.safeParse(json);
  if (parsed.success) return { path, content: parsed.data };
  throw new ConfigError(`${path}: ${describeIssues(parsed.error.issues)}`);
}

/** Relative folders of the config file are relative to the file. */
function readRoots({ path, content }: LoadedFile, { cwd, home, isFolder }: ConfigEnv): string[] {
  if (path === null || content.roots === undefined) return [cwd];
  return content.roots.map((root, index) => {
    const folder = resolve(dirname(path), root.replace(/^~(?=\/|$)/, home));
    if (isFolder(folder)) return folder;
    throw new ConfigError(`${path}: roots.${index}: ${folder} is not a folder`);
  });
}

function helpText(from: ConfigEnv): string {
  return `tabcast: a web UI for long-running agent turns

  npm start -- [options]

  --port <number>        port to listen on; 0 for any free one     [${DEFAULT_PORT}]  TABCAST_PORT
  --host <address>       address to listen on                      [127.0.0.1]  TABCAST_HOST
  --data <folder>        sessions, sign-ins and the token          TABCAST_DATA
                         [${defaultData(from)}]
  --config <file>        agents, folders, hosts                    [./${CONFIG_FILE} if there is one]  TABCAST_CONFIG
  --secret <text>        sign in with this instead of the kept token; needed, or --users,
                         for a --host that other machines can reach  TABCAST_SECRET
  --users <file>         people sign in with names and passwords, each with sessions of their own;
                         made by npm run user add <name>           TABCAST_USERS
  --sign-in-days <n>     a sign-in ends when it was not used for so long  [${SIGN_IN_DAYS}]  TABCAST_SIGN_IN_DAYS
  --tls-cert <file>      serve HTTPS and HTTP/2: the certificate, PEM      TABCAST_TLS_CERT
  --tls-key <file>       its private key, PEM                      TABCAST_TLS_KEY
  --public-host <name>   a further name the server is reached by, for example behind a proxy; may be repeated
  --help                 this text

A flag wins over its variable. TABCAST_LOG sets what is logged to stderr: ${LOG_LEVELS.join(', ')} [warn].
When it serves, it prints one line with the address to open; without --users it signs you in.
`;
}
