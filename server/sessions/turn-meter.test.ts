import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SessionUpdate } from '../../shared/events.ts';
import { foldEvents } from '../../shared/reducer.ts';
import { emptyState } from '../../shared/state.ts';
import { boundUpdate } from './turn-intake.ts';
import { createTurnMeter, PART_BYTES } from './turn-meter.ts';

const chunk = (text: string, messageId: string | null = null): SessionUpdate => ({
  sessionUpdate: 'agent_message_chunk',
  messageId,
  content: { type: 'text', text },
});
const tool = (toolCallId: string, words: string): SessionUpdate => ({
  sessionUpdate: 'tool_call_update',
  toolCallId,
  rawOutput: { words },
});
const anyUpdate: fc.Arbitrary<SessionUpdate> = fc.oneof(
  fc
    .tuple(fc.string({ minLength: 1, maxLength: 300 }), fc.constantFrom(null, 'a', 'b'))
    .map(([text, id]) => chunk(text, id)),
  fc
    .tuple(fc.constantFrom('t1', 't2', 't3'), fc.string({ maxLength: 2000 }))
    .map(([id, words]) => tool(id, words)),
  fc.string({ maxLength: 900 }).map((content): SessionUpdate => ({
    sessionUpdate: 'plan',
    entries: [{ content, priority: 'low', status: 'pending' }],
  })),
  fc.string({ maxLength: 300 }).map((title): SessionUpdate => ({
    sessionUpdate: 'notice',
    severity: 'info',
    title,
  })),
);

test('[L12] what is admitted folds to a turn within the bound, whatever is sent and how often', () => {
  const max = 8000;
  let refused = 0;
  fc.assert(
    fc.property(fc.array(anyUpdate, { minLength: 20, maxLength: 60 }), (updates) => {
      const meter = createTurnMeter(max);
      const admitted = updates.filter((update) =>
        meter.admit(update, boundUpdate(update)?.bytes ?? 0),
      );
      refused += updates.length - admitted.length;
      const state = foldEvents(emptyState('log'), [
        { seq: 1, at: 0, type: 'turn.queued', turnId: 't', key: 'k', prompt: [], mode: 'queue' },
        { seq: 2, at: 0, type: 'turn.started', turnId: 't' },
        ...admitted.map((update, index) => ({
          seq: index + 3,
          at: 0,
          type: 'update' as const,
          turnId: 't',
          update,
        })),
      ]);
      const parts = state.live?.parts ?? [];
      // Escapes of short texts are not counted, hence the length.
      const text = parts.reduce(
        (sum, part) =>
          sum + (part.kind === 'text' ? part.text.length : JSON.stringify(part).length),
        0,
      );
      expect(text).toBeLessThanOrEqual(max);
      expect(parts.length).toBeLessThanOrEqual(max / PART_BYTES + 1);
    }),
  );
  expect(refused).toBeGreaterThan(0);
});

test('[L12] output that a tool sends again with every line counts once', () => {
  const meter = createTurnMeter(10_000);
  for (let n = 0; n < 1000; n += 1) {
    expect(meter.admit(tool('t', 'x'.repeat(5 * n)), 0)).toBe(true);
  }
  expect(meter.admit(tool('t', 'x'.repeat(20_000)), 0)).toBe(false);
  expect(meter.admit(chunk('more'), 4)).toBe(false);
});
