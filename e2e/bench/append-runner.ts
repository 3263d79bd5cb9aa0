/**
 * The turn runner's path in this process: JSON lines of an agent through the real wire, runner, coalescer, log
 * and SQLite, to the bytes that the event streams give.
 */
import { DEFAULT_LIMITS } from '../../server/limits.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTask } from 'node:timers/promises';
import { createAcpHost } from '../../server/agents/acp-host.ts';
import type { AgentProcess, ProcessExit } from '../../server/agents/agent-process.ts';
import { createEventStream, type EventStream } from '../../server/http/event-stream.ts';
import { createLogPart } from '../../server/http/stream-parts.ts';
import { createStreamRegistry } from '../../server/http/stream-registry.ts';
import { realTimers as streamTimers } from '../../server/http/timers.ts';
import { realTimers } from '../../server/sessions/coalescer.ts';
import type { SessionHandle } from '../../server/sessions/service.ts';
import { createSessionService } from '../../server/sessions/sessions.ts';
import { openSqliteStore } from '../../server/store/sqlite.ts';
import { numbered } from './append-lines.mjs';
import { followNumbers } from './append-reader.ts';

/** As many lines as a pipe holds, about. */
const LINES_PER_CHUNK = 400;

/** Milliseconds, of the wall clock and of this process's own time on a core. */
export interface Spent {
  wall: number;
  cpu: number;
}

/** @returns what it took from the agent's first line until every reader had every byte */
export async function runInProcess(sessions: number, deltas: number): Promise<Spent> {
  const folder = await mkdtemp(join(tmpdir(), 'tabcast-appends-'));
  const store = openSqliteStore({ file: join(folder, 'tabcast.sqlite') });
  const agent = createPulledAgent();
  let ids = 0;
  const service = await createSessionService({
    store,
    host: createAcpHost({
      agents: () => [AGENT],
      spawn: () => agent.process,
      logger: silentLogger,
      version: '0.0.0',
    }),
    logger: silentLogger,
    timers: realTimers,
    chores: realTimers,
    compactAfterMs: 60_000,
    now: Date.now,
    newId: () => `bench-${(ids += 1)}`,
    roots: [folder],
    limits: { ...DEFAULT_LIMITS, turns: 1000, turnMegabytes: 256 },
  });
  const env = {
    streams: createStreamRegistry(Infinity),
    timers: streamTimers,
    random: Math.random,
    log: silentLogger,
  };
  const readers: Promise<unknown>[] = [];
  for (let n = 0; n < sessions; n += 1) {
    const { id } = await service.create('local', {});
    const session = await service.open('local', id);
    await start(session, n);
    const stream = createEventStream(env, {
      kind: 'session',
      holder: { principal: 'local', signIn: null, valid: () => true },
      parts: [createLogPart(session.feed, { kind: 'after', seq: 0 }, 'stays')],
      sessionIds: () => [id],
    });
    readers.push(followNumbers(bytesOf(stream), deltas, []));
  }
  await agent.prompted(sessions);
  const cpu = process.cpuUsage();
  const began = performance.now();
  agent.flood(sessions, deltas);
  await Promise.all(readers);
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  await service.close();
  await store.close();
  await rm(folder, { recursive: true });
  return { wall, cpu: (user + system) / 1000 };
}

/** A reader that takes all at once. */
function bytesOf(stream: EventStream): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      const write = (bytes: Uint8Array): boolean => {
        controller.enqueue(bytes);
        return true;
      };
      stream.start({ write, end: () => controller.close() });
    },
    cancel: () => stream.close(),
  });
}

function start(session: SessionHandle, n: number): Promise<string> {
  return session.prompt({
    prompt: [{ type: 'text', text: 'go' }],
    key: `key-${n}`,
    mode: 'queue',
  });
}

const silentLogger = { debug() {}, info() {}, warn() {}, error() {} };

const AGENT = {
  id: 'bench',
  title: 'Bench',
  command: 'bench',
  args: [],
  env: {},
  cwd: null,
  authMethod: null,
  mcpServers: [],
};

interface PulledAgent {
  readonly process: AgentProcess;
  /** Resolves once that many turns run. */
  prompted(count: number): Promise<void>;
  /** Numbered deltas for each session in turn, made when they are read: as fast as the server takes them. */
  flood(sessions: number, deltas: number): void;
}

function createPulledAgent(): PulledAgent {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const { readable, send, pulledBy } = createOutput();
  let opened = 0;
  let prompts = 0;
  let onPrompt = (): void => {};
  let exit = (_exit: ProcessExit): void => {};
  const exited = new Promise<ProcessExit>((resolve) => (exit = resolve));

  const answer = (id: unknown, result: object): void =>
    send(encoder.encode(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`));
  const take = (line: string): void => {
    const { id, method } = JSON.parse(line) as { id: unknown; method: string };
    if (method === 'initialize') answer(id, { protocolVersion: 1 });
    if (method === 'session/new') answer(id, { sessionId: `s${(opened += 1)}` });
    if (method === 'session/prompt') {
      prompts += 1;
      onPrompt();
    }
  };
  return {
    process: {
      stdin: new WritableStream({
        write: (bytes) => decoder.decode(bytes).trim().split('\n').forEach(take),
      }),
      stdout: readable,
      stderr: new ReadableStream({ start: (controller) => controller.close() }),
      exited,
      kill: (signal) => exit({ kind: 'killed', signal }),
    },
    prompted: (count) =>
      new Promise((resolve) => {
        onPrompt = () => {
          if (prompts >= count) resolve();
        };
        onPrompt();
      }),
    flood(sessions, deltas) {
      let next = 0;
      pulledBy(() => {
        const end = Math.min(next + LINES_PER_CHUNK, sessions * deltas);
        if (next === end) return null;
        let text = '';
        for (; next < end; next += 1) {
          text += numbered(`s${(next % sessions) + 1}`, Math.floor(next / sessions) + 1);
        }
        return encoder.encode(text);
      });
    },
  };
}

/** Bytes that are sent at once, then those that `pulledBy` makes when somebody reads. */
function createOutput() {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let make: () => Uint8Array | null = () => null;
  const readable = new ReadableStream<Uint8Array>(
    {
      start(own) {
        controller = own;
      },
      async pull(own) {
        // As from a pipe: there is more in another task, and what else is due comes in between.
        await nextTask();
        const bytes = make();
        if (bytes !== null) own.enqueue(bytes);
      },
    },
    { highWaterMark: 1 },
  );
  return {
    readable,
    send: (bytes: Uint8Array) => controller?.enqueue(bytes),
    pulledBy(own: () => Uint8Array | null) {
      make = own;
      const first = make();
      if (first !== null) controller?.enqueue(first);
    },
  };
}
