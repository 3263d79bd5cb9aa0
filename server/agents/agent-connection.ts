/** One agent's process and the ACP connection to it, from its start to its end. */
import type { ClientContext } from '@agentclientprotocol/sdk';
import type { z } from 'zod';
import type { Logger } from '../log.ts';
import { connectClient, isKnownMessage } from './acp-client.ts';
import type { AgentError } from './agent-host.ts';
import type { SpawnAgent } from './agent-process.ts';
import type { AgentSpec } from './config.ts';
import { diedError, isAnswer, malformedError, timeoutError, type DeathCause } from './failures.ts';
import { createSessionRouter, type SessionRouter } from './session-router.ts';
import { createStderrTail } from './stderr-tail.ts';
import { settlesWithin, type Timers } from './timers.ts';
import { createWire, MessageTooLong } from './wire.ts';

/** Milliseconds from SIGTERM to SIGKILL. */
export const KILL_MS = 2000;
/** Milliseconds in which the rest of a dead process's output is read, and in which one that closed its pipes must end. */
export const DRAIN_MS = 1000;

export interface ConnectionDeps {
  spawn: SpawnAgent;
  logger: Logger;
  timers: Timers;
  /** Resolves in a task of its own, after all microtasks. */
  nextTask(): Promise<void>;
}

/** A request with a deadline. */
export interface Call<Result> {
  method: string;
  params: unknown;
  /** What a right answer looks like. */
  answer: z.ZodType<Result>;
  /** Milliseconds. */
  within: number;
  /** What it did not do, when the time is up: follows 'did not '. */
  purpose: string;
}

export interface AgentConnection {
  readonly agent: ClientContext;
  readonly router: SessionRouter;
  /** False from the first sign of its end. */
  readonly alive: boolean;
  /** Why it died; resolves when the process is gone and all that it sent was handed over. */
  readonly died: Promise<AgentError>;
  /** Bytes that were sent to it and that it has not read. */
  readonly unread: number;
  /** The last lines of stderr, or null. */
  stderr(): string | null;
  /** From now on it counts as started, for the words of its errors. */
  started(): void;
  /** @throws AgentError; or RequestError, when the agent answered with an error */
  call<Result>(call: Call<Result>): Promise<Result>;
  /** Ends the process and resolves when it is gone. Twice is fine. */
  stop(): Promise<void>;
}

/** Never throws: a process that can't be started has died. */
export function connectAgent(spec: AgentSpec, deps: ConnectionDeps): AgentConnection {
  const { timers, logger } = deps;
  const child = deps.spawn(spec);
  const stderr = createStderrTail((line) => logger.debug({ agent: spec.id, line }, 'agent stderr'));
  const stderrRead = readAll(child.stderr, (bytes) => stderr.push(bytes));
  const router = createSessionRouter(logger);
  let writeFailed = (): void => {};
  const inputClosed = new Promise<void>((resolve) => {
    writeFailed = resolve;
  });
  const wire = createWire({
    stdin: child.stdin,
    stdout: child.stdout,
    logger,
    nextTask: deps.nextTask,
    room: router.room,
    accept: isKnownMessage,
    onDelta: ({ sessionId, update }) => router.update(sessionId, update),
    onWriteFailed: () => writeFailed(),
  });
  const connection = connectClient(wire.stream, router, logger);

  let alive = true;
  let starting = true;
  let cause: DeathCause | null = null;
  let stopped: Promise<void> | null = null;
  const sent = new Set<string>();
  logger.info({ agent: spec.id, command: spec.command }, 'agent started');

  const terminate = async (why: DeathCause): Promise<void> => {
    cause ??= why;
    alive = false;
    wire.end();
    sent.add('SIGTERM');
    child.kill('SIGTERM');
    if (!(await settlesWithin(timers, KILL_MS, child.exited))) {
      sent.add('SIGKILL');
      child.kill('SIGKILL');
    }
    await child.exited;
  };

  const death = async (): Promise<AgentError> => {
    await Promise.race([child.exited, connection.closed, inputClosed]);
    alive = false;
    const broken: unknown = connection.signal.reason;
    if (broken instanceof MessageTooLong) {
      await terminate({ kind: 'unreadable', problem: broken.message });
    } else if (!(await settlesWithin(timers, DRAIN_MS, child.exited))) {
      await terminate({ kind: 'deaf' });
    }
    const exit = await child.exited;
    // It was dead already: on a busy machine its exit is told long after its pipes have closed.
    if (cause?.kind === 'deaf' && exit.kind === 'killed' && !sent.has(exit.signal)) cause = null;
    // What it started may live on, and keep its pipes open.
    child.kill('SIGKILL');
    wire.end();
    await settlesWithin(timers, DRAIN_MS, Promise.all([connection.closed, stderrRead]));
    connection.close();
    const error = diedError(spec, exit, cause, starting, stderr.text());
    logger[cause?.kind === 'stopped' ? 'info' : 'warn'](
      { agent: spec.id, exit, detail: error.detail },
      error.message,
    );
    return error;
  };
  const died = death();

  return {
    agent: connection.agent,
    router,
    get alive() {
      return alive;
    },
    died,
    get unread() {
      return wire.unread;
    },
    stderr: () => stderr.text(),
    started() {
      starting = false;
    },
    async call({ method, params, answer, within, purpose }) {
      const late = new AbortController();
      const timer = timers.set(() => late.abort(), within);
      let result: unknown;
      try {
        result = await connection.agent.request(method, params, {
          cancellationSignal: late.signal,
          stopWaitingOnCancel: true,
        });
      } catch (error) {
        if (late.signal.aborted) {
          throw timeoutError(spec, starting, purpose, within, stderr.text());
        }
        throw isAnswer(error) ? error : await died;
      } finally {
        timers.clear(timer);
      }
      const checked = answer.safeParse(result);
      if (!checked.success) throw malformedError(spec, method, stderr.text());
      return checked.data;
    },
    stop() {
      stopped ??= terminate({ kind: 'stopped' }).then(async () => void (await died));
      return stopped;
    },
  };
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  each: (bytes: Uint8Array) => void,
): Promise<void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      each(value);
    }
  } catch {
    // It broke off: what was read is kept.
  }
}
