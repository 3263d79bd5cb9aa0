import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundJson, cutText, jsonBytes, MAX_DEPTH } from './bound-json.ts';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const nested = (depth: number): unknown => {
  let value: unknown = 'bottom';
  for (let n = 0; n < depth; n += 1) value = n % 2 === 0 ? [value] : { in: value };
  return value;
};

describe('[L12] JSON within a bound', () => {
  test('what fits is the same value; what does not is cut to fit, and says how much is missing', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6 }),
        fc.integer({ min: 600, max: 4000 }),
        (value, max) => {
          const bounded = boundJson(value, max);
          expect(jsonBytes(value)).toBeGreaterThanOrEqual(bytesOf(value));
          if (jsonBytes(value) <= max) expect(bounded?.value).toBe(value);
          if (bounded === null) return;
          expect(bytesOf(bounded.value)).toBeLessThanOrEqual(max);
          expect(bounded.missing === 0).toBe(bounded.value === value);
        },
      ),
    );
  });

  test('a long text keeps its beginning, never half a character, and says what was left out', () => {
    const bounded = boundJson({ type: 'text', text: '😀'.repeat(1_000_000) }, 10_000);
    const { text } = bounded?.value ?? { text: '' };
    expect(text).toMatch(/^(😀)+\n\[… 1,99\d,\d{3} characters were left out\]$/u);
    expect(bounded?.missing).toBeGreaterThan(3_900_000);
    expect(cutText('a😀', 2)).toBe('a\n[… 2 characters were left out]');
  });

  test('of two long texts both begin', () => {
    const diff = { type: 'diff', path: '/a', oldText: 'o'.repeat(9e6), newText: 'n'.repeat(9e6) };
    const { value } = boundJson(diff, 100_000) ?? { value: diff };
    expect(value.path).toBe('/a');
    expect([value.oldText.slice(0, 1000), value.newText.slice(0, 1000)]).toEqual([
      'o'.repeat(1000),
      'n'.repeat(1000),
    ]);
  });

  test.each([
    [{ type: 'image', mimeType: 'image/png', data: 'A'.repeat(4000) }, 'image/png of 4,000'],
    [{ type: 'audio', data: 'A'.repeat(4000) }, 'audio of 4,000'],
    [{ type: 'resource', resource: { uri: 'a.bin', blob: 'A'.repeat(4000) } }, 'a.bin of 4,000'],
  ])('an image, a sound or a file is whole or named: %#', (block, words) => {
    const { value } = boundJson([block, { type: 'text', text: 'beside it' }], 2000) ?? {};
    expect(value).toEqual([
      { type: 'text', text: `[${words} characters was left out]` },
      { type: 'text', text: 'beside it' },
    ]);
  });

  test('what is nested too deep to be written is cut off', () => {
    const deep = nested(100_000);
    expect(jsonBytes(nested(MAX_DEPTH - 1))).toBeLessThan(Infinity);
    const bounded = boundJson({ kept: 1, deep }, 10_000);
    expect(bounded?.missing).toBe(Infinity);
    expect(JSON.stringify(bounded?.value)).toContain('[left out: too deep]');
    expect(bounded?.value.kept).toBe(1);
  });

  test('long lists, objects of many fields, and names that are a text', () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`field${n}`, n]));
    const list = Array.from({ length: 50_000 }, (_, n) => n);
    const bounded = boundJson({ many, list, ['n'.repeat(5000)]: 1 }, 10_000);
    expect(bytesOf(bounded?.value)).toBeLessThanOrEqual(10_000);
    expect(bounded?.value.list.slice(0, 3)).toEqual([0, 1, 2]);
  });
});
