import type { ElicitationSchema } from '@agentclientprotocol/sdk';
import { expect, test } from 'vitest';
import { fieldsOf, fill, initialValues, type Values } from './question-form.ts';

const one = (property: NonNullable<ElicitationSchema['properties']>[string], required = true) =>
  fieldsOf({ type: 'object', properties: { x: property }, required: required ? ['x'] : [] });
const read = (
  property: NonNullable<ElicitationSchema['properties']>[string],
  value: Values[string],
  required = true,
) => {
  const filled = fill(one(property, required), { x: value });
  return filled.ok ? filled.content['x'] : `! ${filled.problems.get('x')}`;
};

test('fields keep the schema’s order, titles, defaults and what is required', () => {
  const fields = fieldsOf({
    properties: {
      name: { type: 'string', title: 'Your name', description: 'As on the door', default: 'Ada' },
      age: { type: 'integer', default: 36 },
      size: { type: 'string', enum: ['s', 'm'], default: 'm' },
      tool: { type: 'string', oneOf: [{ const: 'v', title: 'Vite' }] },
      yes: { type: 'boolean', default: true },
      many: { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, default: ['b'] },
      titled: { type: 'array', items: { anyOf: [{ const: 'q', title: 'Q' }] } },
    },
    required: ['name'],
  });
  expect(fields.map(({ kind, label, required }) => [kind, label, required])).toEqual([
    ['text', 'Your name', true],
    ['number', 'age', false],
    ['choice', 'size', false],
    ['choice', 'tool', false],
    ['boolean', 'yes', false],
    ['many', 'many', false],
    ['many', 'titled', false],
  ]);
  expect(fields[3]).toMatchObject({ options: [{ value: 'v', label: 'Vite' }] });
  expect(fields[6]).toMatchObject({ options: [{ value: 'q', label: 'Q' }] });
  expect(fill(fields, initialValues(fields))).toEqual({
    ok: true,
    content: { name: 'Ada', age: 36, size: 'm', yes: true, many: ['b'] },
  });
});

test.each([
  [{ type: 'string' }, '', '! Needed.'],
  [{ type: 'string' }, 'x', 'x'],
  [{ type: 'string', minLength: 2 }, 'x', '! At least 2 characters.'],
  [{ type: 'string', maxLength: 1 }, '😀', '😀'],
  [{ type: 'string', maxLength: 1 }, 'xy', '! At most 1 characters.'],
  [{ type: 'string', pattern: '^a+$' }, 'b', '! It must match ^a+$.'],
  [{ type: 'string', pattern: '(' }, 'b', 'b'],
  [{ type: 'string', format: 'email' }, 'a@b', 'a@b'],
  [{ type: 'string', format: 'email' }, 'ab', '! An e-mail address is needed.'],
  [{ type: 'string', format: 'uri' }, 'https://a.b', 'https://a.b'],
  [{ type: 'string', format: 'uri' }, 'a', '! An address such as https://example.org is needed.'],
  [{ type: 'string', format: 'date' }, '2026-01-02', '2026-01-02'],
  [{ type: 'string', format: 'date-time' }, 'soon', '! A date and a time are needed.'],
  [{ type: 'string', format: 'toString' }, 'x', 'x'],
  [{ type: 'string', enum: ['a'] }, '', '! Needed.'],
  [{ type: 'string', enum: ['a'] }, 'a', 'a'],
  [{ type: 'number' }, '', '! Needed.'],
  [{ type: 'number' }, '1.5', 1.5],
  [{ type: 'number' }, 'x', '! A number is needed.'],
  [{ type: 'number', minimum: 2 }, '1', '! At least 2.'],
  [{ type: 'number', maximum: 2 }, '3', '! At most 2.'],
  [{ type: 'integer' }, '1.5', '! A whole number is needed.'],
  [{ type: 'integer' }, '0', 0],
  [{ type: 'boolean' }, false, false],
  [{ type: 'array', items: { enum: ['a', 'b'] } }, [], '! Choose at least 1.'],
  [{ type: 'array', items: { enum: ['a', 'b'] }, maxItems: 1 }, ['a', 'b'], '! Choose at most 1.'],
  [{ type: 'array', items: { enum: ['a', 'b'] }, minItems: 2 }, ['a', 'b'], ['a', 'b']],
  [{ type: 'colour' }, 'red', 'red'],
])('%o filled with %o', (property, value, expected) => {
  expect(read(property, value)).toEqual(expected);
});

test('empty optional fields are left out; a date-time gets its zone', () => {
  for (const type of ['string', 'number']) expect(read({ type }, '', false)).toBeUndefined();
  expect(read({ type: 'array', items: { enum: ['a'] } }, [], false)).toBeUndefined();
  const at = read({ type: 'string', format: 'date-time' }, '2026-01-02T03:04');
  expect(new Date(String(at)).getTime()).toBe(new Date('2026-01-02T03:04').getTime());
  expect(at).toMatch(/Z$/);
});

test('[A3] fields with the names of an object’s own parts are fields like others', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const fields = fieldsOf({ type: 'object', properties, required: names });
  const empty = fill(fields, initialValues(fields));
  expect(!empty.ok && [...empty.problems.keys()]).toEqual(names);
  const filled = fill(fields, Object.fromEntries(names.map((name) => [name, `my ${name}`])));
  expect(filled.ok && Object.entries(filled.content)).toEqual(
    names.map((name) => [name, `my ${name}`]),
  );
});
