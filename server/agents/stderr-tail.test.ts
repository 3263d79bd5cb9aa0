import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStderrTail, TAIL_CHARS, TAIL_LINES } from './stderr-tail.ts';

function tail() {
  const lines: string[] = [];
  const made = createStderrTail((line) => lines.push(line));
  const push = (text: string): void => made.push(new TextEncoder().encode(text));
  return { ...made, lines, write: push };
}

test('nothing written: null', () => {
  expect(tail().text()).toBeNull();
});

test('the last lines are kept, each is told once, blank ones are not', () => {
  const { write, text, lines } = tail();
  const all = Array.from({ length: TAIL_LINES + 5 }, (_, index) => `line ${index}`);
  write(`${all.join('\r\n\n')}\n`);
  expect(lines).toEqual(all);
  expect(text()).toBe(all.slice(-TAIL_LINES).join('\n'));
});

test('a line without an end is kept too', () => {
  const { write, text } = tail();
  write('fatal: ');
  write('no disk');
  expect(text()).toBe('fatal: no disk');
});

test('however the bytes are cut, characters stay whole', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.integer({ min: 1, max: 5 }),
      (words, size) => {
        const whole = tail();
        const cut = tail();
        const bytes = new TextEncoder().encode(`${words}\n`);
        whole.push(bytes);
        for (let at = 0; at < bytes.length; at += size) cut.push(bytes.subarray(at, at + size));
        expect(cut.text()).toBe(whole.text());
        expect(cut.lines).toEqual(whole.lines);
      },
    ),
  );
});

test('an endless line does not fill the memory', () => {
  const { write, text, lines } = tail();
  for (let n = 0; n < 100; n += 1) write('x'.repeat(1000));
  expect(text()?.length).toBe(TAIL_CHARS);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(TAIL_CHARS);
});
