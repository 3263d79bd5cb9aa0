import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonErrorPosition } from './json-position.ts';

test.each([
  ['', 1, 1],
  ['{', 1, 2],
  ['{"a": 1,}', 1, 9],
  ['{\n  "a": 1,\n  "b": x\n}', 3, 8],
  ['{"a": 1} x', 1, 10],
  ['[1 2]', 1, 4],
  ["{'a': 1}", 1, 2],
  ['{"a": tru }', 1, 10],
  ['{"a": "open', 1, 12],
  ['// comment\n{}', 1, 1],
])('%j: line %i, column %i', (text, line, column) => {
  expect(jsonErrorPosition(text)).toEqual({ line, column });
});

test('a character that can never stand there is found where it was put', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, at) => {
      const index = at % (json.length + 1);
      // U+0001 is allowed nowhere, not even in a string.
      const text = `${json.slice(0, index)}\u0001${json.slice(index)}`;
      const { line, column } = jsonErrorPosition(text);
      const lines = text.slice(0, index).split('\n');
      expect({ line, column }).toEqual({
        line: lines.length,
        column: (lines.at(-1)?.length ?? 0) + 1,
      });
    }),
  );
});
