/** Acceptance of a store: sessions, their names and who may see them. */
import { describe, expect, test } from 'vitest';
import { StoreConflict, StoreMissing, type Store } from '../store.ts';
import { append, entries, expectUntouched, newSession, settledTurn, stateAt } from './samples.ts';

/** Registers the tests; `subject` gives the empty store of the running one. */
export function sessionCases(subject: () => Store): void {
  describe('sessions', () => {
    test('a new session is idle, empty and unflagged', async () => {
      const store = subject();
      const session = newSession('a', { title: 'Hello', titleSource: 'user' });
      const expected = {
        ...session,
        aliases: [],
        agentSessionId: null,
        pinned: false,
        archived: false,
        readSeq: 0,
        readMark: 0,
        draft: '',
        draftRev: 0,
        draftFork: 0,
        updatedAt: session.createdAt,
        status: 'idle',
        activeTurnId: null,
        openRequests: 0,
        queued: 0,
        lastSeq: 0,
        endedSeq: 0,
        asks: [],
        lastEnd: null,
      };
      expect(await store.createSession(session)).toEqual(expected);
      expect(await store.session('ada', 'a')).toEqual(expected);
      expect(await store.sessions('ada')).toEqual([expected]);
    });

    test('a taken id or log is a conflict, and changes nothing', async () => {
      const store = subject();
      const first = await store.createSession(newSession('a'));
      const sameId = newSession('a', { logId: 'other', owner: 'bob', title: 'x' });
      await expect(store.createSession(sameId)).rejects.toThrow(StoreConflict);
      const sameLog = newSession('b', { logId: 'log-a', owner: 'bob', title: 'x' });
      await expect(store.createSession(sameLog)).rejects.toThrow(StoreConflict);
      expect(await store.sessions('ada')).toEqual([first]);
      expect(await store.sessions('bob')).toEqual([]);
      await expect(store.append(append('other', 0))).rejects.toThrow(StoreMissing);
      await store.createSession(newSession('b'));
    });

    test("[A1] another principal's session looks like an unknown one, by id and by alias", async () => {
      const store = subject();
      const own = await store.createSession(newSession('a'));
      await store.createSession(newSession('b', { owner: 'bob' }));
      await store.append(append('log-b', 0, 1, { rotateTo: 'b2' }));
      expect(await store.session('ada', 'b')).toBeNull();
      expect(await store.session('ada', 'b2')).toBeNull();
      expect(await store.session('ada', 'unknown')).toBeNull();
      expect(await store.sessions('ada')).toEqual([own]);
      expect(await store.sessions('nobody')).toEqual([]);
      expect((await store.session('bob', 'b2'))?.logId).toBe('log-b');
    });

    test('a patch sets what it names, and nothing else', async () => {
      const store = subject();
      const before = await store.createSession(newSession('a'));
      const patch = {
        title: 'New',
        titleSource: 'user',
        pinned: true,
        archived: true,
        readSeq: 7,
        readMark: 3,
        draft: 'half a \0 message 🦜',
        draftRev: 9,
        draftFork: 8,
        agentSessionId: 'agent-1',
        updatedAt: 2 ** 45,
      } as const;
      expect(await store.patch('log-a', patch)).toEqual({ ...before, ...patch });
      const after = { ...before, ...patch, pinned: false, agentSessionId: null };
      expect(await store.patch('log-a', { pinned: false, agentSessionId: null })).toEqual(after);
      expect(await store.patch('log-a', {})).toEqual(after);
      expect(await store.session('ada', 'a')).toEqual(after);
      await expect(store.patch('unknown', patch)).rejects.toThrow(StoreMissing);
    });

    test('a deleted session leaves nothing, and its names and log are free again', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      const full = {
        keys: [{ key: 'k', turnId: 't' }],
        settled: [settledTurn(0)],
        checkpoint: stateAt('log-a', 2),
        rotateTo: 'a2',
      };
      await store.append(append('log-a', 0, 2, full));
      const kept = await store.createSession(newSession('b'));
      await store.append(append('log-b', 0, 1));
      await store.deleteSession('log-a');
      await store.deleteSession('log-a');
      await store.deleteSession('unknown');

      expect((await store.sessions('ada')).map(({ logId }) => logId)).toEqual([kept.logId]);
      await expect(store.append(append('log-a', 2))).rejects.toThrow(StoreMissing);
      await expect(store.patch('log-a', {})).rejects.toThrow(StoreMissing);
      await store.createSession(newSession('a2', { logId: 'log-x' }));
      await store.createSession(newSession('a'));
      expect(await store.entriesAfter('log-a', 0, 10)).toEqual([]);
      expect(await store.checkpoint('log-a')).toBeNull();
      expect(await store.turns('log-a', null, 10)).toEqual([]);
      expect(await store.turnByKey('log-a', 'k')).toBeNull();
      expect(await store.entriesAfter('log-b', 0, 10)).toEqual(entries(0, 1));
    });

    test('[L10] unsettled: what runs, waits, cancels or has a queue, of every principal', async () => {
      const store = subject();
      const row = {
        activeTurnId: null,
        openRequests: 0,
        asks: [],
        queued: 0,
        lastSeq: 1,
        endedSeq: 0,
        lastEnd: null,
      };
      const states = {
        idle: { ...row, status: 'idle' },
        running: { ...row, status: 'running', activeTurnId: 't' },
        waiting: { ...row, status: 'waiting', activeTurnId: 't', openRequests: 1 },
        cancelling: { ...row, status: 'cancelling', activeTurnId: 't' },
        queued: { ...row, status: 'idle', queued: 2 },
      } as const;
      for (const [id, row] of Object.entries(states)) {
        await store.createSession(newSession(id, { owner: `owner of ${id}` }));
        await store.append(append(`log-${id}`, 0, 1, { row }));
      }
      const found = await store.unsettled();
      expect(found.map(({ id }) => id).sort()).toEqual([
        'cancelling',
        'queued',
        'running',
        'waiting',
      ]);
      expect(found.find(({ id }) => id === 'waiting')).toMatchObject(states.waiting);
    });
  });

  describe('rotation', () => {
    test('[O9] every earlier id stays an alias, oldest first', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      await store.append(append('log-a', 0, 1, { rotateTo: 'z' }));
      await store.append(append('log-a', 1, 1, { rotateTo: 'b' }));
      const record = await store.session('ada', 'a');
      expect(record).toMatchObject({ id: 'b', aliases: ['a', 'z'], logId: 'log-a', lastSeq: 2 });
      expect(await store.session('ada', 'z')).toEqual(record);
      expect(await store.session('ada', 'b')).toEqual(record);
      expect(await store.sessions('ada')).toEqual([record]);
    });

    test('[O9] canonical ids and aliases are one namespace, and a taken one writes nothing', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      await store.createSession(newSession('b'));
      await store.append(append('log-b', 0, 1, { rotateTo: 'b2' }));
      await expect(store.createSession(newSession('x', { id: 'b' }))).rejects.toThrow(
        StoreConflict,
      );
      for (const rotateTo of ['a', 'b', 'b2']) {
        await expect(store.append(append('log-a', 0, 1, { rotateTo }))).rejects.toThrow(
          StoreConflict,
        );
      }
      await expectUntouched(store, 0);
      await expect(store.append(append('log-b', 1, 1, { rotateTo: 'b' }))).rejects.toThrow(
        StoreConflict,
      );
      expect(await store.session('ada', 'b')).toMatchObject({ id: 'b2', aliases: ['b'] });
    });
  });
}
