import { expect, test } from 'vitest';
import type { EventBody, SessionEvent, SessionUpdate } from './events.ts';
import { mergeDeltas } from './merge.ts';
import { foldEvents } from './reducer.ts';
import { emptyState, type Part, type SessionState, type Turn } from './state.ts';

const update = (value: SessionUpdate): EventBody => ({
  type: 'update',
  turnId: 't',
  update: value,
});
const thought = (text: string): EventBody =>
  update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text } });
const tool = (status: 'pending' | 'in_progress' | 'completed' | 'failed'): EventBody =>
  update({ sessionUpdate: 'tool_call_update', toolCallId: 'c', title: 'x', status });

/** A turn that started at 100, with what came when. */
function logOf(...timed: [at: number, body: EventBody][]): SessionEvent[] {
  const all: [number, EventBody][] = [[100, { type: 'turn.started', turnId: 't' }], ...timed];
  return all.map(([at, body], index) => Object.assign({ seq: index + 1, at }, body));
}
const liveOf = (log: readonly SessionEvent[], from = emptyState('log')): Turn =>
  foldEvents(from, log).live as Turn;
const only = (log: readonly SessionEvent[]): Part => liveOf(log).parts[0] as Part;

test('[P34] [L6] a thought has the time of its first and of its last text, merged or not', () => {
  const log = logOf(
    [200, thought('a')],
    [300, thought('b')],
    [450, thought('c')],
    [900, thought('')],
  );
  const times = { kind: 'thought', text: 'abc', startedAt: 200, endedAt: 450 };
  expect(only(log)).toMatchObject(times);
  const merged = mergeDeltas(log);
  expect(merged).toHaveLength(3);
  expect(merged[1]).toMatchObject({ at: 450, since: 200, span: 3 });
  expect(only(merged)).toMatchObject(times);
  // Merged once more, as a hub does with what came merged.
  expect(only([...log.slice(0, 1), ...mergeDeltas(mergeDeltas(log.slice(1)))])).toMatchObject(
    times,
  );
});

test('[P31] a call that waited is timed from when it ran, and ends once', () => {
  const log = logOf(
    [200, tool('pending')],
    [500, tool('in_progress')],
    [700, tool('completed')],
    [900, tool('completed')],
  );
  expect(only(log)).toMatchObject({ startedAt: 500, endedAt: 700 });
  const again = only([...log, { seq: 6, at: 950, ...tool('in_progress') }]);
  expect(again).toMatchObject({ startedAt: 950 });
  expect(again).not.toHaveProperty('endedAt');
});

test('[P31] what a person took to answer is no time of the call', () => {
  const call = { toolCallId: 'c', title: 'x' };
  const log = logOf(
    [
      200,
      {
        type: 'request.opened',
        turnId: 't',
        requestId: 'r',
        request: { kind: 'permission', toolCall: call, options: [] },
      },
    ],
    [
      60_000,
      { type: 'request.resolved', turnId: 't', requestId: 'r', outcome: { outcome: 'cancelled' } },
    ],
    [60_250, tool('completed')],
  );
  expect(only(log)).toMatchObject({ startedAt: 60_000, endedAt: 60_250 });
});

test('[P34] parts that an earlier build folded stay without times, and go on', () => {
  const state: SessionState = foldEvents(emptyState('log'), logOf());
  const live: Turn = {
    ...(state.live as Turn),
    parts: [{ kind: 'tool', call: { toolCallId: 'c', title: 'x', status: 'in_progress' } }],
  };
  const after = liveOf([{ seq: 2, at: 900, ...tool('completed') }], { ...state, live });
  expect(after.parts).toEqual([
    { kind: 'tool', call: { toolCallId: 'c', title: 'x', status: 'completed' } },
  ]);
});

test('[P30] a turn knows what it cost, where the agent tells the sum of the session', () => {
  const usage = (used: number, amount: number): EventBody =>
    update({ sessionUpdate: 'usage_update', used, size: 1000, cost: { amount, currency: 'USD' } });
  const before = {
    ...emptyState('log'),
    usage: { used: 10, size: 1000, cost: { amount: 2, currency: 'USD' } },
  };
  const turn = liveOf(logOf([200, usage(50, 2.25)], [300, usage(80, 2.5)]), before);
  expect(turn.usage).toEqual({ used: 80, size: 1000, cost: { amount: 0.5, currency: 'USD' } });
  // Its process was started anew and counts from nothing.
  const anew = liveOf(logOf([200, usage(50, 0.25)]), before);
  expect(anew.usage?.cost?.amount).toBe(0.25);
});
