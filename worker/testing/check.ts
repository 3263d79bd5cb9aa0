/** Assertions that run wherever the hub does: in vitest, in a program, in a browser's page. */

export class Broken extends Error {}

/** @throws Broken when it is false */
export function hold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Broken(what);
}

/** Plain data, in depth; a key without a value is no key. @throws Broken with the first difference */
export function same(actual: unknown, expected: unknown, what: string): void {
  const difference = differ(actual, expected, '');
  if (difference !== null) throw new Broken(`${what}: ${difference}`);
}

function differ(a: unknown, b: unknown, path: string): string | null {
  if (Object.is(a, b)) return null;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) {
    return `${path === '' ? 'it' : path} is ${tell(a)}, not ${tell(b)}`;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const difference = differ(a[key], b[key], path === '' ? key : `${path}.${key}`);
    if (difference !== null) return difference;
  }
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function tell(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 300);
}
