/** A log feed in memory: events are appended by hand, readers see them as they would see committed ones. */
import { expect } from 'vitest';
import type { SnapshotReason } from '../../../shared/api.ts';
import { formatCursor } from '../../../shared/cursor.ts';
import type { EventBody, SessionEvent } from '../../../shared/events.ts';
import { foldEvents } from '../../../shared/reducer.ts';
import { emptyState, type SessionState } from '../../../shared/state.ts';
import { joinFrames } from '../../sessions/log-tail.ts';
import type { LogFeed } from '../../sessions/service.ts';

const encoder = new TextEncoder();

export interface FakeLog {
  readonly feed: LogFeed;
  readonly events: readonly SessionEvent[];
  state(): SessionState;
  append(...bodies: EventBody[]): void;
  /** A turn's text, `count` deltas `1 `, `2 `, …, beginning with `from`. */
  count(turnId: string, from: number, to: number): void;
  setActive(active: boolean): void;
  /** The events up to and with `seq` are gone: cursors below are refused. */
  compact(seq: number): void;
  close(): void;
  /** The next `read` rejects. */
  failNextRead(error: Error): void;
  /** Reads wait until this is undone. */
  hold(): () => void;
  /** How many are subscribed. */
  readonly waiting: number;
  readonly reads: number;
  /** `maxBytes` of the largest read asked for. */
  readonly largestRead: number;
}

/** Of the turn `t1`: 16 MB, more than the sockets' buffers take. */
export function appendMuch(log: Pick<FakeLog, 'append'>): void {
  const text = 'x'.repeat(16_000);
  for (let n = 0; n < 1000; n += 1) {
    log.append({
      type: 'update',
      turnId: 't1',
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
    });
  }
}

/** Waits until nothing is read of it any more: all that lies between it and a reader is full. */
export async function untilUnread(log: Pick<FakeLog, 'reads'>): Promise<void> {
  let reads = -1;
  await expect
    .poll(
      () => {
        const before = reads;
        reads = log.reads;
        return reads === before;
      },
      { interval: 100 },
    )
    .toBe(true);
}

/** An empty log. */
export function createFakeLog(logId: string): FakeLog {
  const events: SessionEvent[] = [];
  const frames: Uint8Array[] = [];
  const waiting = new Set<() => void>();
  let state = emptyState(logId);
  let active = false;
  let closed = false;
  let compacted = 0;
  let reads = 0;
  let largestRead = 0;
  let failure: Error | null = null;
  let held: Promise<void> | null = null;

  const wake = (): void => {
    for (const reader of waiting) reader();
  };
  const append = (...bodies: EventBody[]): void => {
    for (const body of bodies) {
      const event: SessionEvent = { seq: events.length + 1, at: 1000 + events.length, ...body };
      events.push(event);
      state = foldEvents(state, [event]);
      frames.push(
        encoder.encode(
          `id: ${formatCursor({ logId, seq: event.seq })}\ndata: ${JSON.stringify(event)}\n\n`,
        ),
      );
    }
    wake();
  };

  const feed: LogFeed = {
    logId,
    get lastSeq() {
      return events.length;
    },
    get closed() {
      return closed;
    },
    get active() {
      return active;
    },
    async read(seq, maxBytes) {
      reads += 1;
      largestRead = Math.max(largestRead, maxBytes);
      if (held !== null) await held;
      if (failure !== null) {
        const error = failure;
        failure = null;
        throw error;
      }
      const picked: Uint8Array[] = [];
      let size = 0;
      for (let at = seq; at < frames.length && size < maxBytes; at += 1) {
        const frame = frames[at];
        if (frame === undefined) break;
        picked.push(frame);
        size += frame.byteLength;
      }
      return { bytes: joinFrames(picked), seq: seq + picked.length };
    },
    refuses(id, after): SnapshotReason | null {
      if (id !== logId) return 'other-log';
      if (after > events.length) return 'future';
      return after < compacted ? 'compacted' : null;
    },
    snapshot: () => state,
    subscribe(reader) {
      waiting.add(reader);
      return () => waiting.delete(reader);
    },
  };

  return {
    feed,
    events,
    state: () => state,
    append,
    count(turnId, from, to) {
      for (let n = from; n <= to; n += 1) {
        append({
          type: 'update',
          turnId,
          update: {
            sessionUpdate: 'agent_message_chunk',
            content: { type: 'text', text: `${n} ` },
          },
        });
      }
    },
    setActive(next) {
      active = next;
      wake();
    },
    compact(seq) {
      compacted = seq;
    },
    close() {
      closed = true;
      active = false;
      wake();
    },
    failNextRead(error) {
      failure = error;
    },
    hold() {
      let release = (): void => {};
      held = new Promise((resolve) => {
        release = resolve;
      });
      return () => {
        held = null;
        release();
      };
    },
    get waiting() {
      return waiting.size;
    },
    get reads() {
      return reads;
    },
    get largestRead() {
      return largestRead;
    },
  };
}
