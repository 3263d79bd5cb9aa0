/** The one loop behind session streams and lanes: parts in, bytes out, no faster than they are read. */
import { HEARTBEAT_MS } from '../../shared/api.ts';
import type { Logger } from '../log.ts';
import { HEARTBEAT, RETRY } from './sse.ts';
import type { StreamPart } from './stream-parts.ts';
import type { StreamRegistry } from './stream-registry.ts';
import type { Timers } from './timers.ts';

/** What is read at once, at most about: what one reader can hold of the server's memory. */
const CHUNK_BYTES = 64 * 1024;
/** The same where there are several parts: what one gives before the next has its turn, so that a long backlog starves no other session. */
const SHARE_BYTES = 16 * 1024;
/** A stream lives 8 to 10 minutes; the jitter keeps readers that came together from coming back together. */
const ROTATE_MS = 8 * 60_000;
const ROTATE_JITTER_MS = 2 * 60_000;

export interface EventStreamEnv {
  streams: StreamRegistry;
  /** Shared by all streams: two of its timers per reader must not cost what two of Node's do. */
  timers: Timers;
  /** In [0, 1). */
  random(): number;
  log: Logger;
}

export interface EventStreamSpec {
  kind: 'session' | 'lane';
  /** In the order in which they first speak. The stream ends when all have ended. */
  parts: readonly StreamPart[];
  /** Canonical ids of the sessions it carries, as they are now. */
  sessionIds(): string[];
}

/** Where the bytes of a stream go. */
export interface Sink {
  /** @returns whether it takes more now; if not, it calls the stream's `resume` when it does */
  write(bytes: Uint8Array): boolean;
  /** No more will come. Not called for a stream that was closed. */
  end(): void;
}

export interface EventStream {
  /** Once, before anything else. Until then nothing happens: no timer is set, and the stream is not counted. */
  start(sink: Sink): void;
  /** The sink, full before, takes more. */
  resume(): void;
  /** The reader is gone: lets go of everything at once. Twice is fine, and so is after the end. */
  close(): void;
}

/** A part and where it stands. */
interface Slot {
  part: StreamPart;
  /** It is in the line of those to be read. */
  ready: boolean;
  ended: boolean;
}

export function createEventStream(env: EventStreamEnv, spec: EventStreamSpec): EventStream {
  /** Those that may have something to say, who waited longest first. */
  const ready: Slot[] = spec.parts.map((part) => ({ part, ready: true, ended: false }));
  const slots = [...ready];
  let open = slots.length;
  const cleanups: (() => void)[] = [];
  let sink: Sink | null = null;
  let full = false;
  let reading = false;
  let beatDue = false;
  let ending = false;

  const close = (): void => {
    sink = null;
    for (const cleanup of cleanups.splice(0)) cleanup();
    ready.length = 0;
  };
  const finish = (): void => {
    const ended = sink;
    close();
    ended?.end();
  };
  const fail = (error: unknown): void => {
    env.log.error({ err: error, kind: spec.kind }, 'event stream failed');
    // A plain end: the reader comes back at its cursor and nothing is lost.
    finish();
  };
  const send = (bytes: Uint8Array): void => {
    // Before the write, which may ask for more at once.
    full = true;
    if (sink?.write(bytes) === true) full = false;
  };
  const wake = (slot: Slot): void => {
    if (slot.ready || slot.ended) return;
    slot.ready = true;
    ready.push(slot);
  };
  const take = (slot: Slot, bytes: Uint8Array | null): void => {
    if (bytes !== null) send(bytes);
    look(slot);
  };
  /** Behind the others when it has more: what it gave was its share. */
  const look = (slot: Slot): void => {
    const { state } = slot.part;
    switch (state) {
      case 'more':
        return wake(slot);
      case 'ended':
        slot.ended = true;
        open -= 1;
        return;
      case 'waits':
        return;
      default:
        state satisfies never;
    }
  };

  const pump = (): void => {
    try {
      while (sink !== null && !full && !reading) {
        if (ending || open === 0) return finish();
        if (beatDue) {
          beatDue = false;
          send(HEARTBEAT);
          continue;
        }
        const slot = ready.shift();
        if (slot === undefined) return;
        slot.ready = false;
        if (slot.part.state !== 'more') {
          look(slot);
          continue;
        }
        const next = slot.part.read(open === 1 ? CHUNK_BYTES : SHARE_BYTES);
        if (next instanceof Promise) fetch(slot, next);
        else take(slot, next);
      }
    } catch (error) {
      fail(error);
    }
  };
  const fetch = (slot: Slot, next: Promise<Uint8Array | null>): void => {
    reading = true;
    const taken = next.then((bytes) => {
      reading = false;
      take(slot, bytes);
      pump();
    });
    taken.catch(fail);
  };

  return {
    start(to) {
      const beat = (): void => {
        beatDue = true;
        pump();
      };
      const end = (): void => {
        ending = true;
        pump();
      };
      for (const slot of slots) {
        const woken = (): void => {
          wake(slot);
          pump();
        };
        cleanups.push(slot.part.subscribe(woken));
      }
      cleanups.push(
        env.timers.every(HEARTBEAT_MS, beat),
        env.timers.after(ROTATE_MS + env.random() * ROTATE_JITTER_MS, end),
        env.streams.add({ kind: spec.kind, sessionIds: spec.sessionIds, end }),
      );
      // Only now, when everything is there to be let go of.
      sink = to;
      send(RETRY);
      pump();
    },
    resume() {
      full = false;
      pump();
    },
    close,
  };
}
