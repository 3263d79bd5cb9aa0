/** The driver of `upstream-machine.ts`: one SSE connection over fetch and eventsource-parser. */
import { createParser } from 'eventsource-parser';
import type { ApiError } from '../shared/errors.ts';
import { unreachable } from '../shared/errors.ts';
import type { Cancel, HubEnv } from './env.ts';
import { readError } from './error-body.ts';
import { parseFrame, type Frame } from './frames.ts';
import { step } from './upstream-machine.ts';
import {
  IDLE,
  type Backoff,
  type UpstreamAction,
  type UpstreamEvent,
  type UpstreamState,
} from './upstream-state.ts';

export interface Upstream {
  readonly state: UpstreamState;
  /** Everything that came on its connections. */
  readonly flow: Flow;
  /** There is a reason to be connected. @param before how an earlier stream to the same place waited; its floor holds */
  start(before?: Backoff): void;
  /** What came does not follow: ask again, at the address as it is then. */
  gap(): void;
  /** The address is another one now. */
  changed(): void;
  /** The server was reached by another connection: don't wait out a backoff. */
  wake(): void;
  /** Somebody looks at a page that says that it is not live: not for long. */
  look(): void;
  /** A person asks to connect now. */
  retry(): void;
  /** Disconnects and stays so until `start` or `retry`. */
  stop(): void;
  /** For good. Twice is a no-op. */
  close(): void;
}

export interface Flow {
  frames: number;
  /** As they came, heartbeats too. */
  bytes: number;
}

export interface UpstreamHandlers {
  /** Path and query, asked anew for every connection: it carries the cursors. */
  path(): string;
  /** Frames that came together, in order. @returns true when they brought anything new */
  onFrames(frames: Frame[]): boolean;
  /** After every change of the state's name, and after every failed attempt. */
  onState(state: UpstreamState): void;
}

/** Bounds what a stream without a line end can make us hold, in UTF-16 units; a snapshot is one frame. */
const MAX_FRAME = 32 * 1024 * 1024;

const UNREACHABLE: ApiError = { code: 'network', message: 'The server cannot be reached.' };
const LOST: ApiError = { code: 'network', message: 'The connection to the server was lost.' };
const UNREADABLE: ApiError = {
  code: 'unavailable',
  message: 'The server sent something that cannot be read.',
};

/** An upstream that is not started yet. */
export function createUpstream(
  env: Pick<HubEnv, 'fetch' | 'now' | 'random' | 'after' | 'baseUrl'>,
  handlers: UpstreamHandlers,
): Upstream {
  let state: UpstreamState = IDLE;
  const flow: Flow = { frames: 0, bytes: 0 };
  let closed = false;
  // Its identity tells late events of a replaced connection from those of the current one.
  let current: AbortController | null = null;
  let cancelTimer: Cancel | null = null;

  const disarm = (): void => {
    cancelTimer?.();
    cancelTimer = null;
  };
  const disconnect = (): void => {
    const before = current;
    current = null;
    before?.abort();
  };

  const act = (action: UpstreamAction): void => {
    switch (action.type) {
      case 'connect':
        disconnect();
        current = new AbortController();
        void run(current);
        return;
      case 'disconnect':
        disconnect();
        return;
      case 'arm':
        disarm();
        cancelTimer = env.after(action.ms, () => {
          cancelTimer = null;
          dispatch({ type: 'timer' });
        });
        return;
      case 'disarm':
        disarm();
        return;
      default:
        unreachable(action);
    }
  };

  const dispatch = (event: UpstreamEvent): void => {
    if (closed) return;
    const before = state;
    const next = step(before, event, { now: env.now(), random: env.random() });
    ({ state } = next);
    for (const action of next.actions) act(action);
    if (before.name !== state.name || (next.actions.length > 0 && state.name === 'backoff')) {
      handlers.onState(state);
    }
  };

  const run = async (connection: AbortController): Promise<void> => {
    const isCurrent = (): boolean => connection === current;
    let response: Response;
    try {
      response = await env.fetch(env.baseUrl + handlers.path(), {
        headers: { accept: 'text/event-stream' },
        cache: 'no-store',
        signal: connection.signal,
      });
    } catch {
      if (isCurrent()) dispatch({ type: 'failed', error: UNREACHABLE });
      return;
    }
    // The abort came after the head: the body is ours to let go of.
    if (!isCurrent()) return discard(response);
    const { status, headers } = response;
    const error = status >= 400 ? await readError(response) : null;
    if (!isCurrent()) return;
    dispatch({
      type: 'response',
      status,
      contentType: headers.get('content-type'),
      retryAfter: headers.get('retry-after'),
      error,
    });
    if (!isCurrent()) return discard(response);
    await read(response, isCurrent);
  };

  const read = async (response: Response, isCurrent: () => boolean): Promise<void> => {
    let frames: Frame[] = [];
    let broken = false;
    const parser = createParser({
      maxBufferSize: MAX_FRAME,
      onEvent(message) {
        if (broken) return;
        try {
          const frame = parseFrame(message);
          if (frame !== null) frames.push(frame);
        } catch {
          broken = true;
        }
      },
      onError({ type }) {
        // Unknown fields and a bad `retry` are to be ignored (WHATWG HTML, 9.2.6).
        if (type === 'max-buffer-size-exceeded') broken = true;
      },
    });
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    for (;;) {
      let chunk: ReadableStreamReadResult<Uint8Array> | undefined;
      try {
        chunk = await reader?.read();
      } catch {
        if (isCurrent()) dispatch({ type: 'failed', error: LOST });
        return;
      }
      if (!isCurrent()) return;
      // A frame that was not complete at the end is not one (WHATWG HTML, 9.2.6).
      if (chunk === undefined || chunk.done) return dispatch({ type: 'ended' });
      frames = [];
      flow.bytes += chunk.value.byteLength;
      let progress = false;
      try {
        parser.feed(decoder.decode(chunk.value, { stream: true }));
        flow.frames += frames.length;
        // What came whole before a broken frame counts.
        progress = frames.length > 0 && handlers.onFrames(frames);
      } catch {
        // One stream's trouble stays its own.
        broken = true;
      }
      if (!isCurrent()) return;
      if (broken) return dispatch({ type: 'failed', error: UNREADABLE });
      dispatch({ type: progress ? 'progress' : 'alive' });
      if (!isCurrent()) return;
    }
  };

  const send = (type: 'gap' | 'changed' | 'wake' | 'look' | 'retry' | 'stop') => (): void =>
    dispatch({ type });
  const stop = send('stop');
  return {
    get state() {
      return state;
    },
    flow,
    start(before) {
      dispatch(before === undefined ? { type: 'start' } : { type: 'start', before });
    },
    gap: send('gap'),
    changed: send('changed'),
    wake: send('wake'),
    look: send('look'),
    retry: send('retry'),
    stop,
    close() {
      stop();
      closed = true;
    },
  };
}

/** Frees the connection of a body that nobody will read. */
function discard(response: Response): void {
  response.body?.cancel().catch(() => {
    // It was torn down already.
  });
}
