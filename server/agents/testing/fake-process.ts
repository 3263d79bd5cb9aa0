/** Agents that run in the test's own process, behind the `SpawnAgent` port. */
import { ndJsonStream, type AgentApp, type AgentConnection } from '@agentclientprotocol/sdk';
import type { ProcessExit, SpawnAgent, SpawnRequest } from '../agent-process.ts';

export interface FakeProcess {
  readonly request: SpawnRequest;
  /** The signals it got. */
  readonly signals: string[];
  /** True once its stdin was ended. */
  readonly stdinEnded: boolean;
  readonly connection: AgentConnection;
  /** Writes to its stdout beside the protocol. */
  write(text: string): void;
  writeStderr(bytes: Uint8Array | string): void;
  /** Closes its stdout, but goes on running. */
  closeStdout(): void;
  /** Its stdin can't be written to from now on. */
  breakStdin(): void;
  exit(exit: ProcessExit): void;
}

export interface FakeSpawn {
  spawn: SpawnAgent;
  /** All that were started, in order. */
  readonly processes: FakeProcess[];
}

export interface FakeOptions {
  /** It lives until SIGKILL. */
  ignoresSigterm?: boolean;
}

/** @param makeApp the agent's side; `process` is the process it runs in */
export function createFakeSpawn(
  makeApp: (process: () => FakeProcess) => AgentApp,
  options: FakeOptions = {},
): FakeSpawn {
  const processes: FakeProcess[] = [];
  return {
    processes,
    spawn(request) {
      const encoder = new TextEncoder();
      const signals: string[] = [];
      const stdout = pipe();
      const stderr = pipe();
      const stdin = pipe();
      let stdinEnded = false;
      let stdinBroken = false;
      let gone = false;
      let settle: (exit: ProcessExit) => void = () => {};
      const exited = new Promise<ProcessExit>((resolve) => {
        settle = resolve;
      });
      const exit = (how: ProcessExit): void => {
        if (gone) return;
        gone = true;
        connection.close();
        for (const end of [stdout, stderr, stdin]) end.close();
        settle(how);
      };
      const output = new WritableStream<Uint8Array>({ write: (bytes) => stdout.push(bytes) });
      const connection = makeApp(() => fake).connect(ndJsonStream(output, stdin.readable));
      const fake: FakeProcess = {
        request,
        signals,
        get stdinEnded() {
          return stdinEnded;
        },
        connection,
        write: (text) => stdout.push(encoder.encode(text)),
        writeStderr: (bytes) =>
          stderr.push(typeof bytes === 'string' ? encoder.encode(bytes) : bytes),
        closeStdout: () => stdout.close(),
        breakStdin() {
          stdinBroken = true;
        },
        exit,
      };
      processes.push(fake);
      return {
        stdin: new WritableStream({
          write(bytes) {
            if (gone || stdinBroken) throw new Error('EPIPE');
            stdin.push(bytes);
          },
          close() {
            stdinEnded = true;
            stdin.close();
          },
        }),
        stdout: stdout.readable,
        stderr: stderr.readable,
        exited,
        kill(signal) {
          if (gone) return;
          signals.push(signal);
          if (signal === 'SIGKILL' || !options.ignoresSigterm) exit({ kind: 'killed', signal });
        },
      };
    },
  };
}

/** Never full; what comes after its end is lost. */
function pipe() {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const readable = new ReadableStream<Uint8Array>({
    start(own) {
      controller = own;
    },
    cancel() {
      controller = null;
    },
  });
  return {
    readable,
    push(bytes: Uint8Array): void {
      controller?.enqueue(bytes);
    },
    close(): void {
      controller?.close();
      controller = null;
    },
  };
}
