/** What tabcast is started with: flags, then environment, then the config file, then defaults. */
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { agentEntries, type AgentEntry } from './agents/config.ts';
import { helpText } from './config-help.ts';
import { isLoopback } from './http/access.ts';
import { MIN_SECRET } from './http/token.ts';
import { describeIssues } from './issues.ts';
import { jsonErrorPosition } from './json-position.ts';
import { limitsConfig, withDefaults, type Limits } from './limits.ts';

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
  /** How long the events of a turn are kept after its end, milliseconds (L8). */
  compactAfterMs: number;
  /** How long running turns may take to end by themselves when the server is stopped. */
  graceMs: number;
  limits: Limits;
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
/** Seconds: readers that lost their connection at a turn's end have come back long before. */
const COMPACT_AFTER = 60;
const DEFAULT_GRACE_S = 10;
const MAX_GRACE_S = 3600;
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
  limits: limitsConfig.optional(),
  /** Seconds. */
  compactAfter: z
    .number()
    .int()
    .min(1)
    .max(366 * 86_400)
    .default(COMPACT_AFTER),
});
type ConfigFile = z.output<typeof configFile>;

/**
 * @param argv without node and the script
 * @throws ConfigError
 */
export function readConfig(argv: readonly string[], from: ConfigEnv): CommandLine {
  const flags = readFlags(argv);
  if (flags.help === true) return { kind: 'help', text: help(from) };
  const { env } = from;
  // An empty variable is an unset one.
  const setting = (flag: string | undefined, name: string): string | undefined =>
    flag ?? (env[name] || undefined);

  const port = readPort(setting(flags.port, 'TABCAST_PORT'));
  const host = setting(flags.host, 'TABCAST_HOST') ?? '127.0.0.1';
  const users = setting(flags.users, 'TABCAST_USERS');
  const secret = readSecret(setting(flags.secret, 'TABCAST_SECRET'), host, users !== undefined);
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
      dataFolder: readDataFolder(flags.data, from),
      tls,
      secret,
      usersFile: users === undefined ? null : resolve(from.cwd, users),
      signInDays: readDays(setting(flags['sign-in-days'], 'TABCAST_SIGN_IN_DAYS')),
      agents: file.content.agents ?? null,
      roots: readRoots(file, from),
      hosts: [...readPublicHosts(flags['public-host'] ?? []), ...(file.content.hosts ?? [])],
      compactAfterMs: file.content.compactAfter * 1000,
      graceMs: readGrace(setting(flags.grace, 'TABCAST_GRACE')),
      limits: withDefaults(file.content.limits ?? {}),
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
        grace: { type: 'string' },
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

function readGrace(text: string | undefined): number {
  if (text === undefined) return DEFAULT_GRACE_S * 1000;
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= MAX_GRACE_S) return seconds * 1000;
  throw new ConfigError(
    `--grace must be a whole number of seconds from 0 to ${MAX_GRACE_S}, not '${text}'.`,
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

/** Where the sessions are, absolute. @param flag `--data`, when it is given */
export function readDataFolder(flag: string | undefined, from: ConfigEnv): string {
  const data = flag ?? (from.env['TABCAST_DATA'] || undefined);
  return data === undefined ? defaultData(from) : resolve(from.cwd, data);
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
    return { path: null, content: configFile.parse({}) };
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

function help(from: ConfigEnv): string {
  return helpText({
    port: DEFAULT_PORT,
    dataFolder: defaultData(from),
    configFile: CONFIG_FILE,
    signInDays: SIGN_IN_DAYS,
    graceSeconds: DEFAULT_GRACE_S,
    logLevels: LOG_LEVELS,
  });
}
