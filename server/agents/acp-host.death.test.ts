import { afterEach, describe, expect, test, vi } from 'vitest';
import { SOON } from './testing/recorder.ts';
import { DRAIN_MS, KILL_MS } from './agent-connection.ts';
import { MAX_UNREAD_BYTES } from './agent-session.ts';
import { createFakeSpawn, type FakeOptions } from './testing/fake-process.ts';
import { createHostWorld, prompt } from './testing/host-world.ts';
import { createManualTimers } from './testing/manual-timers.ts';
import { createScriptedAgent, hang, text, type AgentScript } from './testing/scripted-agent.ts';
import { MAX_MESSAGE_BYTES } from './wire.ts';

const WAITS: AgentScript = { handlers: { 'session/prompt': hang } };

function world(script: AgentScript = WAITS, options: FakeOptions = {}) {
  const timers = createManualTimers();
  const { spawn, processes } = createFakeSpawn(() => createScriptedAgent(script), options);
  return { ...createHostWorld(spawn, { timers }), timers, processes };
}

/** A session whose prompt runs, and the process behind it. */
async function running(options: FakeOptions = {}) {
  const made = world(WAITS, options);
  const { session, seen } = await made.open();
  const failed = session.prompt(prompt('hi')).then(
    () => null,
    (error: unknown) => error,
  );
  const [process] = made.processes;
  if (process === undefined) throw new Error('nothing runs');
  return { ...made, session, seen, failed, process };
}

function update(words: string): string {
  const params = { sessionId: 'fresh', update: text(words) };
  return `${JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params })}\n`;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a process that dies', () => {
  test.each([
    [{ kind: 'exited', code: 3 } as const, 'Fake stopped with exit code 3.'],
    [{ kind: 'killed', signal: 'SIGSEGV' } as const, 'Fake was killed by SIGSEGV.'],
  ])('[L3] %j ends the prompt with its reason and the last of stderr', async (exit, words) => {
    const { failed, process, session, timers } = await running();
    process.writeStderr('first line\nlast words\n');
    process.exit(exit);
    expect(await failed).toMatchObject({
      code: 'agent_exited',
      message: `${words} The next prompt starts it again.`,
      detail: 'first line\nlast words',
    });
    expect(session.alive).toBe(false);
    expect(timers.pending).toBe(0);
  });

  test('what it sent before its end is handed over, a half line is not', async () => {
    const { failed, process, seen } = await running();
    process.write(`${update('the')}${update(' end')}${update('lost').slice(0, 40)}`);
    process.exit({ kind: 'exited', code: 1 });
    await failed;
    expect(seen.text()).toBe('the end');
  });

  test('one that could not be started: agent_start says why', async () => {
    const { host, open, processes } = world({ handlers: { initialize: hang } });
    const opening = open();
    await expect.poll(() => processes.length, SOON).toBe(1);
    processes[0]?.exit({ kind: 'failed', problem: 'the command "fake-agent" was not found' });
    await expect(opening).rejects.toMatchObject({
      code: 'agent_start',
      message: expect.stringMatching(
        /could not be started: the command "fake-agent" was not found/,
      ),
    });
    await host.close();
  });

  test('one that dies while it starts', async () => {
    const { open, processes } = world({ handlers: { initialize: hang } });
    const opening = open();
    await expect.poll(() => processes.length, SOON).toBe(1);
    processes[0]?.writeStderr('no license');
    processes[0]?.exit({ kind: 'exited', code: 1 });
    await expect(opening).rejects.toMatchObject({
      code: 'agent_exited',
      message: expect.stringContaining('exit code 1 while it was starting'),
      detail: 'no license',
    });
  });

  test('one that closes its output but lives is ended', async () => {
    const { failed, process, timers } = await running();
    process.closeStdout();
    await expect.poll(() => timers.pending, SOON).toBe(1);
    timers.advance(DRAIN_MS);
    expect(await failed).toMatchObject({
      code: 'agent_exited',
      message: expect.stringContaining('stopped talking to tabcast'),
    });
    expect(process.signals).toEqual(['SIGTERM']);
  });

  test('[L3] one that was killed says so, also when its exit is told long after its output closed', async () => {
    const { failed, process, timers } = await running({ ignoresSigterm: true });
    process.closeStdout();
    await expect.poll(() => timers.pending, SOON).toBe(1);
    timers.advance(DRAIN_MS);
    await expect.poll(() => process.signals, SOON).toEqual(['SIGTERM']);
    process.exit({ kind: 'killed', signal: 'SIGKILL' });
    expect(await failed).toMatchObject({
      code: 'agent_exited',
      message: 'Fake was killed by SIGKILL. The next prompt starts it again.',
    });
  });

  test('one whose input is closed is ended, and what it still says is heard', async () => {
    const { failed, process, seen, session, timers } = await running();
    process.breakStdin();
    session.cancel();
    await expect.poll(() => timers.pending, SOON).toBe(1);
    process.write(update('goodbye'));
    await seen.says('goodbye');
    timers.advance(DRAIN_MS);
    expect(await failed).toMatchObject({ code: 'agent_exited' });
  });
});

describe('[A3] a process that writes what is not ACP', () => {
  test('lines that are not JSON, not objects, or updates of an unknown kind are skipped', async () => {
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { process, seen, host, lines } = await running();
    process.write('Welcome to Fake 1.0!\n\n42\nnull\n[]\n{"half": \n{"level":"info"}\n');
    process.write('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}\n');
    process.write(update('x').replaceAll('agent_message_chunk', 'hologram'));
    process.write(update('fine'));
    await seen.says('fine');
    expect(seen.updates).toHaveLength(1);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'debug',
        fields: { line: 'Welcome to Fake 1.0!' },
      }),
    );
    expect(complaints).not.toHaveBeenCalled();
    complaints.mockRestore();
    await host.close();
  });

  test('an update of a known kind with a wrong shape does not reach the session', async () => {
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { process, seen, host } = await running();
    process.write(update('x').replace('"text":"x"', '"text":7'));
    process.write(update('fine'));
    await seen.says('fine');
    expect(seen.updates).toHaveLength(1);
    complaints.mockRestore();
    await host.close();
  });

  test('a message beyond the limit ends the process, and what came before it is handed over', async () => {
    const { failed, process, seen } = await running();
    process.write(update('before'));
    const piece = 'x'.repeat(1024 * 1024);
    for (let sent = 0; sent <= MAX_MESSAGE_BYTES; sent += piece.length) process.write(piece);
    expect(await failed).toMatchObject({
      code: 'agent_exited',
      message: expect.stringMatching(/because it sent a message of more than 33554432 bytes/),
    });
    expect(seen.text()).toBe('before');
    expect(process.signals).toEqual(['SIGTERM']);
  });
});

describe('[L12] an agent that does not read', () => {
  test('what waits for it is bounded: the prompt that would be too much is refused, and says why', async () => {
    const { spawn } = createFakeSpawn(() => createScriptedAgent({}));
    let deaf = false;
    const { open, host } = createHostWorld((request) => {
      const process = spawn(request);
      const writer = process.stdin.getWriter();
      const stdin = new WritableStream<Uint8Array>({
        write: (bytes) => (deaf ? hang() : writer.write(bytes)),
        close: () => writer.close(),
      });
      return { ...process, stdin };
    });
    const { session } = await open();
    expect(await session.prompt(prompt('heard'))).toBe('end_turn');
    deaf = true;
    const large = prompt('x'.repeat(MAX_UNREAD_BYTES / 2));
    const waiting = [1, 2, 3].map(() => session.prompt(large).catch((error: unknown) => error));
    await expect.poll(() => Promise.race([...waiting, Promise.resolve(null)]), SOON).toBeNull();
    await vi.waitFor(() =>
      expect(session.prompt(prompt('more'))).rejects.toMatchObject({
        code: 'agent_error',
        message: expect.stringMatching(/^Fake does not read what is sent to it: 24 MB wait/),
      }),
    );
    await host.close();
    for (const each of waiting) expect(await each).toMatchObject({ code: 'agent_exited' });
  });
});

describe('close', () => {
  test('ends stdin and asks; one that does not listen is killed after two seconds; no timer is left', async () => {
    const { host, process, timers, failed } = await running({ ignoresSigterm: true });
    const closing = host.close();
    await expect.poll(() => process.stdinEnded, SOON).toBe(true);
    expect(process.signals).toEqual(['SIGTERM']);
    timers.advance(KILL_MS - 1);
    expect(process.signals).toEqual(['SIGTERM']);
    timers.advance(1);
    await expect.poll(() => process.signals, SOON).toEqual(['SIGTERM', 'SIGKILL']);
    await closing;
    await host.close();
    expect(await failed).toMatchObject({ code: 'agent_exited' });
    expect(timers.pending).toBe(0);
  });

  test('while an agent starts: the open rejects', async () => {
    const { host, open, processes, timers } = world({ handlers: { initialize: hang } });
    const opening = open().catch((error: unknown) => error);
    await expect.poll(() => processes.length, SOON).toBe(1);
    await host.close();
    expect(await opening).toMatchObject({ code: 'agent_exited' });
    expect(timers.pending).toBe(0);
  });

  test('with the process timers: none is left', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval'] });
    const { spawn } = createFakeSpawn(() => createScriptedAgent({}));
    const { host, open } = createHostWorld(spawn);
    const { session } = await open();
    await session.prompt(prompt('hi'));
    await host.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('before anything was started', async () => {
    const { host, processes } = world();
    await host.close();
    await host.close();
    expect(processes).toEqual([]);
  });
});
