/** The newest frames of one log, encoded once, and the readers that wait for more. No queue per reader. */
import { formatCursor } from '../../shared/cursor.ts';
import type { LogEntry } from '../store/store.ts';
import type { LogChunk } from './service.ts';
import { createWakeup, type Wakeup } from './wakeup.ts';

const MAX_FRAMES = 2048;
const MAX_BYTES = 1024 * 1024;
/** How far beyond that it may grow, as a share: what stays is copied, so not for every frame. */
const SLACK = 1.125;

const encoder = new TextEncoder();

/** One SSE frame: `id` is the cursor, `data` the stored bytes. (WHATWG HTML, 9.2.6: event stream format) */
export function encodeFrame(logId: string, entry: LogEntry): Uint8Array {
  return encoder.encode(`id: ${formatCursor({ logId, seq: entry.seq })}\ndata: ${entry.json}\n\n`);
}

/** Frames as the one chunk that is written. */
export function joinFrames(frames: readonly Uint8Array[]): Uint8Array {
  const [only] = frames;
  return frames.length === 1 && only !== undefined ? only : Buffer.concat(frames);
}

export interface LogTail extends Wakeup {
  push(entries: readonly LogEntry[]): void;
  /** Frames after `seq`, about `maxBytes` of them, or null when the tail begins later. Readers at one `seq` get the same bytes. */
  after(seq: number, maxBytes: number): LogChunk | null;
  /** Frees all but the newest `maxBytes`: an idle session is read from the store. */
  trim(maxBytes: number): void;
}

/** @param lastSeq where the log stands now: the tail begins after it */
export function createLogTail(logId: string, lastSeq: number): LogTail {
  let frames: Uint8Array[] = [];
  let first = lastSeq + 1;
  let bytes = 0;
  // Readers are called one after the other, and most are at the same place: the last chunk is most often the next.
  let joined: { after: number; maxBytes: number; newest: number; chunk: LogChunk } | null = null;

  const trim = (maxBytes: number): void => {
    joined = null;
    let drop = 0;
    while (drop < frames.length && (frames.length - drop > MAX_FRAMES || bytes > maxBytes)) {
      bytes -= frames[drop]?.byteLength ?? 0;
      drop += 1;
    }
    if (drop === 0) return;
    frames = frames.slice(drop);
    first += drop;
  };

  return {
    ...createWakeup(),
    push(entries) {
      for (const entry of entries) {
        const frame = encodeFrame(logId, entry);
        frames.push(frame);
        bytes += frame.byteLength;
      }
      if (frames.length > SLACK * MAX_FRAMES || bytes > SLACK * MAX_BYTES) trim(MAX_BYTES);
    },
    after(seq, maxBytes) {
      if (seq + 1 < first) return null;
      const newest = first + frames.length - 1;
      if (joined?.after === seq && joined.maxBytes === maxBytes && joined.newest === newest) {
        return joined.chunk;
      }
      const from = seq + 1 - first;
      let to = from;
      for (let size = 0; to < frames.length && size < maxBytes; to += 1) {
        size += frames[to]?.byteLength ?? 0;
      }
      const chunk = {
        bytes: joinFrames(frames.slice(from, to)),
        seq: seq + Math.max(0, to - from),
      };
      joined = { after: seq, maxBytes, newest, chunk };
      return chunk;
    },
    trim,
  };
}
