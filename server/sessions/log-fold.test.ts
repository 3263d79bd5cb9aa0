import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SessionEvent } from '../../shared/events.ts';
import { foldEvents } from '../../shared/reducer.ts';
import { projectRow } from '../../shared/row.ts';
import { emptyState, type Part, type Turn } from '../../shared/state.ts';
import { arbitraryLog } from '../../shared/testing/arbitrary-log.ts';
import { createLogFold, type LogFold } from './log-fold.ts';

test('[L6] folded whenever somebody looks, it is the fold of the log; and an earlier one stays as it was', () => {
  let pending = 0;
  fc.assert(
    fc.property(arbitraryLog(), fc.array(fc.boolean(), { minLength: 1 }), (log, looks) => {
      const folds: LogFold[] = [createLogFold(emptyState('log'))];
      for (const [n, event] of log.entries()) {
        const next = folds[n]?.after(event);
        if (next === undefined) throw new Error('no fold');
        if (looks[n % looks.length] === true) next.full();
        else if (event.type === 'update') pending += 1;
        folds.push(next);
      }
      for (const [n, fold] of folds.entries()) {
        const expected = foldEvents(emptyState('log'), log.slice(0, n));
        expect(fold.seq).toBe(n);
        expect(fold.row).toEqual(projectRow(expected));
        expect(fold.live?.turnId).toBe(expected.live?.turnId);
        expect(fold.live?.cancelling).toBe(expected.live?.cancelling);
        expect(fold.full()).toEqual(expected);
      }
    }),
    { numRuns: 200 },
  );
  expect(pending).toBeGreaterThan(500);
});

const update = (seq: number): SessionEvent => ({
  seq,
  at: 0,
  type: 'update',
  turnId: 't',
  update: {
    sessionUpdate: seq % 2 === 0 ? 'agent_message_chunk' : 'agent_thought_chunk',
    content: { type: 'text', text: 'x' },
  },
});

test('[L7] a delta costs the same whatever the turn has become: the parts are touched once for many', () => {
  const parts = Array.from({ length: 10_000 }, (_, n): Part => {
    return { kind: n % 2 === 0 ? 'text' : 'thought', text: 'x', messageId: null };
  });
  let looks = 0;
  const watched = new Proxy(parts, {
    get(target, name, receiver) {
      if (name === 'slice' || name === Symbol.iterator) looks += 1;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  const live: Turn = {
    turnId: 't',
    ordinal: 0,
    key: '',
    prompt: [],
    startedAt: 0,
    cancelling: false,
    parts: watched,
    end: null,
  };
  let fold = createLogFold({ ...emptyState('log'), live });
  looks = 0;
  for (let seq = 1; seq <= 256; seq += 1) fold = fold.after(update(seq));
  expect(fold.row.lastSeq).toBe(256);
  expect(looks).toBe(0);
  fold = fold.after(update(257));
  expect(looks).toBe(1);
  // The first of them goes on with the last thought.
  expect(fold.full().live?.parts).toHaveLength(10_256);
  expect(parts).toHaveLength(10_000);
});

test('[L1] an event that does not follow is refused', () => {
  const fold = createLogFold(emptyState('log')).after(update(1));
  expect(() => fold.after(update(1))).toThrow('does not follow');
  expect(() => fold.after(update(3))).toThrow('does not follow');
});
