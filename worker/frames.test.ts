import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameError, parseFrame } from './frames.ts';
import { emptyState } from '../shared/state.ts';

const event = { seq: 3, at: 1, type: 'turn.started', turnId: 't' };

test('an event takes its log from its cursor', () => {
  const data = JSON.stringify(event);
  const frame = { kind: 'event', logId: 'log', event, size: data.length };
  expect(parseFrame({ id: 'log:3', data })).toEqual(frame);
  expect(parseFrame({ id: 'log:3', event: 'message', data })).toEqual(frame);
});

test('a name that is not known yet is skipped', () => {
  expect(parseFrame({ event: 'weather', data: 'sunny' })).toBeNull();
});

test.each([
  ['an event without a cursor', { data: JSON.stringify(event) }],
  ['an event with the cursor of another', { id: 'log:4', data: JSON.stringify(event) }],
  ['an event without a type', { id: 'log:3', data: '{"seq":3}' }],
  ['half of a frame', { id: 'log:3', data: '{"seq":3,' }],
  ['a frame that is null', { event: 'row', data: 'null' }],
  ['a snapshot of nothing', { event: 'snapshot', data: '{"reason":"start"}' }],
  ['a snapshot without a place', { event: 'snapshot', data: '{"state":{"logId":"x"}}' }],
  ['rows that are none', { event: 'rows', data: '{"rows":{}}' }],
  ['a problem without words', { event: 'problem', data: '{}' }],
  ['a row of no log', { event: 'row', data: '{"row":{"id":"a"}}' }],
])('refuses %s', (_name, message) => {
  expect(() => parseFrame(message)).toThrow(FrameError);
});

test('whatever comes is a frame, skipped, or refused', () => {
  const names = ['snapshot', 'rows', 'row', 'row.deleted', 'missing', 'problem', undefined];
  const body = fc.oneof(fc.string(), fc.json(), fc.constant(JSON.stringify(emptyState('l'))));
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.option(fc.string()), body, (name, id, data) => {
      try {
        parseFrame({ event: name, id: id ?? undefined, data });
      } catch (error) {
        expect(error).toBeInstanceOf(FrameError);
      }
    }),
  );
});
