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

test('[L7] 64 deltas are enough, and the next one waits again', () => {
  const { timers, coalescer, texts } = setup();
  coalescer.push(chunk('first'));
  for (let n = 0; n < 63; n += 1) coalescer.push(chunk('x'));
  expect(texts()).toEqual([['first']]);
  coalescer.push(chunk('x'));
  coalescer.push(chunk('y'));
  expect(texts()).toEqual([['first'], ['x'.repeat(64)]]);
  timers.advance(25);
  expect(texts()[2]).toEqual(['y']);
});

test.each([
  ['one byte', 'y', 1],
  ['two bytes', 'é', 2],
  ['four bytes', '🦜', 4],
])('[L7] 128 KiB are enough, counted in UTF-8: characters of %s', (_name, character, size) => {
  const { coalescer, texts } = setup();
  const half = character.repeat((64 * 1024) / size);
  coalescer.push(chunk('first'));
  coalescer.push(chunk(half));
  expect(texts()).toHaveLength(1);
  coalescer.push(chunk(half));
  expect(texts()[1]).toEqual([half + half]);
  // What does not fit any more goes with the next append.
  coalescer.push(chunk('z'));
  coalescer.push(chunk(half + half));
  expect(texts().slice(2)).toEqual([['z'], [half + half]]);
});

test('[L7] a delta beyond 128 KiB goes at once, alone and whole', () => {
  const { coalescer, texts } = setup();
  const long = 'y'.repeat(300 * 1024);
  coalescer.push(chunk('first'));
  coalescer.push(chunk('a'));
  coalescer.push(chunk(long));
  coalescer.push(chunk('b'));
  expect(texts()).toEqual([['first'], ['a'], [long]]);
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
