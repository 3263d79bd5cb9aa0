/** What leaves with time: the events of settled turns from the store, sessions that nobody uses from memory. */
import { describe, expect, test, vi } from 'vitest';
import { foldEvents } from '../../shared/reducer.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';
import { AGENT_REST_MS, mayRest, REST_MS } from './resting.ts';
import type { SessionHandle } from './service.ts';
import type { FakePrompt } from './testing/fake-host.ts';
import { COMPACT_AFTER_MS, createWorld, OWNER, readAll, type World } from './testing/world.ts';

let keys = 0;
async function begin(world: World, session: SessionHandle): Promise<FakePrompt> {
  const before = world.host.prompts.length;
  const key = `key${(keys += 1)}`;
  await session.prompt({ prompt: [{ type: 'text', text: 'hello' }], key, mode: 'queue' });
  await vi.waitFor(() => expect(world.host.prompts).toHaveLength(before + 1));
  return world.host.prompts[before] as FakePrompt;
}

async function runTurn(world: World, session: SessionHandle, words: string): Promise<void> {
  const agent = await begin(world, session);
  agent.say(words);
  agent.end();
  await vi.waitFor(() => expect(session.row().status).toBe('idle'));
}

/** Both clocks, in steps small enough for pauses between pieces. */
async function pass({ timers, chores }: World, ms: number): Promise<void> {
  timers.advance(ms);
  chores.advance(ms);
  for (let n = 0; n < 20; n += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    chores.advance(5);
  }
}

describe('compaction', () => {
  test('[L8] [L4] a minute after its end a turn’s events are gone, the turn is not, and a reader inside is told', async () => {
    const world = await createWorld();
    const session = await world.create();
    await runTurn(world, session, 'first');
    const { logId, lastSeq } = session.feed;
    const whole = session.view().state;
    await pass(world, COMPACT_AFTER_MS - 1000);
    expect(await world.store.entriesAfter(logId, 0, 1)).toHaveLength(1);
    expect(session.feed.refuses(logId, 0)).toBeNull();
    await pass(world, 2000);
    expect(await world.store.entriesAfter(logId, 0, 1)).toEqual([]);
    expect(session.feed.refuses(logId, 0)).toBe('compacted');
    expect(session.feed.refuses(logId, lastSeq - 1)).toBe('compacted');
    expect(session.feed.refuses(logId, lastSeq)).toBeNull();
    expect(session.view().state).toEqual(whole);
    expect((await session.turns(null, 5)).turns).toEqual(whole.turns);
  });

  test('[L8] [L6] nothing that a live turn or a queue needs goes: what is loaded again is the same', async () => {
    const world = await createWorld(openSqliteStore({ file: ':memory:' }));
    const session = await world.create();
    await runTurn(world, session, 'first');
    const agent = await begin(world, session);
    agent.say('second');
    await queueAnother(session);
    await pass(world, COMPACT_AFTER_MS + 2000);
    const { logId } = session.feed;
    const { endedSeq } = session.view().state;
    expect(await world.store.compactedSeq(logId)).toBe(endedSeq);
    const before = session.view().state;
    const rest = await readAll(session.feed, endedSeq);
    expect(rest[0]?.seq).toBe(endedSeq + 1);
    const checkpoint = await world.store.checkpoint(logId);
    const turns = await world.store.turns(logId, null, 20);
    if (checkpoint === null) throw new Error('no checkpoint');
    expect(foldEvents({ ...checkpoint, turns }, rest)).toEqual(before);

    const again = await world.restart();
    const loaded = await again.service.open(OWNER, session.row().id);
    const { live, queue } = loaded.view().state;
    expect(live).toBeNull();
    expect(queue.map(({ turnId }) => turnId)).toEqual(before.queue.map(({ turnId }) => turnId));
    expect(loaded.view().state.turns.map(({ parts }) => parts)).toEqual([
      [{ kind: 'text', text: 'first', messageId: null }],
      [{ kind: 'text', text: 'second', messageId: null }],
    ]);
    await world.store.close();
  });

  async function queueAnother(session: SessionHandle): Promise<void> {
    const prompt = [{ type: 'text' as const, text: 'later' }];
    await session.prompt({ prompt, key: `key${(keys += 1)}`, mode: 'queue' });
  }

  test('[L8] what was due while the server was down goes after its start, also of sessions nobody opens', async () => {
    const world = await createWorld();
    const session = await world.create();
    await runTurn(world, session, 'first');
    const { logId } = session.feed;
    const again = await world.restart();
    expect(await again.store.compactedSeq(logId)).toBe(0);
    await pass(again, COMPACT_AFTER_MS + 2000);
    expect(await again.store.compactedSeq(logId)).toBeGreaterThan(0);
    expect(await again.store.uncompacted()).toEqual([]);
  });

  test('[L8] closing leaves no timer', async () => {
    const world = await createWorld();
    await runTurn(world, await world.create(), 'first');
    expect(world.chores.pending).toBeGreaterThan(0);
    await world.service.close();
    expect(world.chores.pending).toBe(0);
  });
});

/** Counts how often sessions were loaded. */
function counting(store: Store): { loads: number } {
  const count = { loads: 0 };
  const { checkpoint } = store;
  store.checkpoint = (logId) => {
    count.loads += 1;
    return checkpoint(logId);
  };
  return count;
}

describe('a session that nobody uses', () => {
  test('[L16] may rest when nothing holds it and it was left alone for long enough', () => {
    const now = 10 * AGENT_REST_MS;
    const after = (ms: number | null, hold: Parameters<typeof mayRest>[1]): boolean =>
      mayRest(ms === null ? null : now - ms, hold, now);
    expect(after(REST_MS, 'none')).toBe(true);
    expect(after(REST_MS - 1, 'none')).toBe(false);
    expect(after(null, 'none')).toBe(false);
    expect(after(REST_MS, 'resumable')).toBe(false);
    expect(after(AGENT_REST_MS, 'resumable')).toBe(true);
    expect(after(9 * AGENT_REST_MS, 'only')).toBe(false);
    expect(after(9 * AGENT_REST_MS, 'opening')).toBe(false);
  });

  test('[L16] leaves memory, and is the same when it is opened again', async () => {
    const world = await createWorld();
    const count = counting(world.store);
    const session = await world.create();
    const { id } = session.row();
    await session.patch({ title: 'Kept', draft: 'half' });
    const view = session.view();
    await pass(world, REST_MS - 60_000);
    await world.service.open(OWNER, id);
    expect(count.loads).toBe(1);
    await pass(world, REST_MS + 60_000);
    const again = await world.service.open(OWNER, id);
    expect(count.loads).toBe(2);
    expect(again.view()).toEqual(view);
    expect(again.draft().text).toBe('half');
  });

  test('[L16] opened by many at once it is one', async () => {
    const world = await createWorld();
    const count = counting(world.store);
    const { id } = (await world.create()).row();
    await pass(world, REST_MS + 60_000);
    const opened = await Promise.all([1, 2, 3].map(() => world.service.open(OWNER, id)));
    expect(count.loads).toBe(2);
    const prompt = [{ type: 'text' as const, text: 'hello' }];
    await Promise.all(opened.map((one, n) => one.prompt({ prompt, key: `k${n}`, mode: 'queue' })));
    const events = await readAll(opened[0]?.feed as SessionHandle['feed']);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    expect(opened.map(({ feed }) => feed.lastSeq)).toEqual([4, 4, 4]);
  });

  test('[L16] a reader and a turn that runs keep it', async () => {
    const world = await createWorld();
    const count = counting(world.store);
    const session = await world.create();
    const { id } = session.row();
    const leave = session.feed.subscribe(() => {});
    await pass(world, 3 * REST_MS);
    await world.service.open(OWNER, id);
    expect(count.loads).toBe(1);
    leave();
    await begin(world, session);
    await pass(world, 3 * AGENT_REST_MS);
    expect((await world.service.open(OWNER, id)).row().status).toBe('running');
    expect(count.loads).toBe(1);
  });

  test('[L16] its agent keeps it for an hour; the next prompt resumes the agent’s session', async () => {
    const world = await createWorld();
    const count = counting(world.store);
    const session = await world.create();
    const { id } = session.row();
    await runTurn(world, session, 'first');
    await pass(world, 3 * REST_MS);
    await world.service.open(OWNER, id);
    expect(count.loads).toBe(1);
    expect(world.host.released).toBe(0);
    await pass(world, AGENT_REST_MS + 60_000);
    expect(world.host.released).toBe(1);
    await runTurn(world, await world.service.open(OWNER, id), 'second');
    expect(count.loads).toBe(2);
    expect(world.host.opened.map(({ agentSessionId }) => agentSessionId)).toEqual([
      null,
      'agent-1',
    ]);
  });

  test('[L16] an agent that can’t take it up again keeps it until its process is gone', async () => {
    const world = await createWorld();
    const count = counting(world.store);
    world.host.next = { resumable: false };
    const session = await world.create();
    const { id } = session.row();
    await runTurn(world, session, 'first');
    await pass(world, 5 * AGENT_REST_MS);
    await world.service.open(OWNER, id);
    expect(count.loads).toBe(1);
    expect(world.host.released).toBe(0);
    world.host.crash('gone');
    await pass(world, REST_MS + 60_000);
    await world.service.open(OWNER, id);
    expect(count.loads).toBe(2);
  });

  test('[L16] nothing is read or written through what has left', async () => {
    const world = await createWorld();
    const session = await world.create();
    const { id } = session.row();
    await pass(world, REST_MS + 60_000);
    expect(() => session.feed.read(0, 1)).toThrow('let go of');
    const prompt = [{ type: 'text' as const, text: 'hello' }];
    await expect(session.prompt({ prompt, key: 'late', mode: 'queue' })).rejects.toMatchObject({
      code: 'unavailable',
    });
    await expect(session.patch({ title: 'Late' })).rejects.toMatchObject({ code: 'unavailable' });
    expect((await world.service.open(OWNER, id)).row().title).toBe('New session');
  });
});
