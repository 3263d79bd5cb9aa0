import { expect, test } from 'vitest';
import { agentEntries } from './config.ts';
import { findAgents, systemDiscoveryEnv, WELL_KNOWN, type DiscoveryEnv } from './discovery.ts';

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
