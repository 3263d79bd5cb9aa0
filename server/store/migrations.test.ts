/** A database of every earlier schema, opened by this build. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { foldEvents } from '../../shared/reducer.ts';
import { emptyState } from '../../shared/state.ts';
import { createWorld, OWNER, readAll } from '../sessions/testing/world.ts';
import { MIGRATIONS } from './schema.ts';
import { openSqliteStore } from './sqlite.ts';
import { fillOldDatabase, type OldSession } from './testing/old-database.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabcast-migrations-'));
  file = join(folder, 'tabcast.sqlite');
});
afterEach(() => rm(folder, { recursive: true }));

function raw<T>(work: (db: Database.Database) => T): T {
  const db = new Database(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

const shape = (): unknown =>
  raw((db) =>
    db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all(),
  );

const versions = MIGRATIONS.map((_, index) => index + 1);

describe.each(versions)('from schema version %i', (version) => {
  let old: Record<string, OldSession>;
  beforeEach(() => {
    old = Object.fromEntries(raw((db) => fillOldDatabase(db, version)).map((one) => [one.id, one]));
    expect(raw((db) => db.pragma('user_version', { simple: true }))).toBe(version);
  });

  test('every row reads as it was', async () => {
    const store = openSqliteStore({ file });
    for (const { id, logId, events, state } of Object.values(old)) {
      const record = await store.session(OWNER, id);
      expect(record).toMatchObject({
        logId,
        title: `Título ${id}`,
        titleSource: 'user',
        agentSessionId: `agent-${id}`,
        pinned: true,
        archived: false,
        readSeq: 2,
        draft: `half of ${id}`,
        lastSeq: events.length,
        endedSeq: state.endedSeq,
        createdAt: 1000,
        updatedAt: 2000,
        ...(version >= 4 ? { readMark: 3, draftRev: 5, draftFork: 4 } : { draftRev: 1 }),
      });
      const entries = await store.entriesAfter(logId, 0, 1_000);
      expect(entries.map(({ json }) => JSON.parse(json) as unknown)).toEqual(events);
      const turns = await store.turns(logId, null, 100);
      expect(turns).toHaveLength(state.turns.length);
      expect(state.turns).toMatchObject(turns);
      for (const event of events) {
        if (event.type !== 'turn.queued') continue;
        expect(await store.turnByKey(logId, event.key)).toBe(event.turnId);
      }
    }
    expect(await store.session(OWNER, 'busy-2')).toMatchObject({
      id: 'busy-3',
      aliases: ['busy', 'busy-2'],
      status: 'waiting',
      activeTurnId: 'turn-three',
      openRequests: 1,
      queued: 1,
      ...(version >= 2
        ? { asks: [{ requestId: 'ask' }], lastEnd: { reason: 'end_turn' } }
        : { asks: [], lastEnd: null }),
    });
    expect((await store.unsettled()).map(({ logId }) => logId)).toEqual(['log-busy']);
    await store.close();
  });

  test('[L11] everything is found', async () => {
    const store = openSqliteStore({ file });
    expect(await store.search(OWNER, 'cafe lisbon', 5)).toMatchObject([
      { sessionId: 'busy-3', logId: 'log-busy', turnId: 'turn-one', ordinal: 0 },
    ]);
    const titles = await store.search(OWNER, 'titulo', 9);
    expect(titles.map(({ logId }) => logId).toSorted()).toEqual([
      'log-busy',
      'log-fresh',
      'log-quiet',
    ]);
    await store.close();
  });

  test('[L10] [L6] it boots: readers get the log as it was, what ran is interrupted, and sessions go on', async () => {
    const world = await createWorld(openSqliteStore({ file }), 0, { roots: ['/'] });
    const busy = await world.service.open(OWNER, 'busy');
    const events = await readAll(busy.feed);
    const before = old['busy']?.events ?? [];
    expect(events.slice(0, before.length)).toEqual(before);
    expect(events.slice(before.length)).toMatchObject([
      { type: 'request.resolved', requestId: 'ask' },
      { type: 'turn.ended', turnId: 'turn-three', reason: 'interrupted' },
    ]);
    const { state } = busy.view();
    // A turn that was settled by an older build lacks what turns did not have then.
    expect(foldEvents(emptyState('log-busy'), events)).toMatchObject(state);
    expect(state.queue).toMatchObject([{ turnId: 'turn-four', held: true }]);

    const quiet = await world.service.open(OWNER, 'quiet');
    expect(quiet.draft().text).toBe('half of quiet');
    await quiet.prompt({
      prompt: [{ type: 'text', text: 'Still there?' }],
      key: 'new',
      mode: 'queue',
    });
    await vi.waitFor(() => expect(world.host.prompts).toHaveLength(1));
    expect(world.host.opened[0]?.agentSessionId).toBe('agent-quiet');
    world.host.prompts[0]?.say('Of course');
    world.host.prompts[0]?.end();
    await vi.waitFor(() => expect(quiet.row()).toMatchObject({ status: 'idle', queued: 0 }));
    expect(await world.service.search(OWNER, 'of course', 5)).toHaveLength(1);
    await world.service.close();
    await world.store.close();
  });

  test('the file ends up as a new one does, whole', async () => {
    await openSqliteStore({ file }).close();
    expect(raw((db) => db.pragma('integrity_check', { simple: true }))).toBe('ok');
    expect(raw((db) => db.pragma('foreign_key_check'))).toEqual([]);
    const upgraded = shape();
    await rm(file);
    await openSqliteStore({ file }).close();
    expect(upgraded).toEqual(shape());
  });
});
