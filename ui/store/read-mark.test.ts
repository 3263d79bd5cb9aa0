import { signal } from '@preact/signals';
import { expect, test, vi } from 'vitest';
import type { Row } from '../../shared/row.ts';
import { createFakeTimers } from '../testing/fake-env.ts';
import { makeRow } from '../testing/fixtures.ts';
import { startReadMark, type Seen } from './read-mark.ts';

function setUp(first: Seen | null) {
  const seen = signal<Seen | null>(first);
  const markRead = vi.fn<(row: Row, readSeq: number) => Promise<boolean>>(async () => true);
  const timers = createFakeTimers();
  const window = { focused: true };
  const stop = startReadMark({
    seen: () => seen.value,
    focused: () => window.focused,
    timers,
    markRead,
  });
  return { seen, markRead, stop, timers, window };
}

test('[O8] an end that is before the person’s eyes is marked, once', () => {
  const row = makeRow('a', { endedSeq: 7, lastSeq: 7 });
  const { seen, markRead } = setUp({ row, seq: 7, atEnd: true });
  seen.value = { row: { ...row, title: 'other' }, seq: 7, atEnd: true };
  expect(markRead.mock.calls).toEqual([[row, 7]]);
  seen.value = { row: { ...row, endedSeq: 9 }, seq: 9, atEnd: true };
  expect(markRead).toHaveBeenCalledTimes(2);
});

test('[O8] not what is unseen: nothing in view, or the pane is behind the end', () => {
  const row = makeRow('a', { endedSeq: 7 });
  const { seen, markRead } = setUp(null);
  seen.value = { row, seq: 6, atEnd: true };
  expect(markRead).not.toHaveBeenCalled();
});

test('[O8] not what is read', () => {
  const { markRead } = setUp({
    row: makeRow('a', { endedSeq: 7, readSeq: 7 }),
    seq: 7,
    atEnd: true,
  });
  expect(markRead).not.toHaveBeenCalled();
});

test('what could not be saved is sent with the next change; after stop nothing is', async () => {
  const row = makeRow('a', { endedSeq: 7 });
  const { seen, markRead, stop } = setUp(null);
  markRead.mockResolvedValueOnce(false);
  seen.value = { row, seq: 7, atEnd: true };
  await vi.waitFor(() => {
    seen.value = { row, seq: 7, atEnd: true };
    expect(markRead).toHaveBeenCalledTimes(2);
  });
  stop();
  stop();
  seen.value = { row: { ...row, endedSeq: 9 }, seq: 9, atEnd: true };
  expect(markRead).toHaveBeenCalledTimes(2);
});

test('[O8] not while the end is scrolled out of view', () => {
  const row = makeRow('a', { endedSeq: 7 });
  const { seen, markRead } = setUp({ row, seq: 7, atEnd: false });
  expect(markRead).not.toHaveBeenCalled();
  seen.value = { row, seq: 7, atEnd: true };
  expect(markRead).toHaveBeenCalledOnce();
});

test('[O8] what is marked unread while it is looked at stays unread, until it was left and is looked at again', () => {
  const row = makeRow('a', { endedSeq: 7, readSeq: 7 });
  const { seen, markRead } = setUp({ row, seq: 7, atEnd: true });
  const marked = { ...row, readSeq: 6, readMark: 1 };
  seen.value = { row: marked, seq: 7, atEnd: true };
  // Scrolling about is no new look, and what ends meanwhile is unread like the rest.
  seen.value = { row: marked, seq: 7, atEnd: false };
  seen.value = { row: { ...marked, endedSeq: 9 }, seq: 9, atEnd: true };
  expect(markRead).not.toHaveBeenCalled();
  seen.value = null;
  seen.value = { row: { ...marked, endedSeq: 9 }, seq: 9, atEnd: true };
  expect(markRead.mock.calls).toEqual([[expect.objectContaining({ readMark: 1 }), 9]]);
});

test('[O8] another session in between is leaving, too; a second mark of the same end is read again', () => {
  const row = makeRow('a', { endedSeq: 7 });
  const other = makeRow('b');
  const { seen, markRead } = setUp({ row, seq: 7, atEnd: true });
  expect(markRead).toHaveBeenCalledOnce();
  const marked = { ...row, readMark: 1 };
  seen.value = { row: marked, seq: 7, atEnd: true };
  expect(markRead).toHaveBeenCalledOnce();
  seen.value = { row: other, seq: 0, atEnd: true };
  seen.value = { row: marked, seq: 7, atEnd: true };
  expect(markRead).toHaveBeenCalledTimes(2);
});

test('[O8] not in a window without the focus, until it has it; nothing is asked when there is nothing to see', () => {
  const row = makeRow('a', { endedSeq: 7 });
  const { seen, markRead, stop, timers, window } = setUp(null);
  window.focused = false;
  expect(timers.count).toBe(0);
  seen.value = { row, seq: 7, atEnd: true };
  timers.advance(5_000);
  expect(markRead).not.toHaveBeenCalled();
  window.focused = true;
  timers.advance(500);
  expect(markRead).toHaveBeenCalledTimes(1);
  expect(timers.count).toBe(0);
  window.focused = false;
  seen.value = { row: { ...row, endedSeq: 9 }, seq: 9, atEnd: true };
  expect(timers.count).toBe(1);
  stop();
  expect(timers.count).toBe(0);
});
