/**
 * A reader of event streams that trusts nobody: it keeps a cursor for each session, comes back with it, and blames
 * every gap, repeat, frame without sense, and snapshot that a cursor should have spared it.
 */
import { setTimeout as pass } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { StreamFrames } from '../../shared/api.ts';
import { formatCursor, parseCursor } from '../../shared/cursor.ts';
import type { SessionEvent } from '../../shared/events.ts';
import { applyEvent } from '../../shared/reducer.ts';
import type { Row } from '../../shared/row.ts';
import { emptyState, type SessionState } from '../../shared/state.ts';
import type { Ledger } from './ledger.ts';

/** A server that is being killed is asked this often. */
const RETRY_MS = 100;
/** An idle session's stream is over (H2): asked for again when poked, and this often. */
const IDLE_MS = 2_000;
/** A tolerant reader comes back after this long without a byte: what it reads from may be half-open. */
const SILENCE_MS = 3_000;

export interface RawReader {
  readonly name: string;
  /** The fold of what came, by log. */
  readonly states: ReadonlyMap<string, SessionState>;
  /** What a lane said of the sessions; empty for a reader of one session. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Requests so far. */
  readonly connections: number;
  /** Those of them that were answered with a stream. */
  readonly streams: number;
  /** There may be something to read. */
  poke(): void;
  /** Lets go of its connection, and comes back with its cursors. */
  drop(): void;
  /** Resolves when nothing of it is left. */
  close(): Promise<void>;
}

export interface RawReaderOptions {
  name: string;
  kind: 'session' | 'lane';
  /** One for a stream of its own, any number for a lane. */
  sessions: readonly Pick<Row, 'id' | 'logId'>[];
  send(path: string, init: RequestInit): Promise<Response>;
  ledger: Ledger;
  /**
   * What lies between it and the server. A gateway says itself that the server is gone (502 to 504). Faults answer in the
   * server's place, or twice: as every reader must (H10), it then drops what it has, and comes back with its cursors
   * when it can't go on.
   */
  between?: 'nothing' | 'gateway' | 'faults';
}

export function createRawReader(options: RawReaderOptions): RawReader {
  const { name, kind, sessions, send, ledger, between = 'nothing' } = options;
  const tolerant = between === 'faults';
  const states = new Map(sessions.map(({ logId }) => [logId, emptyState(logId)]));
  const rows = new Map<string, Row>();
  let closed = false;
  let connections = 0;
  let streams = 0;
  let connection = new AbortController();
  let wake = (): void => {};
  let silence: NodeJS.Timeout | undefined;
  const blame = (what: string): void => ledger.blame(`${name}: ${what}`);
  /** What came makes no sense: the server's fault, or of what lies between. */
  const refuse = (what: string): void => {
    if (!tolerant) blame(what);
    connection.abort();
  };

  const cursorOf = (logId: string): string =>
    formatCursor({ logId, seq: states.get(logId)?.seq ?? 0 });
  const hear = (): void => {
    clearTimeout(silence);
    if (tolerant) silence = setTimeout(() => connection.abort(), SILENCE_MS);
  };
  const ask = (): Promise<Response> => {
    const { signal } = connection;
    hear();
    connections += 1;
    const [first] = sessions;
    if (kind === 'lane' || first === undefined) {
      const named = sessions.map(({ id, logId }) => `session=${id}@${cursorOf(logId)}`).join('&');
      return send(`/api/events?${named}`, { signal });
    }
    const path = `/api/sessions/${first.id}/events`;
    const cursor = cursorOf(first.logId);
    // Both ways to tell it are served (L4).
    return connections % 2 === 0
      ? send(path, { signal, headers: { 'last-event-id': cursor } })
      : send(`${path}?cursor=${cursor}`, { signal });
  };

  const takeEvent = (data: string, id: string | undefined): void => {
    const event = JSON.parse(data) as SessionEvent;
    const cursor = parseCursor(id ?? '');
    const state = states.get(cursor?.logId ?? '');
    if (cursor === null || state === undefined || cursor.seq !== event.seq) {
      return refuse(`an event ${event.seq} with the cursor ${id}`);
    }
    const applied = applyEvent(state, event);
    if (applied.kind === 'duplicate' && tolerant) return;
    if (applied.kind !== 'applied') {
      return refuse(`${applied.kind}: ${event.seq} came after ${state.seq} of ${state.logId}`);
    }
    states.set(state.logId, applied.state);
    if (!tolerant) ledger.see(state.logId, event, data);
  };
  const take = ({ event: frame, id, data }: EventSourceMessage): void => {
    if (frame === undefined) return takeEvent(data, id);
    switch (frame as keyof StreamFrames) {
      case 'snapshot': {
        const { reason, state } = JSON.parse(data) as StreamFrames['snapshot'];
        const { seq } = states.get(state.logId) ?? { seq: -1 };
        // What its cursor names may be compacted while it was away; nothing else is a reason (L4).
        if (state.seq <= seq && tolerant) return;
        if (reason !== 'compacted' || state.seq <= seq) {
          return refuse(`a snapshot at ${state.seq} for ${seq} of ${state.logId}: ${reason}`);
        }
        states.set(state.logId, state);
        return;
      }
      case 'rows':
        rows.clear();
        for (const row of (JSON.parse(data) as StreamFrames['rows']).rows) rows.set(row.logId, row);
        return;
      case 'row': {
        const { row } = JSON.parse(data) as StreamFrames['row'];
        rows.set(row.logId, row);
        return;
      }
      case 'row.deleted':
        rows.delete((JSON.parse(data) as StreamFrames['row.deleted']).logId);
        return;
      case 'missing':
        blame(`${(JSON.parse(data) as StreamFrames['missing']).sessionId} is missing`);
        return;
      case 'problem': {
        const { problem } = JSON.parse(data) as StreamFrames['problem'];
        // It is stopped on purpose; nothing else may be wrong with it.
        if (problem !== null && problem.code !== 'unavailable') blame(problem.message);
        return;
      }
      default:
        blame(`a frame named ${frame}`);
    }
  };

  const read = async (response: Response): Promise<void> => {
    const parser = createParser({ onEvent: take });
    const decoder = new TextDecoder();
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      hear();
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (closed || connection.signal.aborted) return;
    }
  };
  const rest = (ms: number): Promise<void> => {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const over = new AbortController();
    return Promise.race([woken, pass(ms, undefined, { signal: over.signal })]).finally(() => {
      over.abort();
    });
  };

  const follow = async (): Promise<void> => {
    for (;;) {
      if (closed) return;
      connection = new AbortController();
      let status = 0;
      try {
        const response = await ask();
        ({ status } = response);
        const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
        if (status === 200 && isStream === true) {
          streams += 1;
          await read(response);
        } else await response.body?.cancel();
        if (status === 200 && isStream !== true && !tolerant) blame('200 with something else');
      } catch (error) {
        if (error instanceof SyntaxError) refuse(`a frame that is no JSON: ${error.message}`);
      }
      // 503: it is stopping.
      const isGateways = between === 'gateway' && [502, 504].includes(status);
      if (![0, 200, 204, 503].includes(status) && !isGateways && !tolerant) blame(`${status}`);
      if (!closed && status !== 200) await rest(status === 204 ? IDLE_MS : RETRY_MS);
    }
  };
  const following = follow();

  return {
    name,
    states,
    rows,
    get connections() {
      return connections;
    },
    get streams() {
      return streams;
    },
    poke: () => wake(),
    drop: () => connection.abort(),
    async close() {
      closed = true;
      connection.abort();
      clearTimeout(silence);
      wake();
      await following;
    },
  };
}
