/** Child of the fan-out benches: one of the servers, and its events. Called with the way it is to serve. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { createChannel, createSession } from 'better-sse';
import { Hono } from 'hono';
import { streamSSE, type SSEStreamingApi } from 'hono/streaming';
import { EVENT_BYTES, offer } from './child.ts';
import { openTabcastSession } from './fan-out-tabcast.ts';

export type Way = 'tabcast' | 'better-sse' | 'writeSSE' | 'raw';

export interface Memory {
  rss: number;
  heap: number;
}

export type ServerCalls = {
  /** @returns where it listens, and what a reader asks it for */
  listen(): Promise<{ port: number; head: string }>;
  /**
   * Sends so many events to every reader, each when the one before was given to every socket.
   * @returns when it began (milliseconds since the epoch), bytes given to all sockets since their start, and what it
   * took of the processor's time, microseconds
   */
  burst(events: number): Promise<{ beganAt: number; bytes: number; cpu: number }>;
  /** After a collection. */
  memory(): Promise<Memory>;
  readers(): number;
  /** Resolves when the last reader and its socket are gone. */
  empty(): Promise<void>;
};

interface Served {
  server: Server;
  path: string;
  headers?: string;
  /** Sends event `n` to all; resolves when every socket has it. */
  send(n: number): Promise<void>;
  readers(): number;
}

/** A frame as tabcast's are: cursor and JSON. */
function eventOf(n: number): { id: string; data: string } {
  const id = `log:${n}`;
  const bare = (text: string): string => JSON.stringify({ seq: n, type: 'update', text });
  const rest = EVENT_BYTES - `id: ${id}\ndata: ${bare('')}\n\n`.length;
  return { id, data: bare('x'.repeat(rest)) };
}

const WAYS: Record<Way, () => Promise<Served>> = {
  async tabcast() {
    const folder = mkdtempSync(join(tmpdir(), 'tabcast-fan-out-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    return openTabcastSession(join(folder, 'tabcast.sqlite'), EVENT_BYTES);
  },

  async 'better-sse'() {
    const channel = createChannel();
    const listener: RequestListener = async (request, response) => {
      channel.register(await createSession(request, response, { serializer: String }));
    };
    return {
      server: createHttpServer({ noDelay: true }, listener),
      path: '/',
      async send(n) {
        const { id, data } = eventOf(n);
        channel.broadcast(data, 'message', { eventId: id });
        await nextTurn();
      },
      readers: () => channel.sessionCount,
    };
  },

  async writeSSE() {
    const open = new Set<SSEStreamingApi>();
    const app = new Hono().get('/', (c) =>
      streamSSE(c, async (stream) => {
        open.add(stream);
        await stream.write('retry: 1000\n\n');
        await new Promise<void>((resolve) => stream.onAbort(resolve));
        open.delete(stream);
      }),
    );
    return {
      server: createHttpServer({ noDelay: true }, getRequestListener(app.fetch)),
      path: '/',
      async send(n) {
        const event = eventOf(n);
        await Promise.all(Array.from(open, (stream) => stream.writeSSE(event)));
        await nextTurn();
      },
      readers: () => open.size,
    };
  },

  async raw() {
    const open = new Set<Socket>();
    const server = createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => {});
      socket.once('close', () => open.delete(socket));
      socket.once('data', () => {
        open.add(socket);
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nretry: 1000\n\n');
      });
    });
    return {
      server,
      path: '/',
      async send(n) {
        const { id, data } = eventOf(n);
        const frame = Buffer.from(`id: ${id}\ndata: ${data}\n\n`);
        for (const socket of open) socket.write(frame);
        await nextTurn();
      },
      readers: () => open.size,
    };
  },
};

const served = await WAYS[process.argv[2] as Way]();
const sockets = new Set<Socket>();
served.server.on('connection', (socket: Socket) => {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
});
let sent = 0;

const calls: ServerCalls = {
  async listen() {
    if (!served.server.listening) {
      await new Promise<void>((resolve) => {
        served.server.listen({ port: 0, host: '127.0.0.1' }, resolve);
      });
    }
    const { port } = served.server.address() as AddressInfo;
    const head = `GET ${served.path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\naccept: text/event-stream\r\n${served.headers ?? ''}\r\n`;
    return { port, head };
  },
  async burst(events) {
    const beganAt = performance.timeOrigin + performance.now();
    const before = process.cpuUsage();
    for (let n = 0; n < events; n += 1) await served.send((sent += 1));
    const { user, system } = process.cpuUsage(before);
    let bytes = 0;
    for (const socket of sockets) bytes += socket.bytesWritten;
    return { beganAt, bytes, cpu: user + system };
  },
  async memory() {
    // Twice: what is freed by finalizers goes with the second.
    for (let n = 0; n < 2; n += 1) {
      globalThis.gc?.();
      await nextTurn();
    }
    const { rss, heapUsed } = process.memoryUsage();
    return { rss, heap: heapUsed };
  },
  readers: () => served.readers(),
  async empty() {
    while (sockets.size + served.readers() > 0) await nextTurn();
  },
};
offer(calls);
