import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDirectory, type DirectoryDelta } from './directory.ts';
import type { Row } from './row.ts';

function row(index: number, lastSeq: number): Row {
  return {
    id: `id${index}`,
    aliases: [`old${index}`],
    logId: `log${index}`,
    title: `Session ${index}`,
    agentId: 'demo',
    cwd: '/',
    status: 'idle',
    activeTurnId: null,
    openRequests: 0,
    queued: 0,
    lastSeq,
    endedSeq: 0,
    asks: [],
    lastEnd: null,
    readSeq: 0,
    pinned: false,
    archived: false,
    readMark: 0,
    draftRev: 0,
    createdAt: 0,
    updatedAt: 0,
  };
}

function apply(have: Map<string, Row>, delta: DirectoryDelta): void {
  if (delta.reset) have.clear();
  for (const logId of delta.removed) have.delete(logId);
  for (const next of delta.rows) have.set(next.logId, next);
}

test('[L6] a reader that reads now and then has what the directory has', () => {
  const step = fc.tuple(
    fc.constantFrom('upsert', 'remove', 'read', 'replace'),
    fc.nat(4),
    fc.nat(2),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const directory = createDirectory();
      const have = new Map<string, Row>();
      let version = 0;
      const read = (): void => {
        const delta = directory.since(version);
        apply(have, delta);
        version = delta.version;
      };
      for (const [kind, index, seq] of steps) {
        if (kind === 'upsert') directory.upsert(row(index, seq));
        if (kind === 'remove') directory.remove(`log${index}`);
        if (kind === 'replace') directory.replace([row(index, seq), row(index + 1, seq)]);
        if (kind === 'read') read();
      }
      read();
      const sorted = (rows: Iterable<Row>): Row[] =>
        [...rows].sort((a, b) => a.logId.localeCompare(b.logId));
      expect(sorted(have.values())).toEqual(sorted(directory.rows()));
    }),
    { numRuns: 300 },
  );
});

test('[O9] a row is found by its id and by earlier ones, until it is removed', () => {
  const directory = createDirectory();
  directory.upsert(row(1, 1));
  expect(directory.find('id1')?.logId).toBe('log1');
  expect(directory.find('old1')?.logId).toBe('log1');
  expect(directory.find('id2')).toBeUndefined();
  directory.remove('log1');
  expect(directory.find('id1')).toBeUndefined();
  expect(directory.find('old1')).toBeUndefined();
});

test('an upsert that changes nothing moves no version', () => {
  const directory = createDirectory();
  expect(directory.upsert(row(1, 1))).toBe(true);
  expect(directory.upsert(row(1, 1))).toBe(false);
  expect(directory.version).toBe(1);
  expect(directory.since(1).rows).toEqual([]);
});
