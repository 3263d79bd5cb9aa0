/** Runs agents as child processes: no shell, a process group of their own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { AgentProcess, ProcessExit, SpawnAgent, SpawnRequest } from './agent-process.ts';

/** What of the server's environment an agent gets: all but tabcast's own settings, its token among them. */
export function agentEnv(
  own: NodeJS.ProcessEnv,
  configured: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(own).filter(([name]) => !name.startsWith('TABCAST_'));
  return { ...Object.fromEntries(inherited), ...configured };
}

/** @param own the server's environment */
export function createSpawn(own: NodeJS.ProcessEnv): SpawnAgent {
  return (request) => {
    let child: ChildProcess;
    try {
      child = spawn(request.command, request.args, {
        env: agentEnv(own, request.env),
        stdio: ['pipe', 'pipe', 'pipe'],
        ...(request.cwd === null ? {} : { cwd: request.cwd }),
        // A group of its own: it and all that it started can be ended together, and a Ctrl-C in the terminal
        // reaches only the server, which ends its turns first.
        detached: process.platform !== 'win32',
        windowsHide: true,
      });
    } catch (error) {
      return neverStarted(error instanceof Error ? error.message : String(error));
    }
    return wrap(child, request);
  };
}

function wrap(child: ChildProcess, request: SpawnRequest): AgentProcess {
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      // Also emitted for a failed `kill`: only a process without a pid never ran.
      if (child.pid === undefined) {
        resolve({ kind: 'failed', problem: spawnProblem(error, request) });
      }
    });
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'killed', signal });
    });
  });
  const { stdin, stdout, stderr } = child;
  // With no file descriptor left there are no pipes either; the 'error' event follows.
  if (!stdin || !stdout || !stderr) return { ...neverStarted(''), exited };
  // EPIPE is told by the write's own callback; without a listener it would end the server.
  stdin.on('error', () => {});
  return {
    exited,
    stdin: new WritableStream({
      write: (bytes) =>
        new Promise((resolve, reject) => {
          stdin.write(bytes, (error) => (error ? reject(error) : resolve()));
        }),
      close: () => void stdin.end(),
      abort: () => void stdin.destroy(),
    }),
    stdout: readBytes(stdout),
    stderr: readBytes(stderr),
    kill(signal) {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, signal);
      } catch {
        // No such group (nothing of it is left, or the platform has none).
        child.kill(signal);
      }
    },
  };
}

/** Pipes carry bytes, which `Readable.toWeb`'s type doesn't say. */
function readBytes(source: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(source) as ReadableStream<Uint8Array>;
}

function spawnProblem(error: NodeJS.ErrnoException, { command, cwd }: SpawnRequest): string {
  // Node reports a missing folder as a missing command.
  if (error.code === 'ENOENT' && cwd !== null && !existsSync(cwd)) {
    return `its folder "${cwd}" does not exist`;
  }
  if (error.code === 'ENOENT') return `the command "${command}" was not found`;
  if (error.code === 'EACCES') return `the command "${command}" may not be run`;
  return `the command "${command}" could not be run (${error.message})`;
}

function neverStarted(problem: string): AgentProcess {
  const empty = () => new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
  return {
    stdin: new WritableStream(),
    stdout: empty(),
    stderr: empty(),
    exited: Promise.resolve({ kind: 'failed', problem }),
    kill() {},
  };
}
