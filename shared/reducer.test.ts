import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventBody, SessionEvent } from './events.ts';
import { mergeDeltas } from './merge.ts';
import { applyEvent, foldEvents } from './reducer.ts';
import { projectRow } from './row.ts';
import {
  emptyState,
  hasOlder,
  lastPage,
  nextQueued,
  type SessionState,
  type Turn,
} from './state.ts';
import { arbitraryLog } from './testing/arbitrary-log.ts';

const start = (): SessionState => emptyState('log');

/** The part of `whole` that a reader has who began at a snapshot with fewer turns. */
function window(whole: SessionState, like: SessionState): SessionState {
  return { ...whole, turns: whole.turns.slice(whole.turns.length - like.turns.length) };
}

test('[L6] a snapshot at any n, and the events after n, fold to the whole', () => {
  let settled = 0;
  fc.assert(
    fc.property(arbitraryLog(), fc.nat(), fc.integer({ min: 0, max: 3 }), (log, at, page) => {
      const n = log.length === 0 ? 0 : at % (log.length + 1);
      const whole = foldEvents(start(), log);
      const snapshot = lastPage(foldEvents(start(), log.slice(0, n)), page);
      const sent = JSON.parse(JSON.stringify(snapshot)) as SessionState;
      const later = foldEvents(sent, log.slice(n));
      expect(later).toEqual(window(whole, later));
      settled += whole.turns.length;
    }),
    { numRuns: 500 },
  );
  expect(settled).toBeGreaterThan(100);
});

test('[L6] any chunking, with deltas merged within each chunk, folds to the whole', () => {
  let merged = 0;
  fc.assert(
    fc.property(arbitraryLog(), fc.array(fc.integer({ min: 1, max: 9 })), (log, sizes) => {
      let state = start();
      let rest = log;
      for (const size of [...sizes, log.length]) {
        const chunk = mergeDeltas(rest.slice(0, size));
        merged += chunk.filter((event) => event.span !== undefined).length;
        state = foldEvents(state, chunk);
        rest = rest.slice(size);
      }
      expect(state).toEqual(foldEvents(start(), log));
    }),
    { numRuns: 500 },
  );
  expect(merged).toBeGreaterThan(50);
});

test('[H10] repeated events change nothing, whatever is sent again', () => {
  let repeats = 0;
  fc.assert(
    fc.property(arbitraryLog(), fc.array(fc.tuple(fc.nat(), fc.nat(20))), (log, again) => {
      const stream = [...log];
      for (const [at, back] of again) {
        if (log.length === 0) break;
        // Everything from an earlier point is sent once more, as after a reconnect with an old cursor.
        const position = at % stream.length;
        const seq = stream[position]?.seq ?? 1;
        const from = Math.max(0, seq - back);
        const overlap = log.slice(from, seq);
        stream.splice(position + 1, 0, ...overlap);
        repeats += overlap.length;
      }
      expect(foldEvents(start(), stream)).toEqual(foldEvents(start(), log));
    }),
    { numRuns: 300 },
  );
  expect(repeats).toBeGreaterThan(100);
});

test('[H10] a merged delta that overlaps the cursor is a gap, never doubled text', () => {
  const chunk = (seq: number, text: string): SessionEvent => ({
    seq,
    at: 0,
    type: 'update',
    turnId: 't',
    update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
  });
  const log: SessionEvent[] = [
    { seq: 1, at: 0, type: 'turn.queued', turnId: 't', key: 'k', prompt: [], mode: 'queue' },
    { seq: 2, at: 0, type: 'turn.started', turnId: 't' },
    chunk(3, 'a'),
    chunk(4, 'b'),
  ];
  const state = foldEvents(start(), log.slice(0, 3));
  const [merged] = mergeDeltas(log.slice(2));
  expect(merged).toMatchObject({ seq: 4, span: 2 });
  expect(applyEvent(state, merged as SessionEvent)).toEqual({ kind: 'gap', expected: 4, got: 3 });
});

test('[H10] a missing event is a gap and changes nothing', () => {
  fc.assert(
    fc.property(arbitraryLog(), fc.nat(), (log, at) => {
      if (log.length < 2) return;
      const missing = at % (log.length - 1);
      const state = foldEvents(start(), log.slice(0, missing));
      const next = log[missing + 1] as SessionEvent;
      expect(applyEvent(state, next)).toEqual({
        kind: 'gap',
        expected: missing + 1,
        got: missing + 2,
      });
    }),
  );
});

test('[O12] when no turn is live the row is idle, names no turn and waits for no request', () => {
  fc.assert(
    fc.property(arbitraryLog(), (log) => {
      const state = foldEvents(start(), log);
      const row = projectRow(state);
      expect(row.status === 'idle').toBe(state.live === null);
      expect(row.activeTurnId).toBe(state.live?.turnId ?? null);
      if (state.live === null) expect(row.openRequests).toBe(0);
      expect(row.lastSeq).toBe(log.length);
    }),
  );
});

test('[L3] a second end of a turn changes no turn', () => {
  fc.assert(
    fc.property(arbitraryLog(), (log) => {
      const state = foldEvents(start(), log);
      const turn = state.turns.at(-1);
      if (turn === undefined) return;
      const again: SessionEvent = {
        seq: state.seq + 1,
        at: 9,
        type: 'turn.ended',
        turnId: turn.turnId,
        reason: 'failed',
      };
      const after = applyEvent(state, again);
      expect(after).toEqual({ kind: 'applied', state: { ...state, seq: state.seq + 1 } });
    }),
  );
});

test('[L10] after a restart, a crash or a cancel the queue waits; stop and send goes on', () => {
  const queued = (seq: number, turnId: string, mode: 'queue' | 'interrupt'): SessionEvent => ({
    seq,
    at: 0,
    type: 'turn.queued',
    turnId,
    key: turnId,
    prompt: [],
    mode,
  });
  const running = foldEvents(start(), [
    queued(1, 'a', 'queue'),
    { seq: 2, at: 0, type: 'turn.started', turnId: 'a' },
    queued(3, 'b', 'queue'),
    queued(4, 'c', 'interrupt'),
  ]);
  const after = (reason: 'end_turn' | 'cancelled' | 'failed' | 'interrupted') =>
    nextQueued(foldEvents(running, [{ seq: 5, at: 0, type: 'turn.ended', turnId: 'a', reason }]));
  expect(after('end_turn')?.turnId).toBe('c');
  expect(after('cancelled')?.turnId).toBe('c');
  expect(after('failed')).toBeNull();
  expect(after('interrupted')).toBeNull();
});

test('[O10] a queued prompt takes another text and place; one that is not queued changes nothing', () => {
  const queued = (seq: number, turnId: string): SessionEvent => ({
    seq,
    at: 0,
    type: 'turn.queued',
    turnId,
    key: turnId,
    prompt: [],
    mode: 'queue',
  });
  const three = foldEvents(start(), [queued(1, 'a'), queued(2, 'b'), queued(3, 'c')]);
  const after = (...bodies: EventBody[]) =>
    foldEvents(
      three,
      bodies.map((body, at) => Object.assign({ seq: 4 + at, at: 0 }, body)),
    ).queue;
  const ids = (...bodies: EventBody[]) => after(...bodies).map(({ turnId }) => turnId);
  const move = (turnId: string, before: string | null): EventBody => ({
    type: 'turn.moved',
    turnId,
    before,
  });
  expect(ids(move('c', 'a'))).toEqual(['c', 'a', 'b']);
  expect(ids(move('a', null))).toEqual(['b', 'c', 'a']);
  expect(ids(move('a', 'c'), move('b', 'c'))).toEqual(['a', 'b', 'c']);
  expect(ids(move('x', 'a'), move('a', 'x'), move('b', 'b'))).toEqual(['a', 'b', 'c']);
  const prompt = [{ type: 'text' as const, text: 'other' }];
  const edited = after(
    { type: 'turn.edited', turnId: 'b', prompt },
    { type: 'turn.edited', turnId: 'x', prompt },
  );
  expect(edited.map(({ prompt }) => prompt)).toEqual([[], prompt, []]);
});

test('an empty chunk, sent by some agents to carry usage, starts no message', () => {
  const state = foldEvents(start(), [
    { seq: 1, at: 0, type: 'turn.started', turnId: 't' },
    {
      seq: 2,
      at: 0,
      type: 'update',
      turnId: 't',
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: '' } },
    },
  ]);
  expect(state.live?.parts).toEqual([]);
});

test('a permission is the first mention of its tool call when there was none before', () => {
  const state = foldEvents(start(), [
    { seq: 1, at: 0, type: 'turn.started', turnId: 't' },
    {
      seq: 2,
      at: 0,
      type: 'request.opened',
      turnId: 't',
      requestId: 'r',
      request: {
        kind: 'permission',
        toolCall: { toolCallId: 'x', title: 'Shell: ls', kind: 'execute' },
        options: [],
      },
    },
    {
      seq: 3,
      at: 0,
      type: 'update',
      turnId: 't',
      update: { sessionUpdate: 'tool_call_update', toolCallId: 'x', status: 'completed' },
    },
  ]);
  expect(state.live?.parts[0]).toEqual({
    kind: 'tool',
    call: { toolCallId: 'x', title: 'Shell: ls', kind: 'execute', status: 'completed' },
    startedAt: 0,
    endedAt: 0,
  });
});

test('[L8] a page knows whether older turns exist', () => {
  fc.assert(
    fc.property(arbitraryLog(), fc.integer({ min: 0, max: 3 }), (log, page) => {
      const whole = foldEvents(start(), log);
      expect(hasOlder(whole)).toBe(false);
      expect(hasOlder(lastPage(whole, page))).toBe(whole.turns.length > page);
    }),
  );
});

describe('[L12] a page of long turns', () => {
  const turnOf = (ordinal: number, length: number): Turn => ({
    turnId: `t${ordinal}`,
    ordinal,
    key: `k${ordinal}`,
    prompt: [],
    startedAt: 0,
    cancelling: false,
    parts: [{ kind: 'text', text: 'x'.repeat(length), messageId: null }],
    end: { at: 0, reason: 'end_turn', error: null },
  });
  const ordinals = (state: SessionState) => state.turns.map(({ ordinal }) => ordinal);

  test('has the newest that fit, and always one; the window is the same whether it is cut once or with every turn', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        (sizes, count) => {
          const turns = sizes.map((size, ordinal) => turnOf(ordinal, size));
          const whole = { ...emptyState('log'), turns, started: turns.length };
          const once = lastPage(whole, count, 200);
          let stepwise = emptyState('log');
          for (const turn of turns) {
            const next = { ...stepwise, turns: [...stepwise.turns, turn], started: whole.started };
            stepwise = lastPage(next, count, 200);
          }
          expect(ordinals(stepwise)).toEqual(ordinals(once));
          expect(once.turns.length).toBeLessThanOrEqual(count);
          if (turns.length > 0) expect(once.turns.at(-1)).toBe(turns.at(-1));
          const length = once.turns.reduce((sum, { ordinal }) => sum + (sizes[ordinal] ?? 0), 0);
          if (once.turns.length > 1) expect(length).toBeLessThanOrEqual(200);
          expect(hasOlder(once)).toBe(once.turns.length < turns.length);
        },
      ),
    );
  });
});
