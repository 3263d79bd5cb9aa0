/** Acceptance of a store: the log, and what is written with it. */
import type { RowProjection } from '../../../shared/row.ts';
import { describe, expect, test } from 'vitest';
import { StoreConflict, StoreMissing, type Append, type Store } from '../store.ts';
import { append, entries, expectUntouched, newSession, settledTurn, stateAt } from './samples.ts';

/** Registers the tests; `subject` gives the empty store of the running one. */
export function logCases(subject: () => Store): void {
  describe('the log', () => {
    test('[L1] entries come back in order, after a seq, at most the limit', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      await store.append(append('log-a', 0, 3));
      await store.append(append('log-a', 3, 9));
      expect(await store.entriesAfter('log-a', 0, 100)).toEqual(entries(0, 12));
      expect(await store.entriesAfter('log-a', 2, 3)).toEqual(entries(2, 3));
      expect(await store.entriesAfter('log-a', 11, 3)).toEqual(entries(11, 1));
      expect(await store.entriesAfter('log-a', 12, 3)).toEqual([]);
      expect(await store.entriesAfter('log-a', 99, 3)).toEqual([]);
      expect(await store.entriesAfter('log-a', 0, 0)).toEqual([]);
      expect(await store.entriesAfter('unknown', 0, 3)).toEqual([]);
    });

    test('[L1] an append with a gap, a repeat, no entries or another seq in its row is refused whole', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      await store.append(append('log-a', 0, 2));
      const [third, fourth] = [entries(2, 1), entries(3, 1)];
      const wrong: Partial<Append>[] = [
        { entries: fourth },
        { entries: [...third, ...entries(4, 1)] },
        { entries: [...third, ...third] },
        { entries: [...fourth, ...third] },
        { entries: entries(1, 2) },
        { entries: [] },
        { row: append('log-a', 2, 3).row },
      ];
      for (const over of wrong) {
        await expect(store.append(append('log-a', 2, 2, over))).rejects.toThrow(/log-a after 2/);
      }
      await expectUntouched(store, 2);
    });

    test('[L1] the fence: a writer that knows another last seq writes nothing', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      await store.append(append('log-a', 0, 2));
      for (const after of [0, 1, 3, 4]) {
        const stale = append('log-a', after, 2, {
          keys: [{ key: 'k', turnId: 't' }],
          settled: [settledTurn(0)],
          checkpoint: stateAt('log-a', after + 2),
          rotateTo: 'a2',
        });
        await expect(store.append(stale)).rejects.toThrow(StoreConflict);
      }
      await expectUntouched(store, 2);
      await expect(store.append(append('unknown', 0))).rejects.toThrow(StoreMissing);
    });

    test('[L1] of two writers at the same place one wins, whole', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      const json = (text: string) => entries(0, 3).map(({ seq }) => ({ seq, json: text }));
      const both = await Promise.allSettled([
        store.append(append('log-a', 0, 3, { entries: json('first') })),
        store.append(append('log-a', 0, 3, { entries: json('second') })),
      ]);
      const lost = both.flatMap((result) => (result.status === 'rejected' ? [result] : []));
      expect(lost.map(({ reason }) => reason)).toEqual([expect.any(StoreConflict)]);
      const won = both[0]?.status === 'fulfilled' ? 'first' : 'second';
      expect(await store.entriesAfter('log-a', 0, 10)).toEqual(json(won));
    });

    test('[L1] [L2] appends that are under way together: one in conflict fails alone', async () => {
      const store = subject();
      const ids = ['a', 'b', 'c', 'd'];
      for (const id of ids) await store.createSession(newSession(id));
      await store.append(append('log-b', 0, 1, { keys: [{ key: 'k', turnId: 't' }] }));
      const results = await Promise.allSettled([
        store.append(append('log-a', 0, 2)),
        // What it writes before its conflict is found goes with it.
        store.append(append('log-b', 1, 2, { keys: [{ key: 'k', turnId: 't2' }] })),
        store.append(append('log-c', 7, 2)),
        store.append(append('log-x', 0, 2)),
        store.append(append('log-d', 0, 3, { rotateTo: 'a' })),
        store.append(append('log-d', 0, 3, { rotateTo: 'd2' })),
      ]);
      expect(results.map((one) => (one.status === 'fulfilled' ? 'ok' : one.reason))).toEqual([
        'ok',
        expect.any(StoreConflict),
        expect.any(StoreConflict),
        expect.any(StoreMissing),
        expect.any(StoreConflict),
        'ok',
      ]);
      expect(await store.entriesAfter('log-a', 0, 9)).toEqual(entries(0, 2));
      expect(await store.entriesAfter('log-b', 0, 9)).toEqual(entries(0, 1));
      expect(await store.entriesAfter('log-c', 0, 9)).toEqual([]);
      expect(await store.entriesAfter('log-d', 0, 9)).toEqual(entries(0, 3));
      expect(await store.session('ada', 'd2')).toMatchObject({ lastSeq: 3 });
      expect(await store.session('ada', 'b')).toMatchObject({ lastSeq: 1 });
    });

    test('[L1] writes that nobody waited for happen in the order in which they were asked for', async () => {
      const store = subject();
      for (const id of ['a', 'b']) await store.createSession(newSession(id));
      const writes = [
        store.append(append('log-a', 0, 2)),
        store.append(append('log-a', 2, 3)),
        store.patch('log-a', { draft: 'half' }),
        store.append(append('log-b', 0, 1, { rotateTo: 'c' })),
        store.createSession(newSession('d', { id: 'c' })),
        store.deleteSession('log-b'),
        store.append(append('log-a', 5, 1)),
        store.append(append('log-b', 1, 1)),
      ];
      const outcomes = await Promise.allSettled(writes);
      const refused = outcomes.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []));
      // The taken id, and the append to what was deleted before it.
      expect(refused).toEqual([4, 7]);
      expect(await store.entriesAfter('log-a', 0, 9)).toEqual(entries(0, 6));
      expect(await store.session('ada', 'a')).toMatchObject({ draft: 'half', lastSeq: 6 });
      expect(await store.session('ada', 'b')).toBeNull();
    });

    test('[L2] what was asked for before the store closed is written', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      const pending = store.append(append('log-a', 0, 2));
      await store.close();
      await expect(pending).resolves.toBeUndefined();
    });

    test('[L2] what an append committed is there when it resolves, its row with it', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      const row: RowProjection = {
        status: 'waiting',
        activeTurnId: 't1',
        openRequests: 2,
        queued: 3,
        lastSeq: 2,
        endedSeq: 1,
        asks: [{ requestId: 'r', kind: 'permission', title: 'rm "x"' }],
        lastEnd: { reason: 'failed', message: 'It’s gone.' },
      };
      await store.append(append('log-a', 0, 2, { row, updatedAt: 5 }));
      expect(await store.session('ada', 'a')).toMatchObject({ ...row, updatedAt: 5 });
      expect(await store.entriesAfter('log-a', 0, 10)).toEqual(entries(0, 2));
    });

    test('[L2] the bytes of an entry come back as they were, whatever they are', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      const texts = ['not json', '', '"\\ud800"', `{"a":"${'é🦜\0'.repeat(100_000)}"}`];
      const list = texts.map((json, index) => ({ seq: index + 1, json }));
      await store.append(append('log-a', 0, list.length, { entries: list }));
      expect(await store.entriesAfter('log-a', 0, 10)).toEqual(list);
    });

    test('what goes in and comes out is a copy', async () => {
      const store = subject();
      const session = newSession('a');
      const record = await store.createSession(session);
      const step = append('log-a', 0, 1, {
        settled: [settledTurn(0)],
        checkpoint: stateAt('log-a', 1),
      });
      await store.append(step);
      session.title = record.title = 'changed';
      record.aliases.push('changed');
      step.row.status = 'running';
      for (const object of [step, ...(await readAll())]) wipe(object);
      const [found, list, turns, checkpoint] = await readAll();
      expect(found).toMatchObject({ title: 'Session a', aliases: [], status: 'idle' });
      expect(list).toEqual(entries(0, 1));
      expect(turns).toEqual([settledTurn(0)]);
      expect(checkpoint).toEqual(stateAt('log-a', 1));

      function readAll() {
        return Promise.all([
          store.session('ada', 'a'),
          store.entriesAfter('log-a', 0, 9),
          store.turns('log-a', null, 9),
          store.checkpoint('log-a'),
        ]);
      }
    });

    test('a limit that is no count is refused', async () => {
      const store = subject();
      for (const limit of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        await expect(store.entriesAfter('log-a', 0, limit)).rejects.toThrow(RangeError);
        await expect(store.turns('log-a', null, limit)).rejects.toThrow(RangeError);
      }
    });
  });

  describe('prompt keys', () => {
    test('[L9] a key gives the turn it gave first', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      await store.createSession(newSession('b'));
      const keys = [
        { key: 'k1', turnId: 't1' },
        { key: 'k2', turnId: 't2' },
      ];
      await store.append(append('log-a', 0, 1, { keys }));
      expect(await store.turnByKey('log-a', 'k1')).toBe('t1');
      expect(await store.turnByKey('log-a', 'k2')).toBe('t2');
      expect(await store.turnByKey('log-a', 'k3')).toBeNull();
      expect(await store.turnByKey('log-b', 'k1')).toBeNull();
      await store.append(append('log-b', 0, 1, { keys: [{ key: 'k1', turnId: 'other' }] }));
      expect(await store.turnByKey('log-a', 'k1')).toBe('t1');
      expect(await store.turnByKey('log-b', 'k1')).toBe('other');
    });

    test('[L9] a key that is known is a conflict, and nothing of that append is written', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      await store.append(append('log-a', 0, 2, { keys: [{ key: 'k1', turnId: 't1' }] }));
      for (const repeated of ['k1', 'k2']) {
        const keys = ['k2', repeated].map((key) => ({ key, turnId: 't2' }));
        await expect(store.append(append('log-a', 2, 1, { keys }))).rejects.toThrow(StoreConflict);
      }
      expect(await store.turnByKey('log-a', 'k1')).toBe('t1');
      expect(await store.turnByKey('log-a', 'k2')).toBeNull();
      expect(await store.entriesAfter('log-a', 0, 10)).toEqual(entries(0, 2));
    });
  });

  describe('settled turns', () => {
    test('[L8] are paged backwards, each page oldest first', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      for (let seq = 1; seq <= 7; seq += 1) {
        const settled = [settledTurn(seq - 1)];
        const checkpoint = stateAt('log-a', seq, seq);
        await store.append(append('log-a', seq - 1, 1, { settled, checkpoint }));
      }
      const ordinals = async (before: number | null, limit: number) =>
        (await store.turns('log-a', before, limit)).map(({ ordinal }) => ordinal);
      expect(await ordinals(null, 3)).toEqual([4, 5, 6]);
      expect(await ordinals(4, 3)).toEqual([1, 2, 3]);
      expect(await ordinals(1, 3)).toEqual([0]);
      expect(await ordinals(0, 3)).toEqual([]);
      expect(await ordinals(null, 0)).toEqual([]);
      expect(await ordinals(99, 99)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(await store.turns('unknown', null, 3)).toEqual([]);
    });

    test('[L8] are immutable: the same ordinal again is a conflict, and nothing is written', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      const step = { settled: [settledTurn(0)], checkpoint: stateAt('log-a', 1) };
      await store.append(append('log-a', 0, 1, step));
      const again = { settled: [settledTurn(0, 'x')], checkpoint: stateAt('log-a', 2, 9) };
      await expect(store.append(append('log-a', 1, 1, again))).rejects.toThrow(StoreConflict);
      expect(await store.turns('log-a', null, 9)).toEqual([settledTurn(0)]);
      expect(await store.checkpoint('log-a')).toEqual(stateAt('log-a', 1));
    });

    test('[L8] the last checkpoint is kept, without its turns', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      expect(await store.checkpoint('log-a')).toBeNull();
      for (const seq of [1, 2]) {
        const settled = [settledTurn(seq - 1)];
        const checkpoint = { ...stateAt('log-a', seq, seq), turns: settled };
        await store.append(append('log-a', seq - 1, 1, { settled, checkpoint }));
      }
      await store.append(append('log-a', 2, 1));
      expect(await store.checkpoint('log-a')).toEqual(stateAt('log-a', 2, 2));
      expect(await store.checkpoint('unknown')).toBeNull();
    });

    test('[L8] an append whose checkpoint does not fit is refused whole', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      await store.append(append('log-a', 0, 2));
      const settled = [settledTurn(0)];
      const wrong: Partial<Append>[] = [
        { settled, checkpoint: null },
        { settled, checkpoint: stateAt('log-a', 2) },
        { settled, checkpoint: stateAt('log-b', 3) },
        { settled: [{ ...settledTurn(0), end: null }], checkpoint: stateAt('log-a', 3) },
      ];
      for (const over of wrong) {
        await expect(store.append(append('log-a', 2, 1, over))).rejects.toThrow(/log-a after 2/);
      }
      await expectUntouched(store, 2);
    });
  });
}

/** Empties an object and all that it holds. */
function wipe(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    wipe(inner);
    Reflect.deleteProperty(value, key);
  }
}
