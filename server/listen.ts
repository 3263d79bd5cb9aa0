/** The socket: a Hono app behind Node's HTTP server. */
import type { AddressInfo } from 'node:net';
import {
  getRequestListener,
  RequestError,
  type Http2Bindings,
  type HttpBindings,
} from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Fetch } from './http/env.ts';
import type { EventStream } from './http/event-stream.ts';
import { errorBody } from './http/errors.ts';
import { SECURITY_HEADERS } from './http/headers.ts';
import { sendStream } from './http/sinks.ts';
import type { Timers } from './http/timers.ts';
import { createSockets, type Listener } from './sockets.ts';
import type { Tls } from './tls.ts';

/** How long a stopping server waits for answers that are under way, in milliseconds. */
const GRACE_MS = 2000;

export interface ListenOptions {
  fetch: Fetch;
  port: number;
  host: string;
  timers: Timers;
  /** To serve HTTPS with, HTTP/2 and HTTP/1.1; null: plain HTTP/1.1. */
  tls: Tls | null;
}

export interface Listening {
  /** The real one, also when 0 was asked for. */
  port: number;
  /** Takes no new connections, waits a little for the open ones, then cuts them. Twice is the same. */
  close(): Promise<void>;
}

/** For the person who starts tabcast: why it can't listen there, and what to do. */
export class ListenError extends Error {
  override name = 'ListenError';
}

/** @throws ListenError when the address can't be had */
export async function listen({
  fetch,
  port,
  host,
  timers,
  tls,
}: ListenOptions): Promise<Listening> {
  let closing: Promise<void> | null = null;
  const respond = createListener(fetch);
  const { server, closeIdle, closeAll } = createSockets(tls, (request, response) => {
    // A connection whose last answer ended while the server stops would be kept alive for the next request.
    response.once('close', () => {
      if (closing !== null) closeIdle();
    });
    respond(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new ListenError(problem(error, port, host), { cause: error }));
    });
    server.listen({ port, host }, resolve);
  });
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    const cancel = timers.after(GRACE_MS, closeAll);
    closeIdle();
    await closed;
    cancel();
  };
  return {
    // A TCP server that listens has one.
    port: (server.address() as AddressInfo).port,
    close: () => (closing ??= close()),
  };
}

/** A Node request listener; what Hono never gets to see (a malformed address or `Host`) is answered in the API's shape too. */
export function createListener(fetch: Fetch): Listener {
  const answer = async (
    request: Request,
    { outgoing }: HttpBindings | Http2Bindings,
  ): Promise<Response> => {
    let stream: EventStream | null = null;
    const response = await fetch(request, { takeStream: (taken) => (stream = taken) });
    // Without its start a stream has left nothing: HEAD, or an error behind the route.
    if (stream === null || !response.ok || request.method === 'HEAD') return response;
    sendStream(outgoing, response, stream);
    return RESPONSE_ALREADY_SENT;
  };
  const respond = getRequestListener(answer, {
    errorHandler(error) {
      const malformed = error instanceof RequestError;
      const body = malformed
        ? errorBody('bad_request', 'The request is malformed.')
        : errorBody('internal', 'Something went wrong in the server.');
      return new Response(JSON.stringify(body), {
        status: malformed ? 400 : 500,
        headers: { ...SECURITY_HEADERS, 'content-type': 'application/json' },
      });
    },
  });
  // It answers its own failures.
  return (request, response) => void respond(request, response);
}

function problem({ code, message }: NodeJS.ErrnoException, port: number, host: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken, perhaps by another tabcast. Choose another one with --port, for example --port ${port + 1}, or --port 0 for any free one.`;
    case 'EACCES':
      return `Port ${port} needs more rights. Choose one above 1023 with --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine. Check --host.`;
    default:
      return `Can't listen on ${host}, port ${port}: ${message}`;
  }
}
