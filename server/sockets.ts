/** Node's servers behind one face: HTTP/1.1, or HTTP/2 and HTTP/1.1 over TLS. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Tls } from './tls.ts';

/** A lane that names `LIMITS.laneSessions` sessions with their cursors has an address of about 17 kB. */
const MAX_HEADER_BYTES = 64 * 1024;
/** These bound the time a request takes to arrive; a stream's answer has no such bound. Milliseconds. */
const LIMITS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  requestTimeout: 60_000,
  headersTimeout: 20_000,
  keepAliveTimeout: 65_000,
};
/** A hub has at most 65 streams open (H3); the rest is for commands and the page's files. */
const MAX_STREAMS = 256;
/** What the streams of one connection may hold together: readers that don't read, megabytes. */
const MAX_SESSION_MB = 64;

/** Answers a request, of either version. */
export type Listener = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
) => void;

export interface Sockets {
  server: Server;
  /** Ends the connections on which nothing is being answered. */
  closeIdle(): void;
  /** Cuts every connection. */
  closeAll(): void;
}

/** @param tls null for plain HTTP */
export function createSockets(tls: Tls | null, listener: Listener): Sockets {
  return tls === null ? createPlain(listener) : createSecure(tls, listener);
}

function createPlain(listener: Listener): Sockets {
  // Small frames at once, not gathered by the kernel.
  const server = createServer({ ...LIMITS, noDelay: true }, listener);
  return {
    server,
    closeIdle: () => server.closeIdleConnections(),
    closeAll: () => server.closeAllConnections(),
  };
}

function createSecure(tls: Tls, listener: Listener): Sockets {
  const server = createSecureServer({
    ...tls,
    allowHTTP1: true,
    maxSessionMemory: MAX_SESSION_MB,
    settings: { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: MAX_HEADER_BYTES },
  });
  // For HTTP/1.1 Node takes these from the server itself; as options it ignores them.
  Object.assign(server, LIMITS);
  const sockets = new Set<TLSSocket>();
  const answering = new Set<Socket>();
  const http2 = new Set<ServerHttp2Session>();
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (request, response) => {
    // HTTP/1.1 answers one request at a time on a connection.
    if (request.httpVersionMajor === 1) {
      const { socket } = request;
      answering.add(socket);
      response.once('close', () => answering.delete(socket));
    }
    listener(request, response);
  });
  server.on('session', (session) => {
    http2.add(session);
    session.once('close', () => http2.delete(session));
  });
  return {
    server,
    closeIdle() {
      // It goes once its last stream has ended, and takes no further ones.
      for (const session of http2) session.close();
      for (const socket of sockets) {
        if (socket.alpnProtocol !== 'h2' && !answering.has(socket)) socket.destroy();
      }
    },
    closeAll() {
      for (const session of http2) session.destroy();
      for (const socket of sockets) socket.destroy();
    },
  };
}
