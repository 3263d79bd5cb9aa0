/** A question's schema as form fields, and what was typed as the answer's content. ACP elicitation, form mode. */
import type {
  ElicitationContentValue,
  ElicitationPropertySchema,
  ElicitationSchema,
} from '@agentclientprotocol/sdk';

export interface Option {
  value: string;
  label: string;
}

interface FieldBase {
  name: string;
  label: string;
  description: string;
  required: boolean;
}

type TextInput = 'text' | 'email' | 'url' | 'date' | 'datetime-local';

export type Field = FieldBase &
  (
    | {
        kind: 'text';
        input: TextInput;
        min: number | null;
        max: number | null;
        pattern: string | null;
        initial: string;
      }
    | { kind: 'choice'; options: Option[]; initial: string }
    | {
        kind: 'number';
        integer: boolean;
        min: number | null;
        max: number | null;
        initial: string;
      }
    | { kind: 'boolean'; initial: boolean }
    | { kind: 'many'; options: Option[]; min: number | null; max: number | null; initial: string[] }
  );

/** What a field holds while it is filled in: text of inputs, a tick, or the ticked options. */
export type Value = string | boolean | string[];
export type Values = Readonly<Record<string, Value>>;

/** Not an object: the agent names the fields, also 'constructor'. */
export type Problems = ReadonlyMap<string, string>;

export type Filled =
  | { ok: true; content: Record<string, ElicitationContentValue> }
  /** By field name: what is wrong and what would be right. */
  | { ok: false; problems: Problems };

const INPUTS: ReadonlyMap<string, TextInput> = new Map([
  ['email', 'email'],
  ['uri', 'url'],
  ['date', 'date'],
  ['date-time', 'datetime-local'],
]);

/** The fields in the schema's order. A property of an unknown type becomes a text field: the agent judges it. */
export function fieldsOf(schema: ElicitationSchema): Field[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, property]) =>
    fieldOf(name, property, required.has(name)),
  );
}

function fieldOf(name: string, property: ElicitationPropertySchema, required: boolean): Field {
  const spec: Record<string, unknown> = property;
  const initial = spec['default'];
  const base: FieldBase = {
    name,
    label: text(spec['title']) ?? name,
    description: text(spec['description']) ?? '',
    required,
  };
  switch (property.type) {
    case 'boolean':
      return { ...base, kind: 'boolean', initial: initial === true };
    case 'number':
    case 'integer':
      return {
        ...base,
        kind: 'number',
        integer: property.type === 'integer',
        min: number(spec['minimum']),
        max: number(spec['maximum']),
        initial: typeof initial === 'number' ? String(initial) : '',
      };
    case 'array':
      return {
        ...base,
        kind: 'many',
        options: optionsOf(spec['items']),
        min: number(spec['minItems']),
        max: number(spec['maxItems']),
        initial: Array.isArray(initial) ? initial.map(String) : [],
      };
    default: {
      const options = optionsOf(spec);
      if (options.length > 0) {
        return { ...base, kind: 'choice', options, initial: text(initial) ?? '' };
      }
      return {
        ...base,
        kind: 'text',
        input: INPUTS.get(text(spec['format']) ?? '') ?? 'text',
        min: number(spec['minLength']),
        max: number(spec['maxLength']),
        pattern: text(spec['pattern']),
        initial: text(initial) ?? '',
      };
    }
  }
}

/** `enum: [value]`, or `oneOf` / `anyOf: [{const, title}]`. */
function optionsOf(spec: unknown): Option[] {
  if (typeof spec !== 'object' || spec === null) return [];
  const { enum: values, oneOf, anyOf } = spec as Record<string, unknown>;
  if (Array.isArray(values))
    return values.map((one) => ({ value: String(one), label: String(one) }));
  const titled = oneOf ?? anyOf;
  if (!Array.isArray(titled)) return [];
  return titled.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { const: value, title } = one as Record<string, unknown>;
    return typeof value === 'string' ? [{ value, label: text(title) ?? value }] : [];
  });
}

/** What the form holds before anybody typed. */
export function initialValues(fields: readonly Field[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, field.initial]));
}

/** Checks the values against the fields. Empty optional fields are left out of the content. */
export function fill(fields: readonly Field[], values: Values): Filled {
  const content: [string, ElicitationContentValue][] = [];
  const problems = new Map<string, string>();
  for (const field of fields) {
    const read = readField(field, values[field.name] ?? field.initial);
    if ('problem' in read) problems.set(field.name, read.problem);
    else if (read.value !== undefined) content.push([field.name, read.value]);
  }
  return problems.size === 0
    ? { ok: true, content: Object.fromEntries(content) }
    : { ok: false, problems };
}

type Read = { value: ElicitationContentValue | undefined } | { problem: string };

function readField(field: Field, raw: Value): Read {
  switch (field.kind) {
    case 'boolean':
      return { value: raw === true };
    case 'many':
      return readMany(field, Array.isArray(raw) ? raw : []);
    case 'number':
      return readNumber(field, typeof raw === 'string' ? raw.trim() : '');
    case 'choice':
    case 'text': {
      const typed = typeof raw === 'string' ? raw : '';
      if (typed === '') return field.required ? { problem: 'Needed.' } : { value: undefined };
      return field.kind === 'choice' ? { value: typed } : readText(field, typed);
    }
  }
}

function readMany(field: Extract<Field, { kind: 'many' }>, chosen: string[]): Read {
  const least = Math.max(field.min ?? 0, field.required ? 1 : 0);
  if (chosen.length === 0 && !field.required) return { value: undefined };
  if (chosen.length < least) return { problem: `Choose at least ${least}.` };
  if (field.max !== null && chosen.length > field.max) {
    return { problem: `Choose at most ${field.max}.` };
  }
  return { value: chosen };
}

function readNumber(field: Extract<Field, { kind: 'number' }>, typed: string): Read {
  if (typed === '') return field.required ? { problem: 'Needed.' } : { value: undefined };
  const value = Number(typed);
  if (!Number.isFinite(value)) return { problem: 'A number is needed.' };
  if (field.integer && !Number.isInteger(value)) return { problem: 'A whole number is needed.' };
  if (field.min !== null && value < field.min) return { problem: `At least ${field.min}.` };
  if (field.max !== null && value > field.max) return { problem: `At most ${field.max}.` };
  return { value };
}

function readText(field: Extract<Field, { kind: 'text' }>, typed: string): Read {
  // JSON Schema counts characters, not UTF-16 units.
  const { length } = Array.from(typed);
  if (field.min !== null && length < field.min) {
    return { problem: `At least ${field.min} characters.` };
  }
  if (field.max !== null && length > field.max) {
    return { problem: `At most ${field.max} characters.` };
  }
  if (field.pattern !== null && !matches(field.pattern, typed)) {
    return { problem: `It must match ${field.pattern}.` };
  }
  if (field.input === 'email' && !/^[^\s@]+@[^\s@]+$/.test(typed)) {
    return { problem: 'An e-mail address is needed.' };
  }
  if (field.input === 'url' && !URL.canParse(typed)) {
    return { problem: 'An address such as https://example.org is needed.' };
  }
  if (field.input !== 'datetime-local') return { value: typed };
  // The input gives local time without a zone; the schema's date-time has one (RFC 3339).
  const at = new Date(typed);
  return Number.isNaN(at.getTime())
    ? { problem: 'A date and a time are needed.' }
    : { value: at.toISOString() };
}

/** JSON Schema patterns are not anchored. One that this engine can't read is left to the agent. */
function matches(pattern: string, typed: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(typed);
  } catch {
    return true;
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
