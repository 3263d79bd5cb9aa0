import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, type Config, type ConfigEnv } from './config.ts';

const SECRET = 'sixteen-signs-at-least';

function environment(
  env: Record<string, string> = {},
  files: Record<string, string> = {},
): ConfigEnv {
  return {
    env,
    cwd: '/srv',
    home: '/home/ada',
    readFile: (path) => files[path] ?? null,
    isFolder: (path) => !path.endsWith('.missing'),
  };
}

function read(
  argv: string[],
  env: Record<string, string> = {},
  files: Record<string, string> = {},
): Config {
  const commandLine = readConfig(argv, environment(env, files));
  if (commandLine.kind !== 'run') throw new Error('expected a config');
  return commandLine.config;
}

const config = (content: unknown): Record<string, string> => ({
  '/srv/tabcast.config.json': JSON.stringify(content),
});

test('defaults', () => {
  expect(read([])).toEqual({
    port: 4180,
    host: '127.0.0.1',
    dataFolder: '/home/ada/.local/share/tabcast',
    tls: null,
    secret: null,
    usersFile: null,
    signInDays: 30,
    agents: null,
    roots: ['/srv'],
    hosts: [],
    logLevel: 'warn',
  });
});

describe('flags, then environment', () => {
  const env = {
    TABCAST_PORT: '5000',
    TABCAST_HOST: 'localhost',
    TABCAST_DATA: 'from-env',
    TABCAST_CONFIG: 'env.json',
    TABCAST_TLS_CERT: 'cert.pem',
    TABCAST_TLS_KEY: '/etc/key.pem',
    TABCAST_SECRET: SECRET,
    TABCAST_LOG: 'debug',
  };
  const files = {
    '/srv/env.json': '{"hosts": ["env"]}',
    '/srv/flag.json': '{"hosts": ["flag"]}',
  };

  test('the environment alone', () => {
    expect(read([], env, files)).toMatchObject({
      port: 5000,
      host: 'localhost',
      dataFolder: '/srv/from-env',
      tls: { cert: '/srv/cert.pem', key: '/etc/key.pem' },
      secret: SECRET,
      hosts: ['env'],
      logLevel: 'debug',
    });
  });

  test('a flag wins', () => {
    const flags = ['--port', '0', '--host=::1', '--data', '/data', '--config', 'flag.json'];
    const tls = ['--tls-cert', '/c.pem', '--tls-key=k.pem'];
    const others = ['--secret', `${SECRET}-2`, '--public-host', 'a.example', '--public-host=b:443'];
    expect(read([...flags, ...tls, ...others], env, files)).toMatchObject({
      port: 0,
      host: '::1',
      dataFolder: '/data',
      tls: { cert: '/c.pem', key: '/srv/k.pem' },
      secret: `${SECRET}-2`,
      hosts: ['a.example', 'b:443', 'flag'],
    });
  });

  test('an empty variable is an unset one', () => {
    expect(read([], { TABCAST_PORT: '', TABCAST_LOG: '' })).toMatchObject({
      port: 4180,
      logLevel: 'warn',
    });
  });

  test('XDG_DATA_HOME, when it is absolute', () => {
    expect(read([], { XDG_DATA_HOME: '/xdg' }).dataFolder).toBe('/xdg/tabcast');
    expect(read([], { XDG_DATA_HOME: 'xdg' }).dataFolder).toBe('/home/ada/.local/share/tabcast');
  });
});

describe('the config file', () => {
  test('agents, roots relative to the file, hosts', () => {
    const file = {
      '/etc/tabcast/my.json': JSON.stringify({
        agents: [{ id: 'a', command: 'agent' }],
        roots: ['code', '/abs', '~/own', '~'],
        hosts: ['tabcast.example', 'other:8443'],
      }),
    };
    expect(read(['--config', '/etc/tabcast/my.json'], {}, file)).toMatchObject({
      agents: [{ id: 'a', command: 'agent', args: [] }],
      roots: ['/etc/tabcast/code', '/abs', '/home/ada/own', '/home/ada'],
      hosts: ['tabcast.example', 'other:8443'],
    });
  });

  test('the default one is read if it is there', () => {
    expect(read([], {}, config({ hosts: ['x'] })).hosts).toEqual(['x']);
  });
});

describe('what is wrong is said', () => {
  test.each<[string, string[], Record<string, string>, Record<string, string>, RegExp]>([
    ['an unknown flag', ['--prot', '1'], {}, {}, /^Unknown option '--prot'\. See --help\.$/],
    ['an argument', ['4180'], {}, {}, /^Unexpected argument '4180'/],
    ['a flag without its value', ['--port'], {}, {}, /--port/],
    ['a port that is no number', ['--port', '80a'], {}, {}, /--port must be a number.*'80a'/],
    ['a port that is too large', [], { TABCAST_PORT: '65536' }, {}, /--port must be.*'65536'/],
    ['a negative port', ['--port=-1'], {}, {}, /--port must be/],
    ['a certificate alone', ['--tls-cert', 'c'], {}, {}, /^--tls-cert needs --tls-key too/],
    ['a key alone', [], { TABCAST_TLS_KEY: 'k' }, {}, /^--tls-key needs --tls-cert too/],
    ['a log level', [], { TABCAST_LOG: 'loud' }, {}, /TABCAST_LOG must be one of .*'loud'/],
    ['a public host', ['--public-host', 'http://x'], {}, {}, /^--public-host: .*without http/],
    [
      'a named file that is missing',
      ['--config', 'no.json'],
      {},
      {},
      /no config file \/srv\/no\.json/,
    ],
    [
      'JSON',
      [],
      {},
      { '/srv/tabcast.config.json': '{\n "hosts": [x]\n}' },
      /^\/srv\/tabcast\.config\.json is not valid JSON, line 2, column 12\.$/,
    ],
    ['an unknown field', [], {}, config({ agent: [] }), /tabcast\.config\.json: .*agent/],
    [
      'a field deep inside',
      [],
      {},
      config({ agents: [{ id: 'a', command: 'c', args: 'x' }] }),
      /: agents\.0\.args: /,
    ],
    [
      'an agent without a command',
      [],
      {},
      config({ agents: [{ id: 'a' }] }),
      /: agents\.0\.command: /,
    ],
    [
      'a root that is no folder',
      [],
      {},
      config({ roots: ['/ok', 'x.missing'] }),
      /: roots\.1: \/srv\/x\.missing is not a folder/,
    ],
    ['a host with a path', [], {}, config({ hosts: ['a/b'] }), /: hosts\.0: /],
  ])('%s', (_name, argv, env, files, message) => {
    expect(() => read(argv, env, files)).toThrow(ConfigError);
    expect(() => read(argv, env, files)).toThrow(message);
  });
});

describe('[A2] an address that others can reach needs a secret', () => {
  test.each(['0.0.0.0', '::', '192.168.1.5', 'tabcast.example'])('%s', (host) => {
    expect(() => read(['--host', host])).toThrow(/secret of at least 16/);
    expect(read(['--host', host, '--secret', SECRET])).toMatchObject({ host, secret: SECRET });
    expect(read(['--host', host], { TABCAST_SECRET: SECRET }).secret).toBe(SECRET);
  });

  test.each(['short', 'with spaces in it, and long'])('%j is not one', (secret) => {
    expect(() => read(['--secret', secret])).toThrow(/at least 16 characters/);
  });
});

test('--help wins over everything else, and names the data folder', () => {
  const commandLine = readConfig(['--help', '--port', 'x'], environment());
  expect(commandLine.kind).toBe('help');
  expect(commandLine.kind === 'help' && commandLine.text).toContain(
    '/home/ada/.local/share/tabcast',
  );
});
