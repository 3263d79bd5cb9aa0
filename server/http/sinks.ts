/** Where event streams end: the body of a web Response, or a response of Node's own. */
import { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { EventStream, Sink } from './event-stream.ts';

/**
 * A stream as a body, for servers without a socket: tests, and whoever calls `app.fetch`. Begins with the first
 * pull, so a body that nobody reads leaves nothing behind.
 */
export function readableOf(stream: EventStream): ReadableStream<Uint8Array> {
  let started = false;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (started) return stream.resume();
        started = true;
        stream.start({
          write(bytes) {
            controller.enqueue(bytes);
            // Only what was asked for is read.
            return false;
          },
          end: () => controller.close(),
        });
      },
      cancel: () => stream.close(),
    },
    // No buffer of its own.
    { highWaterMark: 0 },
  );
}

/**
 * Sends a stream over a socket, past Hono's and the web's layers: each of them has a promise per chunk and reader,
 * which cost more than the write itself.
 * @param head of the answer, as the app's middleware left it
 */
export function sendStream(
  response: ServerResponse | Http2ServerResponse,
  head: { status: number; headers: Headers },
  stream: EventStream,
): void {
  if (isGone(response)) return;
  const headers: Record<string, string | string[]> = Object.fromEntries(head.headers);
  const cookies = head.headers.getSetCookie();
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  response.once('close', stream.close);
  response.writeHead(head.status, headers);
  stream.start(isChunked(response) ? chunkedSink(response, stream) : plainSink(response, stream));
}

function isGone(response: ServerResponse | Http2ServerResponse): boolean {
  if (response instanceof ServerResponse) return response.destroyed;
  return response.stream.destroyed;
}

/** HTTP/2, HTTP/1.0, and an answer that waits behind others of its connection (pipelining). */
function plainSink(response: ServerResponse | Http2ServerResponse, stream: EventStream): Sink {
  // The two types have no common overload.
  const writable: NodeJS.WritableStream = response;
  return {
    write(bytes) {
      const more = writable.write(bytes);
      if (!more) writable.once('drain', stream.resume);
      return more;
    },
    end: () => writable.end(),
  };
}

type Chunked = ServerResponse & { readonly socket: NonNullable<ServerResponse['socket']> };

function isChunked(response: ServerResponse | Http2ServerResponse): response is Chunked {
  return response instanceof ServerResponse && response.chunkedEncoding && response.socket !== null;
}

/**
 * HTTP/1.1: whole chunks of the transfer coding (RFC 9112, 7.1), encoded once for all readers and written to the
 * socket itself. `response.write` makes four pieces of each, for each reader, and costs twice as much. The end is
 * the response's, which writes the last chunk.
 */
function chunkedSink(response: Chunked, stream: EventStream): Sink {
  const { socket } = response;
  response.flushHeaders();
  return {
    write(bytes) {
      const more = socket.write(chunkOf(bytes));
      if (!more) socket.once('drain', stream.resume);
      return more;
    },
    end: () => response.end(),
  };
}

// Readers of one log are served one after the other, most of them with the same bytes.
let last: { bytes: Uint8Array; chunk: Buffer } | null = null;

function chunkOf(bytes: Uint8Array): Buffer {
  if (last?.bytes === bytes) return last.chunk;
  const chunk = Buffer.concat([
    Buffer.from(`${bytes.byteLength.toString(16)}\r\n`, 'latin1'),
    bytes,
    Buffer.from('\r\n', 'latin1'),
  ]);
  last = { bytes, chunk };
  return chunk;
}
