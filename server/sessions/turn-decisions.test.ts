import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventBody } from '../../shared/events.ts';
import { foldEvents } from '../../shared/reducer.ts';
import { emptyState, openRequests, type SessionState } from '../../shared/state.ts';
import { arbitraryLog } from '../../shared/testing/arbitrary-log.ts';
import { decideEmpty, decideEnd } from './turn-decisions.ts';

function after(state: SessionState, bodies: readonly EventBody[]): SessionState {
  return foldEvents(
    state,
    bodies.map((body, index) => ({ seq: state.seq + index + 1, at: 0, ...body })),
  );
}

test('[L3] [O7] a turn is ended once, in one step with its requests; ending it again, or another, writes nothing', () => {
  const seen = { ended: 0, settled: 0, withRequests: 0 };
  fc.assert(
    fc.property(arbitraryLog(), (log) => {
      const state = foldEvents(emptyState('log'), log);
      for (const { turnId } of state.turns) {
        expect(decideEnd(state, turnId, 'end_turn', null)).toEqual({ events: [], result: false });
        seen.settled += 1;
      }
      const { live } = state;
      if (live === null) return;
      if (openRequests(state).length > 0) seen.withRequests += 1;
      const { events, result } = decideEnd(state, live.turnId, 'interrupted', null);
      expect(result).toBe(true);
      expect(events.filter(({ type }) => type === 'turn.ended')).toHaveLength(1);
      const ended = after(state, events);
      expect(openRequests(ended)).toEqual([]);
      // Late: the agent answers a turn that was ended without it.
      expect(decideEnd(ended, live.turnId, 'end_turn', null)).toEqual({
        events: [],
        result: false,
      });
      seen.ended += 1;
    }),
    { numRuns: 300 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
});

test('[L3] [O1] emptied in one step, whatever runs or waits: each turn has its one end, and none starts', () => {
  const seen = { live: 0, queued: 0 };
  fc.assert(
    fc.property(arbitraryLog(), (log) => {
      const state = foldEvents(emptyState('log'), log);
      const { events } = decideEmpty(state);
      const emptied = after(state, events);
      expect(emptied).toMatchObject({ live: null, queue: [] });
      expect(emptied.started).toBe(state.started);
      const ends = [...log, ...events].filter(({ type }) => type === 'turn.ended');
      const ids = ends.map(({ turnId }) => turnId);
      expect(ids).toEqual([...new Set(ids)]);
      const known = log.filter(({ type }) => type === 'turn.queued').map(({ turnId }) => turnId);
      expect(new Set(ids)).toEqual(new Set(known));
      if (state.live !== null) seen.live += 1;
      seen.queued += state.queue.length;
    }),
    { numRuns: 300 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
});
