/**
 * ACP messages over an agent's stdio, one JSON text per line. https://agentclientprotocol.com/protocol/v1/transports
 *
 * In place of the SDK's `ndJsonStream` for three reasons. The SDK starts a handler per message without waiting
 * for it, and a message passes as many microtasks as handlers were registered before its own: whether an answer
 * overtakes the updates sent before it, or the end of the stream drops them, is a matter of counting. Here a
 * message of another kind waits for a task, so that handlers are called in the order of the wire whatever the
 * SDK does in between. Text deltas don't pass the SDK at all: they are handed over at once. A line that is no message (a banner, a half line of a dying process) is logged and
 * skipped, not answered. And a failed write does not cut off what is still to be read.
 */
import type { AnyMessage, Stream } from '@agentclientprotocol/sdk';
import type { Logger } from '../log.ts';
import { readTextDelta, type TextDelta } from './text-delta.ts';

/** The longest line that is read: an agent may send files and images, but not fill the memory. */
export const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

/** The stream's error when a line is longer than that. */
export class MessageTooLong extends Error {
  override name = 'MessageTooLong';
}

export interface WireDeps {
  stdin: WritableStream<Uint8Array>;
  stdout: ReadableStream<Uint8Array>;
  logger: Logger;
  /** Resolves in a task of its own, after all microtasks. */
  nextTask(): Promise<void>;
  /** The agent's stdin can't be written to any more. Called at most once. */
  onWriteFailed(error: unknown): void;
  /** Gets the text deltas, in their place among the messages; without it they come like all others. */
  onDelta?(delta: TextDelta): void;
  /** False: the message is not passed on. */
  accept?(message: object): boolean;
  maxMessageBytes?: number;
}

export interface Wire {
  readonly stream: Stream;
  /** Ends the agent's stdin. Twice is fine. */
  end(): void;
}

/** Takes both streams over. */
export function createWire(deps: WireDeps): Wire {
  const { logger, nextTask, accept = () => true } = deps;
  const lines = createLines(deps.maxMessageBytes ?? MAX_MESSAGE_BYTES);
  const reader = deps.stdout.getReader();
  const writer = deps.stdin.getWriter();
  const encoder = new TextEncoder();
  let ready: AnyMessage[] = [];
  let at = 0;
  let ended = false;
  let failure: unknown = null;
  let lastKind = '';
  let writable = true;
  // Its rejection is that of the write which failed.
  writer.closed.catch(() => {});

  const inOrder = async (kind: string): Promise<void> => {
    // A delta has been handed over already when the next message comes.
    if (kind !== lastKind && lastKind !== DELTA) await nextTask();
    lastKind = kind;
  };

  const deltaOf = (message: AnyMessage | undefined): TextDelta | null =>
    message === undefined || deps.onDelta === undefined ? null : readTextDelta(message);

  /** The next message for the SDK, or undefined at the end; the deltas before it are handed over. */
  const next = async (): Promise<AnyMessage | undefined> => {
    for (;;) {
      while (at >= ready.length && (await readMore()));
      const message = ready[at];
      at += 1;
      const delta = deltaOf(message);
      if (delta === null) {
        await inOrder(message === undefined ? 'end' : kindOf(message));
        return message;
      }
      if (lastKind !== DELTA) await inOrder(DELTA);
      deps.onDelta?.(delta);
    }
  };

  const parse = (line: string): void => {
    if (line === '') return;
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      logger.debug({ line: line.slice(0, 500) }, 'agent wrote a line that is not JSON');
      return;
    }
    if (!isMessage(message)) {
      logger.debug({ line: line.slice(0, 500) }, 'agent wrote a line that is not JSON-RPC');
    } else if (accept(message)) {
      ready.push(message);
    }
  };

  /** @returns false at the end */
  const readMore = async (): Promise<boolean> => {
    if (ended) return false;
    ready = [];
    at = 0;
    try {
      const { value, done } = await reader.read();
      if (!done) {
        for (const line of lines.push(value)) parse(line);
        return true;
      }
      parse(lines.rest());
    } catch (error) {
      if (error instanceof MessageTooLong) failure = error;
      else logger.debug({ err: error }, 'agent output broke off');
      reader.cancel(error).catch(() => {});
    }
    ended = true;
    return true;
  };

  return {
    stream: {
      readable: new ReadableStream<AnyMessage>(
        {
          async pull(controller) {
            const message = await next();
            if (message !== undefined) controller.enqueue(message);
            else if (failure === null) controller.close();
            else controller.error(failure);
          },
          cancel: (reason) => reader.cancel(reason),
        },
        { highWaterMark: 0 },
      ),
      writable: new WritableStream<AnyMessage>({
        async write(message) {
          if (!writable) return;
          try {
            await writer.write(encoder.encode(`${JSON.stringify(message)}\n`));
          } catch (error) {
            if (!writable) return;
            writable = false;
            deps.onWriteFailed(error);
          }
        },
      }),
    },
    end() {
      writable = false;
      writer.close().catch(() => {});
    },
  };
}

/** The SDK would answer anything else, or complain of it on the console. An error without an id is the agent's complaint of a line of ours. */
function isMessage(value: unknown): value is AnyMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { jsonrpc, method, id = null } = value as Record<string, unknown>;
  return jsonrpc === '2.0' && (typeof method === 'string' || id !== null);
}

function kindOf(message: AnyMessage): string {
  return 'method' in message ? message.method : 'response';
}

/** No method is called so. */
const DELTA = ' delta';

const NEWLINE = 0x0a;

function createLines(maxBytes: number) {
  let pending: Uint8Array[] = [];
  let size = 0;
  const decoder = new TextDecoder();

  const hold = (bytes: Uint8Array): void => {
    size += bytes.byteLength;
    if (size > maxBytes) throw new MessageTooLong(`a message of more than ${maxBytes} bytes`);
    pending.push(bytes);
  };
  const take = (): string => {
    const [first] = pending;
    const line = pending.length === 1 && first !== undefined ? first : Buffer.concat(pending);
    pending = [];
    size = 0;
    return decoder.decode(line).trim();
  };

  return {
    /** The lines that `chunk` completes. @throws MessageTooLong */
    *push(chunk: Uint8Array): Generator<string> {
      let start = 0;
      for (;;) {
        const end = chunk.indexOf(NEWLINE, start);
        if (end === -1) break;
        hold(chunk.subarray(start, end));
        yield take();
        start = end + 1;
      }
      if (start < chunk.byteLength) hold(chunk.subarray(start));
    },
    /** What is left without an end. */
    rest: take,
  };
}
