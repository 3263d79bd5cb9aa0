/** The newest frames of one log, encoded once, and the readers that wait for more. No queue per reader. */
import { formatCursor } from '../../shared/cursor.ts';
import type { LogEntry } from '../store/store.ts';
import { createWakeup, type Wakeup } from './wakeup.ts';

const MAX_FRAMES = 2048;
const MAX_BYTES = 1024 * 1024;

const encoder = new TextEncoder();

/** One SSE frame: `id` is the cursor, `data` the stored bytes. (WHATWG HTML, 9.2.6: event stream format) */
export function encodeFrame(logId: string, entry: LogEntry): Uint8Array {
  return encoder.encode(`id: ${formatCursor({ logId, seq: entry.seq })}\ndata: ${entry.json}\n\n`);
}

export interface LogTail extends Wakeup {
  push(entries: readonly LogEntry[]): void;
  /** Frames after `seq`, about `maxBytes` of them, or null when the tail begins later. */
  after(seq: number, maxBytes: number): { frames: Uint8Array[]; seq: number } | null;
  /** Frees all but the newest `maxBytes`: an idle session is read from the store. */
  trim(maxBytes: number): void;
}

/** @param lastSeq where the log stands now: the tail begins after it */
export function createLogTail(logId: string, lastSeq: number): LogTail {
  let frames: Uint8Array[] = [];
  let first = lastSeq + 1;
  let bytes = 0;
  const wakeup = createWakeup();

  const trim = (maxBytes: number): void => {
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
    push(entries) {
      for (const entry of entries) {
        const frame = encodeFrame(logId, entry);
        frames.push(frame);
        bytes += frame.byteLength;
      }
      trim(MAX_BYTES);
    },
    after(seq, maxBytes) {
      if (seq + 1 < first) return null;
      const picked: Uint8Array[] = [];
      let size = 0;
      for (let at = seq + 1 - first; at < frames.length && size < maxBytes; at += 1) {
        const frame = frames[at];
        if (frame === undefined) break;
        picked.push(frame);
        size += frame.byteLength;
      }
      return { frames: picked, seq: seq + picked.length };
    },
    trim,
    wait: wakeup.wait,
    wake: wakeup.wake,
    get waiting() {
      return wakeup.waiting;
    },
  };
}
