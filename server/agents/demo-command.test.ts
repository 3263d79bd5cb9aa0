import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { demoCommand, systemDemoEnv, type DemoCommandEnv } from './demo-command.ts';

function env(moduleUrl: string, ...files: string[]): DemoCommandEnv {
  return {
    moduleUrl,
    execPath: '/bin/node',
    exists: (path) => files.includes(path),
    tsx: () => 'file:///deps/tsx.mjs',
  };
}

test('from source: with tsx, by absolute paths', () => {
  expect(demoCommand(env('file:///app/server/agents/demo-command.ts'))).toEqual({
    command: '/bin/node',
    args: ['--import', 'file:///deps/tsx.mjs', '/app/server/agents/demo/main.ts'],
  });
});

test.each(['file:///app/dist/server/main.js', 'file:///app/dist/server/assets/chunk-abc.js'])(
  'built into %s: the built file',
  (moduleUrl) => {
    expect(demoCommand(env(moduleUrl, '/app/dist/server/demo.js'))).toEqual({
      command: '/bin/node',
      args: ['/app/dist/server/demo.js'],
    });
  },
);

test('a folder with spaces and umlauts', () => {
  const moduleUrl = 'file:///my%20t%C3%B6ols/dist/server/main.js';
  expect(demoCommand(env(moduleUrl, '/my töols/dist/server/demo.js')).args).toEqual([
    '/my töols/dist/server/demo.js',
  ]);
});

test('not built: an error that says what is missing', () => {
  expect(() => demoCommand(env('file:///app/dist/server/main.js'))).toThrow(
    /no \/app\/dist\/server\/demo\.js.*Build tabcast again/,
  );
});

test('here and now: files that exist', () => {
  const { command, args } = demoCommand(systemDemoEnv);
  expect(command).toBe(process.execPath);
  const [flag, loader = '', source = ''] = args;
  expect(flag).toBe('--import');
  expect(existsSync(fileURLToPath(loader))).toBe(true);
  expect(existsSync(source)).toBe(true);
});
