/** A server in the hub's own thread: sessions that run, and as many events as are read, made from their `seq`. */
import { formatCursor, parseCursor } from '../../../shared/cursor.ts';
import type { SessionEvent } from '../../../shared/events.ts';
import { foldEvents } from '../../../shared/reducer.ts';
import { projectRow, type Row } from '../../../shared/row.ts';
import { emptyState } from '../../../shared/state.ts';

export interface UpstreamSpec {
  /** Ids; each is its own log's too. */
  sessions: readonly string[];
  /** The last `seq` of each. */
  last: number;
  eventAt(logId: string, seq: number): SessionEvent;
  /** Events in one chunk of bytes. */
  chunk: number;
  /** The last `seq` that is sent before the gate opens; 2 for none. */
  held: number;
  gate: Promise<void>;
  /** Awaited before each chunk: a network's chunks are tasks of their own. */
  task(): Promise<void>;
}

const encoder = new TextEncoder();

/** Events 1 and 2 of every session: the prompt and its turn's start. */
export function opening(logId: string, seq: number): SessionEvent {
  const turnId = `turn-${logId}`;
  return seq === 1
    ? { seq, at: 0, type: 'turn.queued', turnId, key: turnId, prompt: [], mode: 'queue' }
    : { seq, at: 0, type: 'turn.started', turnId };
}

/** About 230 bytes of JSON: what a token costs on the wire. */
export function tokenAt(logId: string, seq: number, merges: boolean): SessionEvent {
  const text = `${seq} of a text that an agent writes, some words at a time ${seq % 50 === 0 ? '\n\n' : ''}`;
  const update = {
    sessionUpdate: 'agent_message_chunk' as const,
    content: { type: 'text' as const, text },
  };
  return {
    seq,
    at: 1_790_000_000_000 + seq,
    type: 'update',
    turnId: `turn-${logId}`,
    // Text that carries metadata is never merged.
    update: merges ? update : { ...update, _meta: { n: seq } },
  };
}

/** @returns what the hub calls in place of `fetch`; `prepared` chunks are encoded ahead */
export function createUpstream(spec: UpstreamSpec, prepare: boolean): typeof fetch {
  const prepared = new Map<string, Uint8Array[]>();
  const encode = (logId: string, from: number, to: number): Uint8Array => {
    let text = '';
    for (let seq = from; seq <= to; seq += 1) {
      const event = spec.eventAt(logId, seq);
      text += `id: ${formatCursor({ logId, seq })}\ndata: ${JSON.stringify(event)}\n\n`;
    }
    return encoder.encode(text);
  };
  if (prepare) {
    for (const logId of spec.sessions) {
      const chunks: Uint8Array[] = [];
      for (let from = 3; from <= spec.last; from += spec.chunk) {
        chunks.push(encode(logId, from, Math.min(from + spec.chunk - 1, spec.last)));
      }
      prepared.set(logId, chunks);
    }
  }
  const start = (logId: string) =>
    foldEvents(emptyState(logId), [spec.eventAt(logId, 1), spec.eventAt(logId, 2)]);
  const frame = (name: string, body: unknown): Uint8Array =>
    encoder.encode(`event: ${name}\ndata: ${JSON.stringify(body)}\n\n`);

  /** Round and round over the sessions, one chunk for each pull. */
  const stream = (heads: Uint8Array[], at: Map<string, number>, signal: AbortSignal | null) =>
    new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const head = heads.shift();
          if (head !== undefined) return controller.enqueue(head);
          const next = [...at].find(([, seq]) => seq < spec.last);
          if (next === undefined) {
            // As the server's: open, and silent.
            await new Promise<void>((resolve) =>
              signal?.addEventListener('abort', () => resolve(), { once: true }),
            );
            return;
          }
          const [logId, seq] = next;
          if (seq >= spec.held) await spec.gate;
          await spec.task();
          const end = seq < spec.held ? spec.held : spec.last;
          const to = Math.min(seq + spec.chunk, end);
          at.delete(logId);
          at.set(logId, to);
          const ready = prepared.get(logId)?.[(seq - 2) / spec.chunk];
          controller.enqueue(ready ?? encode(logId, seq + 1, to));
        },
      },
      { highWaterMark: 0 },
    );

  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const loaded = /^\/api\/sessions\/([^/]+)$/.exec(url.pathname)?.[1];
    if (loaded !== undefined) {
      const cursor = formatCursor({ logId: loaded, seq: 2 });
      return Response.json({ row: rowOf(loaded), cursor, state: start(loaded) });
    }
    const own = /^\/api\/sessions\/([^/]+)\/events$/.exec(url.pathname)?.[1];
    const named = own === undefined ? url.searchParams.getAll('session') : [own];
    const heads: Uint8Array[] =
      own === undefined ? [frame('rows', { rows: spec.sessions.map(rowOf) })] : [];
    const at = new Map<string, number>();
    for (const name of named) {
      const [logId = '', given] = own === undefined ? name.split('@') : [own];
      const seq = parseCursor(given ?? url.searchParams.get('cursor') ?? '')?.seq;
      at.set(logId, seq ?? 2);
      if (seq === undefined)
        heads.push(frame('snapshot', { reason: 'start', state: start(logId) }));
    }
    const body = stream(heads, at, init?.signal ?? null);
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };

  function rowOf(logId: string): Row {
    return {
      ...projectRow(start(logId)),
      lastSeq: spec.last,
      id: logId,
      logId,
      aliases: [],
      title: logId,
      agentId: 'bench',
      cwd: '/',
      pinned: false,
      archived: false,
      readSeq: 0,
      readMark: 0,
      draftRev: 0,
      createdAt: 0,
      updatedAt: 0,
    };
  }
}
