/** Small valid inputs for a store, and comparisons of what it returns. */
import type { SessionState, Turn } from '../../../shared/state.ts';
import { emptyState } from '../../../shared/state.ts';
import { expect } from 'vitest';
import type { Append, LogEntry, NewSession, Store } from '../store.ts';

/** A new session; its id is `id`, its log `log-<id>`. */
export function newSession(id: string, over: Partial<NewSession> = {}): NewSession {
  return {
    id,
    logId: `log-${id}`,
    owner: 'ada',
    title: `Session ${id}`,
    titleSource: 'none',
    agentId: 'demo',
    cwd: '/srv',
    createdAt: 1_700_000_000_000,
    ...over,
  };
}

/** `count` entries after `after`, gapless. */
export function entries(after: number, count: number): LogEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const seq = after + 1 + index;
    return { seq, json: JSON.stringify({ seq, at: seq, type: 'turn.started', turnId: `t${seq}` }) };
  });
}

/** An append of `count` plain entries after `after`, and what `over` changes of it. */
export function append(
  logId: string,
  after: number,
  count = 1,
  over: Partial<Append> = {},
): Append {
  const lastSeq = after + count;
  return {
    logId,
    after,
    entries: entries(after, count),
    row: {
      status: 'idle',
      activeTurnId: null,
      openRequests: 0,
      queued: 0,
      lastSeq,
      endedSeq: 0,
      asks: [],
      lastEnd: null,
    },
    updatedAt: 1_700_000_000_000 + lastSeq,
    keys: [],
    settled: [],
    checkpoint: null,
    rotateTo: null,
    ...over,
  };
}

export function settledTurn(ordinal: number, text = `answer ${ordinal}`): Turn {
  return {
    turnId: `turn-${ordinal}`,
    ordinal,
    key: `key-${ordinal}`,
    prompt: [{ type: 'text', text: `question ${ordinal}` }],
    startedAt: ordinal,
    cancelling: false,
    parts: [{ kind: 'text', text, messageId: null }],
    end: { at: ordinal + 1, reason: 'end_turn', error: null },
  };
}

/** The state of a log at `seq` after `started` turns. */
export function stateAt(logId: string, seq: number, started = 1): SessionState {
  return { ...emptyState(logId), seq, started, endedSeq: seq };
}

/** Sorted by `logId`: stores return sessions in no particular order. */
export function byLog<T extends { logId: string }>(records: readonly T[]): T[] {
  return records.toSorted((a, b) => (a.logId < b.logId ? -1 : 1));
}

/** Session `a` has `lastSeq` plain entries and nothing else. */
export async function expectUntouched(store: Store, lastSeq: number): Promise<void> {
  expect(await store.session('ada', 'a')).toMatchObject({ id: 'a', aliases: [], lastSeq });
  expect((await store.sessions('ada')).filter(({ logId }) => logId === 'log-a')).toHaveLength(1);
  expect(await store.session('ada', 'a2')).toBeNull();
  expect(await store.entriesAfter('log-a', 0, 100)).toEqual(entries(0, lastSeq));
  expect(await store.turns('log-a', null, 100)).toEqual([]);
  expect(await store.checkpoint('log-a')).toBeNull();
  expect(await store.turnByKey('log-a', 'k')).toBeNull();
}
