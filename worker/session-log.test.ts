import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventBody, SessionEvent } from '../shared/events.ts';
import { applyEvent, foldEvents } from '../shared/reducer.ts';
import { emptyState, PAGE_TURNS, type SessionState } from '../shared/state.ts';
import { createSessionLog } from './session-log.ts';

const chunk = (text: string, kind: 'text' | 'thought' = 'text'): EventBody => ({
  type: 'update',
  turnId: 't0',
  update: {
    sessionUpdate: kind === 'text' ? 'agent_message_chunk' : 'agent_thought_chunk',
    content: { type: 'text', text },
  },
});
const numbered = (bodies: readonly EventBody[], from = 1): SessionEvent[] =>
  bodies.map((body, n) => ({ seq: from + n, at: n, ...body }));
const begin: EventBody[] = [
  { type: 'turn.queued', turnId: 't0', key: 'k', prompt: [], mode: 'queue' },
  { type: 'turn.started', turnId: 't0' },
];
const anyBody: fc.Arbitrary<EventBody> = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 4 }).map((text) => chunk(text)) },
  { weight: 2, arbitrary: fc.string({ maxLength: 4 }).map((text) => chunk(text, 'thought')) },
  fc.constantFrom<EventBody>(
    { type: 'turn.cancelling', turnId: 't0' },
    { type: 'turn.ended', turnId: 't0', reason: 'end_turn' },
    {
      type: 'update',
      turnId: 't0',
      update: { sessionUpdate: 'tool_call', toolCallId: 'c', title: 'T' },
    },
  ),
);

test('[H4] [H10] what comes after a cursor, folded onto the state there, is the state; or it says that it lacks it', () => {
  let covered = 0;
  fc.assert(
    fc.property(
      fc.array(anyBody, { maxLength: 60, size: 'max' }),
      fc.nat(40),
      fc.integer({ min: 1, max: 30 }),
      (bodies, start, keep) => {
        const events = numbered([...begin, ...bodies]);
        const states: SessionState[] = [emptyState('log')];
        for (const event of events) states.push(foldEvents(states.at(-1) as SessionState, [event]));
        const from = Math.min(start, events.length);
        const log = createSessionLog(states[from] as SessionState, { events: keep, size: 2_000 });
        for (const event of events.slice(from)) {
          expect(log.apply(event, 20)).toBe('applied');
          expect(log.apply(event, 20)).toBe('duplicate');
        }
        expect(log.state).toEqual(states.at(-1));
        expect(log.tail).toBeLessThanOrEqual(keep);
        for (const [seq, state] of states.entries()) {
          const since = log.since(seq);
          const kept = seq >= Math.max(from, events.length - keep);
          expect(since !== null).toBe(kept);
          if (since === null) continue;
          covered += 1;
          expect(foldEvents(state, since)).toEqual(log.state);
          expect(log.since(seq)).toBe(since);
        }
        expect(log.since(events.length + 1)).toBeNull();
      },
    ),
  );
  expect(covered).toBeGreaterThan(500);
});

test('the recent events are bounded by their size, too', () => {
  const log = createSessionLog(emptyState('log'), { events: 1_000, size: 100 });
  for (const event of numbered([...begin, chunk('a'), chunk('b')])) log.apply(event, 40);
  expect(log.tail).toBe(2);
  expect(log.since(1)).toBeNull();
  expect(log.since(2)).toMatchObject([{ seq: 4, span: 2 }]);
  // One that is larger than all that may be kept is folded, and not kept.
  log.apply(numbered([chunk('c')], 5)[0] as SessionEvent, 101);
  expect(log.tail).toBe(0);
  expect(log.since(4)).toBeNull();
  expect(log.since(5)).toEqual([]);
});

test('[H10] a gap, and an event that can not be folded, ask for a snapshot and change nothing', () => {
  const log = createSessionLog(emptyState('log'));
  for (const event of numbered(begin)) log.apply(event, 1);
  const before = log.state;
  expect(log.apply(numbered([chunk('x')], 4)[0] as SessionEvent, 1)).toBe('gap');
  const odd = {
    seq: 3,
    at: 0,
    type: 'update',
    turnId: 't0',
    update: { sessionUpdate: 'agent_message_chunk' },
  } as unknown as SessionEvent;
  expect(() => applyEvent(before, odd)).toThrow(TypeError);
  expect(log.apply(odd, 1)).toBe('gap');
  expect(log.state).toBe(before);
});

test('[H10] a merged delta that begins at or below the cursor is not split', () => {
  const log = createSessionLog(emptyState('log'));
  for (const event of numbered(begin)) log.apply(event, 1);
  expect(log.apply({ ...(numbered([chunk('abc')], 5)[0] as SessionEvent), span: 3 }, 1)).toBe(
    'applied',
  );
  expect(log.since(2)).toHaveLength(1);
  expect(log.since(3)).toBeNull();
  expect(log.since(4)).toBeNull();
  expect(log.apply({ ...(numbered([chunk('cd')], 6)[0] as SessionEvent), span: 2 }, 1)).toBe('gap');
});

test('the fold keeps the last page of turns', () => {
  const log = createSessionLog(emptyState('log'));
  const bodies = Array.from({ length: PAGE_TURNS + 5 }, (_, n): EventBody[] => [
    { type: 'turn.queued', turnId: `t${n}`, key: `k${n}`, prompt: [], mode: 'queue' },
    { type: 'turn.started', turnId: `t${n}` },
    { type: 'turn.ended', turnId: `t${n}`, reason: 'end_turn' },
  ]).flat();
  for (const event of numbered(bodies)) log.apply(event, 1);
  expect(log.state.turns).toHaveLength(PAGE_TURNS);
  expect(log.state.turns[0]?.turnId).toBe('t5');
});

test('a snapshot replaces; one of another past makes every cursor void', () => {
  const log = createSessionLog(emptyState('log'));
  for (const event of numbered(begin)) log.apply(event, 1);
  log.replace({ ...log.state, seq: 9 }, false);
  expect(log.generation).toBe(0);
  expect(log.since(2)).toBeNull();
  expect(log.since(9)).toEqual([]);
  log.replace({ ...log.state, seq: 4 }, true);
  expect(log.generation).toBe(1);
});
