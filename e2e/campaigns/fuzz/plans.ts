/** What a fuzz does, decided by its seed alone; names of sessions, turns and requests are put in when it is done. */
import fc from 'fast-check';
import { z } from 'zod';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';
import { faulty, fitting, HOSTILE_TEXTS, hostileValue } from './values.ts';

export type Mode = 'valid' | 'faulty' | 'hostile';

/** Whose name stands in the path: an own one, another principal's, or one that nobody has. */
export type NameKind = 'own' | 'foreign' | 'none';

export interface Name {
  kind: NameKind;
  /** Which of them. */
  pick: number;
  /** For `none`. */
  text: string;
}

export interface Plan {
  endpoint: Endpoint;
  mode: Mode;
  /** Index of the principal. */
  who: number;
  id: Name;
  inner: Name;
  query: readonly (readonly [string, string])[];
  /** The body as it is sent; null: none. */
  body: string | Uint8Array | null;
  headers: Readonly<Record<string, string>>;
  /** In place of the endpoint's method. */
  method: string;
}

const MARKERS = ['marker-of-ada-7f3a', 'marker-of-bob-91cc'] as const;
/** In every text that a principal writes. */
export const markerOf = (who: number): string => MARKERS[who] ?? '';
export const PRINCIPALS = MARKERS.length;

/** What the demo agent is told to do: live turns of all kinds, short ones. */
const PROMPTS = [
  '/count 30 300',
  '/permission',
  '/question',
  '/tool',
  '/plan',
  '/markdown 1',
  '/think',
  '/fail',
  '/compact',
  '/slow 1',
];

/** What fits the demo agent's requests, and any question. */
const ANSWERS = [
  { outcome: { outcome: 'selected', optionId: 'allow-once' } },
  { outcome: { action: 'decline' } },
  { outcome: { action: 'cancel' } },
];

const name = (mode: Mode): fc.Arbitrary<Name> =>
  fc.record({
    kind:
      mode === 'valid'
        ? fc.constant<NameKind>('own')
        : fc.constantFrom<NameKind>('own', 'own', 'foreign', 'foreign', 'none'),
    pick: fc.nat(1000),
    text: fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS.filter((text) => text !== '')),
      fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
    ),
  });

const names = { valid: name('valid'), faulty: name('faulty'), hostile: name('hostile') };

const isBodyOf = ({ method }: Endpoint): boolean => method === 'POST' || method === 'PATCH';

/** One for each endpoint, mode and principal: making them costs more than what they make. */
const bodies = memo(body);
const queries = memo(query);

type Made<T> = (endpoint: Endpoint, mode: Mode, who: number) => fc.Arbitrary<T>;
function memo<T>(make: Made<T>): Made<T> {
  const made = new Map<string, fc.Arbitrary<T>>();
  return (endpoint, mode, who) => {
    const key = `${endpoint.method} ${endpoint.path} ${mode} ${who}`;
    const found = made.get(key) ?? make(endpoint, mode, who);
    made.set(key, found);
    return found;
  };
}

function body(endpoint: Endpoint, mode: Mode, who: number): fc.Arbitrary<Plan['body']> {
  const { body: schema, path } = endpoint;
  if (!isBodyOf(endpoint)) return fc.constant(null);
  const fits =
    schema === undefined
      ? fc.constant(undefined)
      : path.endsWith('/turns')
        ? fc.oneof(prompt(who), fitting(schema, markerOf(who)))
        : path.endsWith('/:requestId')
          ? fc.oneof(fc.constantFrom(...ANSWERS), fitting(schema, markerOf(who)))
          : path === '/api/sessions'
            ? // Which agents and folders there are no schema tells.
              fitting(z.object({ title: z.string().max(200) }), markerOf(who))
            : fitting(schema, markerOf(who));
  const json = (value: unknown): string | null => JSON.stringify(value) ?? null;
  switch (mode) {
    case 'valid':
      return fits.map(json);
    case 'faulty':
      return schema === undefined
        ? hostileValue.map(json)
        : fc.oneof(faulty(fitting(schema, markerOf(who))), faulty(fits)).map(json);
    case 'hostile':
      return fc.oneof(
        hostileValue.map(json),
        fc.string({ unit: 'binary' }),
        fc.uint8Array({ maxLength: 200 }),
        // As text: an object of JavaScript can't hold what JSON can.
        fc.constantFrom(
          '{"__proto__":{"title":"x"},"title":"x"}',
          '{"title":"a","title":"b"}',
          '{"constructor":{"prototype":{"polluted":true}}}',
          `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
          `{"title":"${'x'.repeat(100_000)}"}`,
          '{"readSeq":1e999}',
          '{"readSeq":00}',
          '\ufeff{}',
          'null',
          '[]',
          '""',
        ),
      );
  }
}

const prompt = (who: number): fc.Arbitrary<unknown> =>
  fc.record({
    prompt: fc.oneof(
      fc.constantFrom(...PROMPTS),
      fc.constantFrom(`/title ${markerOf(who)}`, `${markerOf(who)} says hello`),
    ),
    key: fc.uuid().map((id) => `${markerOf(who)} ${id}`),
    mode: fc.constantFrom('queue', 'queue', 'interrupt'),
  });

function query({ query: schema }: Endpoint, mode: Mode, who: number): fc.Arbitrary<Plan['query']> {
  if (schema === undefined && mode === 'valid') return fc.constant([]);
  const fits = schema === undefined ? fc.constant({}) : fitting(schema, markerOf(who));
  const asText = (value: unknown): Plan['query'] =>
    Object.entries((value ?? {}) as object).map(([key, one]) => [
      key,
      typeof one === 'string' ? one : (JSON.stringify(one) ?? ''),
    ]);
  return (mode === 'valid' ? fits : fc.oneof(faulty(fits), hostileValue)).map((value) =>
    typeof value === 'object' ? asText(value) : [],
  );
}

const HOSTILE_HEADERS = fc.constantFrom<Record<string, string>[]>(
  {},
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/json; charset=utf-7' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-encoding': 'gzip' },
  { 'last-event-id': '__proto__:1' },
  { 'last-event-id': 'x:99999999999999999999' },
  { 'x-forwarded-host': 'evil.example', 'x-forwarded-for': '::1', 'x-http-method-override': 'PUT' },
  { range: 'bytes=0-1', 'if-none-match': '*' },
  { accept: 'text/html', 'accept-encoding': 'identity;q=0, *;q=0' },
);

const METHODS = ['PUT', 'OPTIONS', 'HEAD', 'GET', 'POST', 'PATCH', 'DELETE'];

const plan: fc.Arbitrary<Plan> = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...ENDPOINTS) },
      // More sessions and turns, or there would be nothing to meet.
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          ...ENDPOINTS.filter(({ path }) => /(turns|sessions)$/.test(path)),
        ),
      },
    ),
    fc.constantFrom<Mode>('valid', 'valid', 'faulty', 'hostile'),
    fc.nat(PRINCIPALS - 1),
  )
  .chain(([endpoint, mode, who]) =>
    fc.record({
      endpoint: fc.constant(endpoint),
      mode: fc.constant(mode),
      who: fc.constant(who),
      id: names[mode],
      inner: names[mode],
      query: queries(endpoint, mode, who),
      body: bodies(endpoint, mode, who),
      headers: mode === 'hostile' ? HOSTILE_HEADERS : fc.constant({}),
      method:
        mode === 'hostile'
          ? fc.oneof(
              { weight: 5, arbitrary: fc.constant<string>(endpoint.method) },
              { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
            )
          : fc.constant<string>(endpoint.method),
    }),
  );

const AT_ONCE = 200;

/** The same plans for the same seed. */
export function* plansOf(seed: number, count: number): Generator<Plan> {
  for (let made = 0; made < count; made += AT_ONCE) {
    const numRuns = Math.min(AT_ONCE, count - made);
    yield* fc.sample(plan, { seed: seed + made, numRuns });
  }
}
