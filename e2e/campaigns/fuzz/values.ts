/** Values for a schema: ones that fit it, ones with a single fault, and ones that are out for trouble. */
import fc from 'fast-check';
import { z } from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Names and texts that parsers, logs, headers and objects have tripped over. */
export const HOSTILE_TEXTS: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  'x\r\nset-cookie: a=b\r\n\r\n<p>',
  'x\n{"level":60,"msg":"forged"}',
  '\u0000',
  '\ud800',
  '\udc00\ud800',
  '\ufeff',
  '\u2028\u2029\u0085',
  '\u202eevil',
  "'; drop table logs; --",
  '" OR 1=1',
  'NEAR(a b) AND * NOT ^ title:x "',
  '%00%0d%0a',
  '${7*7}{{7*7}}',
  '<script>pwned(1)</script>',
  '',
  ' ',
  '💥'.repeat(60),
  'a'.repeat(5000),
];

const hostileText = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'binary' }));
const hostileScalar: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom(null, true, false, 0, -0, -1, 1.5, 2 ** 53, 1e308, -1e308, 5e-324),
  fc.constantFrom([], {}, [[]], [{}], [null]),
);

/** Deep, wide, and with the names of an object's own parts. */
export const hostileValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    hostileScalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(hostileText, tie('value')), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;

/** What fits. Free texts begin with `marker`, so that they are known wherever they turn up. */
export function fitting(schema: z.ZodType, marker: string): fc.Arbitrary<unknown> {
  return ofJson(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), marker);
}

function ofJson(schema: JsonSchema, marker: string): fc.Arbitrary<unknown> {
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined)
    return fc.oneof(...either.map((one) => ofJson(one as JsonSchema, marker)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'string':
      return text(schema, marker);
    case 'integer':
      return fc.integer({
        min: Math.max(schema.minimum ?? -1000, -1000),
        max: Math.min(schema.maximum ?? 1000, 1000),
      });
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(ofJson((schema.items ?? {}) as JsonSchema, marker), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case 'object':
      return object(schema, marker);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function text(schema: JsonSchema, marker: string): fc.Arbitrary<string> {
  if (schema.contentEncoding === 'base64') return fc.base64String({ maxLength: 64 });
  if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern));
  const most = Math.min(schema.maxLength ?? 200, 200);
  return fc
    .oneof(fc.string({ unit: 'grapheme' }), hostileText)
    .map((said) => `${marker} ${said}`.slice(0, most));
}

function object(schema: JsonSchema, marker: string): fc.Arbitrary<unknown> {
  const { properties, additionalProperties } = schema;
  if (properties === undefined) {
    const value =
      typeof additionalProperties === 'object'
        ? ofJson(additionalProperties as JsonSchema, marker)
        : fc.jsonValue({ maxDepth: 1 });
    return fc.dictionary(
      hostileText.map((name) => name.slice(0, 100)),
      value,
      { maxKeys: 3 },
    );
  }
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, ofJson(one as JsonSchema, marker)]),
  );
  return fc.record(fields, { requiredKeys: (schema.required ?? []) as never[] });
}

/** A fitting value with one thing changed, somewhere in it. */
export function faulty(fits: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(fits, fc.nat(), fc.constantFrom('replace', 'drop', 'add'), hostileText, hostileValue)
    .map(([value, at, how, name, hostile]) => {
      const copy = structuredCloneJson(value);
      const places = placesIn({ root: copy });
      const place = places[at % places.length];
      if (place === undefined) return hostile;
      const { holder, key } = place;
      if (how === 'drop' && !Array.isArray(holder) && key !== 'root') delete holder[key];
      else if (how === 'add') addTo(holder[key], name, hostile);
      else holder[key] = hostile;
      return places[0]?.holder['root'];
    });
}

function addTo(target: unknown, name: string, value: unknown): void {
  if (typeof target !== 'object' || target === null) return;
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true });
}

interface Place {
  holder: Record<string, unknown>;
  key: string;
}

function placesIn(holder: Record<string, unknown>): Place[] {
  const places: Place[] = [];
  for (const key of Object.keys(holder)) {
    const inner = holder[key];
    places.push({ holder, key });
    if (typeof inner === 'object' && inner !== null) {
      places.push(...placesIn(inner as Record<string, unknown>));
    }
  }
  return places;
}

function structuredCloneJson(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined ? null : JSON.parse(text);
}
