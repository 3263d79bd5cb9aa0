/** Random steps on a store, and their interpreter on a store and its model at once. */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { unreachable } from '../../../shared/errors.ts';
import { StoreConflict, StoreMissing, type RecordPatch, type Store } from '../store.ts';
import { append, byLog, entries, newSession, settledTurn, stateAt } from './samples.ts';
import type { Outcome, StoreModel } from './store-model.ts';

/** Small pools, so that steps meet: the same logs, ids and keys come up again and again. */
const LOGS = ['log-0', 'log-1', 'log-2'];
const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const KEYS = ['k0', 'k1', 'k2', 'k3', 'k4', 'k5'];
const OWNERS = ['ada', 'bob'];

const text = fc.string({ unit: 'binary', maxLength: 8 });
const whole = fc.integer({ min: 0, max: 2 ** 40 });

const patch: fc.Arbitrary<RecordPatch> = fc.record(
  {
    title: text,
    titleSource: fc.constantFrom('none' as const, 'prompt' as const, 'agent' as const),
    pinned: fc.boolean(),
    archived: fc.boolean(),
    readSeq: whole,
    readMark: whole,
    draft: text,
    draftRev: whole,
    draftFork: whole,
    agentSessionId: fc.option(text),
    updatedAt: whole,
  },
  { requiredKeys: [] },
);

const row = fc.record({
  status: fc.constantFrom('idle' as const, 'running' as const, 'waiting' as const),
  activeTurnId: fc.option(text),
  openRequests: fc.nat(3),
  queued: fc.nat(3),
  endedSeq: whole,
  asks: fc.array(
    fc.record({
      requestId: text,
      kind: fc.constantFrom('permission' as const, 'question' as const),
      title: text,
    }),
    { maxLength: 2 },
  ),
  lastEnd: fc.option(fc.record({ reason: fc.constant('failed' as const), message: text })),
});

const appendStep = fc.record({
  kind: fc.constant('append' as const),
  logId: fc.constantFrom(...LOGS),
  /** Added to the right fence. */
  off: fc.oneof(
    { weight: 8, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(-1, 1, 2) },
  ),
  count: fc.integer({ min: 1, max: 4 }),
  gap: fc.oneof(
    { weight: 12, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  json: text,
  row,
  updatedAt: whole,
  keys: fc.array(fc.constantFrom(...KEYS), { maxLength: 2 }),
  settled: fc.array(
    fc.record({
      /** How far from the next free ordinal: below 0 it is taken. */
      skip: fc.constantFrom(0, 0, 0, 0, 0, 1, -1),
      text,
    }),
    { maxLength: 2 },
  ),
  rotateTo: fc.option(fc.constantFrom(...IDS), { freq: 4 }),
});

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('create' as const),
      logId: fc.constantFrom(...LOGS),
      id: fc.constantFrom(...IDS),
      owner: fc.constantFrom(...OWNERS),
      title: text,
    }),
  },
  { weight: 10, arbitrary: appendStep },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('together' as const),
      appends: fc.array(appendStep, { minLength: 2, maxLength: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('patch' as const),
      logId: fc.constantFrom(...LOGS),
      patch,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      logId: fc.constantFrom(...LOGS),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
);

export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
export const steps = fc.array(step, { minLength: 1, maxLength: 40 });

/**
 * Takes one step on both and compares what came of it.
 * @returns the store's outcome; a `reopen` is the caller's
 */
export async function take(
  step: Exclude<Step, { kind: 'reopen' }>,
  store: Store,
  model: StoreModel,
): Promise<Outcome> {
  if (step.kind === 'together') return takeTogether(step.appends, store, model);
  const [expected, got] = await both(step, store, model);
  expect(got).toBe(expected);
  return got;
}

/** Appends of several logs, or of one, that are under way at the same time. @returns the first outcome that is not 'ok', if any */
async function takeTogether(
  appends: Extract<Step, { kind: 'together' }>['appends'],
  store: Store,
  model: StoreModel,
): Promise<Outcome> {
  const expected: Outcome[] = [];
  const results = appends.map((one) => {
    const next = toAppend(one, model);
    expected.push(model.append(next));
    return outcome(store.append(next));
  });
  const got = await Promise.all(results);
  expect(got).toEqual(expected);
  return got.find((one) => one !== 'ok') ?? 'ok';
}

async function both(
  step: Exclude<Step, { kind: 'reopen' | 'together' }>,
  store: Store,
  model: StoreModel,
): Promise<[Outcome, Outcome]> {
  switch (step.kind) {
    case 'create': {
      const { id, logId, owner, title } = step;
      const session = newSession(id, { logId, owner, title });
      return [model.create(session), await outcome(store.createSession(session))];
    }
    case 'patch':
      return [
        model.patch(step.logId, step.patch),
        await outcome(store.patch(step.logId, step.patch)),
      ];
    case 'delete':
      model.deleteSession(step.logId);
      return ['ok', await outcome(store.deleteSession(step.logId))];
    case 'append': {
      const next = toAppend(step, model);
      return [model.append(next), await outcome(store.append(next))];
    }
    default:
      return unreachable(step);
  }
}

function toAppend(step: Extract<Step, { kind: 'append' }>, model: StoreModel) {
  const { logId, count, row, updatedAt, rotateTo } = step;
  const after = Math.max(0, model.lastSeq(logId) + step.off);
  const next = (model.turns(logId).at(-1)?.ordinal ?? -1) + 1;
  const settled = step.settled.map(({ skip, text }, index) =>
    settledTurn(Math.max(0, next + index + skip), text),
  );
  const list = entries(after, count).map(({ seq }) => ({ seq, json: step.json }));
  const last = list.at(-1);
  if (step.gap && last !== undefined) last.seq += 1;
  return append(logId, after, count, {
    entries: list,
    row: { ...row, lastSeq: after + count },
    updatedAt,
    keys: step.keys.map((key, index) => ({ key, turnId: `turn-${after}-${index}` })),
    settled,
    checkpoint:
      settled.length === 0
        ? null
        : { ...stateAt(logId, after + count, next), turns: [settledTurn(next)] },
    rotateTo,
  });
}

async function outcome(result: Promise<unknown>): Promise<Outcome> {
  try {
    await result;
    return 'ok';
  } catch (error) {
    if (error instanceof StoreConflict) return 'conflict';
    if (error instanceof StoreMissing) return 'missing';
    return 'error';
  }
}

/** Compares all that can be read. */
export async function compare(store: Store, model: StoreModel): Promise<void> {
  const records = byLog(model.records());
  for (const owner of OWNERS) {
    const own = records.filter((record) => record.owner === owner);
    expect(byLog(await store.sessions(owner))).toEqual(own);
    for (const id of IDS) {
      const named = own.find((record) => record.id === id || record.aliases.includes(id));
      expect(await store.session(owner, id)).toEqual(named ?? null);
    }
  }
  expect(byLog(await store.unsettled())).toEqual(
    records.filter(({ status, queued }) => status !== 'idle' || queued > 0),
  );
  for (const logId of LOGS) await compareLog(logId, store, model);
}

async function compareLog(logId: string, store: Store, model: StoreModel): Promise<void> {
  const all = model.entries(logId);
  expect(await store.entriesAfter(logId, 0, 1000)).toEqual(all);
  const middle = Math.floor(all.length / 2);
  expect(await store.entriesAfter(logId, middle, 3)).toEqual(all.slice(middle, middle + 3));
  expect(await store.checkpoint(logId)).toEqual(model.checkpoint(logId));
  const turns = model.turns(logId);
  expect(await store.turns(logId, null, 1000)).toEqual(turns);
  const before = Math.floor(turns.length / 2);
  expect(await store.turns(logId, before, 2)).toEqual(
    turns.filter(({ ordinal }) => ordinal < before).slice(-2),
  );
  for (const key of KEYS) {
    const known = model.keys(logId).find((entry) => entry.key === key)?.turnId;
    expect(await store.turnByKey(logId, key)).toBe(known ?? null);
  }
}
