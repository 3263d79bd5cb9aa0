import { describe, expect, test } from 'vitest';
import { agentEntries } from './config.ts';
import {
  createAgentSource,
  findAgents,
  LOOK_MS,
  systemDiscoveryEnv,
  WELL_KNOWN,
  type DiscoveryEnv,
} from './discovery.ts';

const DEMO = { command: '/bin/node', args: ['demo.js'] };

function envWith(...files: string[]): DiscoveryEnv {
  return {
    path: '/usr/bin:/opt/bin::/srv/node_modules/.bin',
    isExecutable: (file) => files.includes(file),
    demo: () => DEMO,
  };
}

test('nothing on PATH: the built-in agent alone, and so the default', () => {
  expect(findAgents(null, envWith())).toEqual([
    { id: 'demo', title: 'Demo', ...DEMO, env: {}, cwd: null, authMethod: null, mcpServers: [] },
  ]);
});

test('what is found comes in the order of preference, with its arguments; the built-in agent is last', () => {
  const found = findAgents(
    null,
    envWith('/usr/bin/goose', '/opt/bin/qwen', '/usr/bin/claude-agent-acp', '/opt/bin/goose'),
  );
  expect(found.map(({ id, command, args }) => ({ id, command, args }))).toEqual([
    { id: 'qwen', command: '/opt/bin/qwen', args: ['--acp'] },
    { id: 'claude', command: '/usr/bin/claude-agent-acp', args: [] },
    { id: 'goose', command: '/usr/bin/goose', args: ['acp'] },
    { id: 'demo', ...DEMO },
  ]);
});

test('neither the working directory nor the tools that npm adds to PATH are looked at', () => {
  const found = findAgents(null, envWith('qwen', '/srv/node_modules/.bin/qwen'));
  expect(found.map(({ id }) => id)).toEqual(['demo']);
});

test('no PATH at all', () => {
  expect(findAgents(null, { ...envWith(), path: undefined })).toHaveLength(1);
});

test('a config is taken as it is: its order, and no agent that it does not name', () => {
  const entries = agentEntries.parse([
    {
      id: 'mine',
      command: 'my-agent',
      args: ['x'],
      env: { A: 'b' },
      cwd: '/srv',
      authMethod: 'key',
    },
    { id: 'play', title: 'Playground', builtin: 'demo', args: ['--more'] },
  ]);
  expect(findAgents(entries, envWith('/usr/bin/goose'))).toEqual([
    {
      id: 'mine',
      title: 'mine',
      command: 'my-agent',
      args: ['x'],
      env: { A: 'b' },
      cwd: '/srv',
      authMethod: 'key',
      mcpServers: [],
    },
    {
      id: 'play',
      title: 'Playground',
      command: '/bin/node',
      args: ['demo.js', '--more'],
      env: {},
      cwd: null,
      authMethod: null,
      mcpServers: [],
    },
  ]);
});

test('a config without the built-in agent does not need it', () => {
  const entries = agentEntries.parse([{ id: 'mine', command: 'my-agent' }]);
  const demo = (): never => {
    throw new Error('not built');
  };
  expect(findAgents(entries, { ...envWith(), demo })).toHaveLength(1);
});

test('ids are unique', () => {
  expect(new Set(WELL_KNOWN.map(({ id }) => id)).size).toBe(WELL_KNOWN.length);
});

test('the file system is asked for files that can be run', () => {
  expect(systemDiscoveryEnv.isExecutable(process.execPath)).toBe(true);
  expect(systemDiscoveryEnv.isExecutable(import.meta.dirname)).toBe(false);
  expect(systemDiscoveryEnv.isExecutable(import.meta.filename)).toBe(false);
  expect(systemDiscoveryEnv.isExecutable('/no/such/file')).toBe(false);
});

describe('[P54] agents over time', () => {
  test('one that is installed meanwhile is found, and the disk is asked once a second', () => {
    const files: string[] = [];
    let looks = 0;
    let now = 0;
    const env: DiscoveryEnv = {
      ...envWith(),
      isExecutable(file) {
        looks += 1;
        return files.includes(file);
      },
    };
    const source = createAgentSource(null, env, () => now);
    expect(source.agents().map(({ id }) => id)).toEqual(['demo']);
    expect(source.known().known.every(({ found }) => !found)).toBe(true);
    files.push('/opt/bin/qwen');
    const before = looks;
    source.agents();
    source.known();
    expect(looks).toBe(before);
    now = LOOK_MS;
    expect(source.agents().map(({ id }) => id)).toEqual(['qwen', 'demo']);
    expect(source.known()).toMatchObject({ configured: false });
    expect(source.known().known.filter(({ found }) => found)).toMatchObject([
      { id: 'qwen', install: 'npm install -g @qwen-code/qwen-code' },
    ]);
  });

  test('a configured command that is not there: what to do, and how to install it where that is known', () => {
    const files = ['/srv/tools/mine', '/usr/bin/there', '/own/bin/other'];
    const entries = agentEntries.parse([
      { id: 'q', title: 'Qwen', command: 'qwen' },
      { id: 'm', command: './mine', cwd: '/srv/tools' },
      { id: 't', command: 'there' },
      { id: 'o', command: 'other', env: { PATH: '/own/bin' } },
      { id: 'n', command: '/no/thing' },
    ]);
    const env = { ...envWith(), isExecutable: (file: string) => files.includes(file) };
    let now = 0;
    const source = createAgentSource(entries, env, () => now);
    const problems = () => source.agents().map((spec) => source.missing(spec));
    expect(problems()).toEqual([
      {
        code: 'agent_missing',
        message: expect.stringMatching(/"qwen" was not found.*check again/),
        hint: 'npm install -g @qwen-code/qwen-code',
      },
      null,
      null,
      null,
      { code: 'agent_missing', message: expect.stringContaining('"/no/thing"') },
    ]);
    files.push('/opt/bin/qwen');
    now += LOOK_MS;
    expect(problems()[0]).toBeNull();
    expect(source.known().configured).toBe(true);
  });
});
