/** The one loop behind session streams and lanes: parts in, bytes out, no faster than they are read. */
import { setMaxListeners } from 'node:events';
import { HEARTBEAT_MS } from '../../shared/api.ts';
import type { Logger } from '../log.ts';
import type { Holder } from './env.ts';
import { HEARTBEAT, joinFrames, RETRY } from './sse.ts';
import type { StreamPart } from './stream-parts.ts';
import type { StreamRegistry } from './stream-registry.ts';
import type { Timers } from './timers.ts';

/** A chunk is at most about this many bytes: what one reader can hold of the server's memory. */
const CHUNK_BYTES = 64 * 1024;
/** What one part gives before the next has its turn, so that a long backlog starves no other session. */
const SHARE_BYTES = 16 * 1024;
/** A stream lives 8 to 10 minutes; the jitter keeps readers that came together from coming back together. */
const ROTATE_MS = 8 * 60_000;
const ROTATE_JITTER_MS = 2 * 60_000;

export interface EventStreamEnv {
  streams: StreamRegistry;
  timers: Timers;
  /** In [0, 1). */
  random(): number;
  log: Logger;
}

export interface EventStreamSpec {
  kind: 'session' | 'lane';
  /** For whom it flows. */
  holder: Holder;
  /** In the order in which they first speak. The stream ends when all have ended. */
  parts: readonly StreamPart[];
  /** Canonical ids of the sessions it carries, as they are now. */
  sessionIds(): string[];
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** The response of an event stream. */
export function eventStreamResponse(env: EventStreamEnv, spec: EventStreamSpec): Response {
  return new Response(createEventStream(env, spec), { headers: HEADERS });
}

/**
 * Nothing happens (no timer, not counted) before the first pull, so a response whose body nobody reads
 * leaves nothing behind; everything is let go of when the stream ends or its reader cancels.
 */
export function createEventStream(
  env: EventStreamEnv,
  spec: EventStreamSpec,
): ReadableStream<Uint8Array> {
  const stop = new AbortController();
  // One listener for every part that waits.
  setMaxListeners(0, stop.signal);
  const parts = new Set(spec.parts);
  const ready = new Set(spec.parts);
  const cleanups: (() => void)[] = [];
  let begun = false;
  let beatDue = false;
  let ending = false;
  let wake = (): void => {};

  const finish = (): void => {
    if (stop.signal.aborted) return;
    stop.abort();
    for (const cleanup of cleanups.splice(0)) cleanup();
    parts.clear();
    ready.clear();
    wake();
  };
  const end = (): void => {
    ending = true;
    wake();
  };
  const begin = (): void => {
    begun = true;
    const beat = (): void => {
      beatDue = true;
      wake();
    };
    cleanups.push(
      env.timers.every(HEARTBEAT_MS, beat),
      env.timers.after(ROTATE_MS + env.random() * ROTATE_JITTER_MS, end),
      env.streams.add({ kind: spec.kind, holder: spec.holder, sessionIds: spec.sessionIds, end }),
    );
  };

  /** Watches a part that had nothing to say; a part is watched once at a time. */
  const watch = async (part: StreamPart): Promise<void> => {
    await part.changed(stop.signal);
    if (stop.signal.aborted) return;
    ready.add(part);
    wake();
  };

  /** Rounds over the ready parts, each with its share, until the chunk is full or all are read. */
  const gather = async (): Promise<{ frames: Uint8Array[]; size: number }> => {
    const frames: Uint8Array[] = [];
    let size = 0;
    for (const part of ready) {
      if (size >= CHUNK_BYTES) break;
      ready.delete(part);
      const share = parts.size === 1 ? CHUNK_BYTES : SHARE_BYTES;
      const next = await part.read(share);
      if (stop.signal.aborted) break;
      for (const frame of next) {
        frames.push(frame);
        size += frame.byteLength;
      }
      // At the end of the set, so that the others come first; a part may have more than its share.
      if (next.length > 0) ready.add(part);
      else if (part.ended) parts.delete(part);
      else void watch(part);
    }
    return { frames, size };
  };

  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    if (!begun) {
      begin();
      controller.enqueue(RETRY);
      return;
    }
    for (;;) {
      if (stop.signal.aborted) return;
      if (ending || parts.size === 0) {
        finish();
        controller.close();
        return;
      }
      if (beatDue) {
        beatDue = false;
        controller.enqueue(HEARTBEAT);
        return;
      }
      if (ready.size > 0) {
        const { frames, size } = await gather();
        if (stop.signal.aborted) return;
        if (size > 0) {
          controller.enqueue(joinFrames(frames, size));
          return;
        }
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          await pull(controller);
        } catch (error) {
          env.log.error({ err: error, kind: spec.kind }, 'event stream failed');
          if (stop.signal.aborted) return;
          // A plain end: the reader comes back at its cursor and nothing is lost.
          finish();
          controller.close();
        }
      },
      cancel: finish,
    },
    // Only what was asked for is read; the socket's own buffer is the only one.
    { highWaterMark: 0 },
  );
}
