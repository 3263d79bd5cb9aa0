import { expect, test } from 'vitest';
import { demoCommand, systemDemoEnv } from '../demo-command.ts';
import { createSpawn } from '../spawn.ts';

const spawn = createSpawn(process.env);

test('the process ends when its stdin does, whatever runs: a server that dies leaves no orphan', async () => {
  const child = spawn({ ...demoCommand(systemDemoEnv), env: {}, cwd: '/' });
  const writer = child.stdin.getWriter();
  const send = (id: number, method: string, params: object): Promise<void> => {
    const message = JSON.stringify({ jsonrpc: '2.0', id, method, params });
    return writer.write(new TextEncoder().encode(`${message}\n`));
  };
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let heard = '';
  const hear = async (part: string): Promise<void> => {
    while (!heard.includes(part)) heard += decoder.decode((await reader.read()).value);
  };
  await send(0, 'initialize', { protocolVersion: 1 });
  await hear('"id":0');
  await send(1, 'session/resume', { sessionId: 's', cwd: '/' });
  await hear('"id":1');
  const prompt = [{ type: 'text', text: '/count 1000000 100' }];
  await send(2, 'session/prompt', { sessionId: 's', prompt });
  await hear('"5 "');
  await writer.close();
  expect(await child.exited).toEqual({ kind: 'exited', code: 0 });
});
