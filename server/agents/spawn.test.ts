import { expect, test } from 'vitest';
import type { AgentProcess } from './agent-process.ts';
import { agentEnv, createSpawn } from './spawn.ts';

const NODE = { command: process.execPath, env: {}, cwd: null };
const spawn = createSpawn(process.env);

function script(source: string): AgentProcess {
  return spawn({ ...NODE, args: ['-e', source] });
}

async function output(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.getReader();
  let text = '';
  while (!text.includes('\n')) {
    const { value, done } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  reader.releaseLock();
  return text.trim();
}

test('the environment is the server’s without tabcast’s own, and what the config says', () => {
  const own = { PATH: '/bin', TABCAST_TOKEN: 'secret', TABCAST_PORT: '1', A: 'own' };
  expect(agentEnv(own, { A: 'configured', B: 'c' })).toEqual({
    PATH: '/bin',
    A: 'configured',
    B: 'c',
  });
});

test('stdin, stdout, stderr and the exit code', async () => {
  const child = script(
    'process.stdin.on("data", (d) => process.stdout.write(d)).on("end", () => { process.stderr.write("bye"); process.exitCode = 7; })',
  );
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode('héllo'));
  await writer.close();
  expect(await Promise.all([output(child.stdout), output(child.stderr)])).toEqual(['héllo', 'bye']);
  expect(await child.exited).toEqual({ kind: 'exited', code: 7 });
});

test('a signal is told', async () => {
  const child = script('console.log("up"); setInterval(() => {}, 1000)');
  await firstLine(child.stdout);
  child.kill('SIGKILL');
  expect(await child.exited).toEqual({ kind: 'killed', signal: 'SIGKILL' });
  child.kill('SIGKILL');
});

test('what it started ends with it', async () => {
  const child = script(
    'const { pid } = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" }); console.log(pid); setInterval(() => {}, 1000)',
  );
  const grandchild = Number(await firstLine(child.stdout));
  expect(() => process.kill(grandchild, 0)).not.toThrow();
  child.kill('SIGKILL');
  await child.exited;
  // The pipe ends when the last process that holds it is gone.
  await output(child.stdout);
});

test('writing to one that is gone rejects, and nothing else happens', async () => {
  const child = script('process.exit(0)');
  await child.exited;
  const writer = child.stdin.getWriter();
  writer.closed.catch(() => {});
  await expect(writer.write(new Uint8Array(1))).rejects.toThrow(/EPIPE|destroyed|ended|closed/i);
});

test.each([
  [
    'a command that does not exist',
    { command: 'no-such-agent', cwd: null },
    'the command "no-such-agent" was not found',
  ],
  [
    'a file that may not be run',
    { command: import.meta.filename, cwd: null },
    `the command "${import.meta.filename}" may not be run`,
  ],
  [
    'a folder that does not exist',
    { command: process.execPath, cwd: '/no/such/folder' },
    'its folder "/no/such/folder" does not exist',
  ],
])('%s', async (_name, request, problem) => {
  const child = spawn({ ...request, args: [], env: {} });
  expect(await child.exited).toEqual({ kind: 'failed', problem });
  expect(await output(child.stderr).catch(() => '')).toBe('');
  child.kill('SIGTERM');
});

test('what Node refuses to start at all', async () => {
  const child = spawn({ command: 'a\0b', args: [], env: {}, cwd: null });
  expect(await child.exited).toMatchObject({ kind: 'failed' });
  expect(await output(child.stdout)).toBe('');
});
