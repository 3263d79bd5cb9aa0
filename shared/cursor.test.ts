import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCursor, parseCursor } from './cursor.ts';

test('[L4] a cursor survives its wire form', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/), fc.nat(), (logId, seq) => {
      expect(parseCursor(formatCursor({ logId, seq }))).toEqual({ logId, seq });
    }),
  );
});

test('[A3] what is no cursor is null, never an exception', () => {
  for (const text of [
    '',
    ':',
    'a',
    'a:',
    ':1',
    'a:-1',
    'a:01',
    'a:1.5',
    'a b:1',
    'a:1\n',
    'a:1:2',
    `a:${'9'.repeat(16)}`,
  ]) {
    expect(parseCursor(text)).toBeNull();
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      const cursor = parseCursor(text);
      if (cursor !== null) expect(formatCursor(cursor)).toBe(text);
    }),
  );
});
