import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SessionUpdate } from '../../shared/events.ts';
import { createCoalescer } from './coalescer.ts';
import { createManualTimers } from './testing/world.ts';

const chunk = (text: string): SessionUpdate => ({
  sessionUpdate: 'agent_message_chunk',
  content: { type: 'text', text },
});
const tool: SessionUpdate = { sessionUpdate: 'tool_call', toolCallId: 'x', title: 'x' };
const textOf = (update: SessionUpdate): string =>
  update.sessionUpdate === 'agent_message_chunk' && update.content.type === 'text'
    ? update.content.text
    : '|';

function setup() {
  const timers = createManualTimers();
  const sent: SessionUpdate[][] = [];
  const coalescer = createCoalescer((updates) => void sent.push(updates), timers);
  return { timers, sent, coalescer, texts: () => sent.map((batch) => batch.map(textOf)) };
}

test('[L7] the first delta goes at once, what follows within 25 ms goes together', () => {
  const { timers, coalescer, texts } = setup();
  coalescer.push(chunk('a'));
  expect(texts()).toEqual([['a']]);
  coalescer.push(chunk('b'));
  timers.advance(24);
  coalescer.push(chunk('c'));
  expect(texts()).toEqual([['a']]);
  timers.advance(1);
  expect(texts()).toEqual([['a'], ['bc']]);
  timers.advance(25);
  coalescer.push(chunk('d'));
  expect(texts()).toEqual([['a'], ['bc'], ['d']]);
});

test('[L7] what is not text waits for nothing and keeps its place', () => {
  const { coalescer, texts } = setup();
  coalescer.push(chunk('a'));
  coalescer.push(chunk('b'));
  coalescer.push(tool);
  expect(texts()).toEqual([['a'], ['b', '|']]);
});

test('[L7] 64 deltas or 128 KiB are enough', () => {
  const { coalescer, sent } = setup();
  for (let n = 0; n < 65; n += 1) coalescer.push(chunk('x'));
  expect(sent).toHaveLength(2);
  coalescer.push(chunk('y'.repeat(128 * 1024)));
  expect(sent).toHaveLength(3);
});

test('[L7] no text is lost or moved, and close leaves no timer', () => {
  const steps = fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.constant(null), fc.nat(40)));
  fc.assert(
    fc.property(steps, (list) => {
      const { timers, sent, coalescer } = setup();
      let expected = '';
      for (const step of list) {
        if (step === null) coalescer.push(tool);
        else if (typeof step === 'number') timers.advance(step);
        else coalescer.push(chunk(step));
        expected += step === null ? '|' : typeof step === 'number' ? '' : step;
      }
      coalescer.close();
      coalescer.close();
      expect(sent.flat().map(textOf).join('')).toBe(expected);
      expect(sent.every((batch) => batch.length > 0)).toBe(true);
      expect(timers.pending).toBe(0);
    }),
  );
});
