import { describe, expect, test, vi } from 'vitest';
import type { SessionEvent } from '../../shared/events.ts';
import { foldEvents } from '../../shared/reducer.ts';
import { emptyState } from '../../shared/state.ts';
import type { SessionHandle } from './service.ts';
import { createWorld, OWNER, readAll, type World } from './testing/world.ts';

const text = (value: string) => [{ type: 'text' as const, text: value }];
let keys = 0;
const ask = (session: SessionHandle, words: string, mode: 'queue' | 'interrupt' = 'queue') =>
  session.prompt({ prompt: text(words), key: `queue${(keys += 1)}`, mode });

/** A turn that runs, and three prompts after it. */
async function queued() {
  const world = await createWorld();
  const session = await world.create();
  const live = await ask(session, 'first');
  const [a, b, c] = [await ask(session, 'a'), await ask(session, 'b'), await ask(session, 'c')];
  await vi.waitFor(() => expect(world.host.prompts).toHaveLength(1));
  return { world, session, live, a, b, c };
}
const words = (session: SessionHandle) =>
  session
    .view()
    .state.queue.map(({ prompt: [block] }) => (block?.type === 'text' ? block.text : ''));
const last = (world: World) => world.host.prompts.at(-1);
const next = async (world: World, n: number) => {
  last(world)?.end();
  await vi.waitFor(() => expect(world.host.prompts).toHaveLength(n));
};
const foldOf = (session: SessionHandle, events: SessionEvent[]) =>
  foldEvents(emptyState(session.feed.logId), events);

describe('[O10] the queue', () => {
  test('an edited prompt is what the agent gets; the order is that of the queue', async () => {
    const { world, session, a, b, c } = await queued();
    await session.changeQueued(b, { prompt: text('b, but other') });
    await session.changeQueued(c, { before: a });
    await session.changeQueued(a, { before: null });
    expect(words(session)).toEqual(['c', 'b, but other', 'a']);
    expect(foldOf(session, await readAll(session.feed))).toEqual(session.view().state);
    await next(world, 2);
    await next(world, 3);
    expect(last(world)?.blocks).toEqual(text('b, but other'));
    const restarted = await world.restart();
    const reopened = await restarted.service.open(OWNER, session.row().id);
    expect(words(reopened)).toEqual(['a']);
  });

  test('one that has started can not be changed: its turn has the text it had', async () => {
    const { world, session, live, a } = await queued();
    await expect(session.changeQueued(live, { prompt: text('x') })).rejects.toMatchObject({
      code: 'conflict',
    });
    await next(world, 2);
    const change = session.changeQueued(a, { prompt: text('x') });
    await expect(change).rejects.toMatchObject({ code: 'conflict' });
    expect(session.view().state.live?.prompt).toEqual(text('a'));
  });

  test('one that was removed is not found; a place beside one that is gone is refused', async () => {
    const { session, a, b } = await queued();
    await session.removeQueued(a);
    await expect(session.changeQueued(a, { prompt: text('x') })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(session.changeQueued(b, { before: a })).rejects.toMatchObject({
      code: 'conflict',
    });
    const { lastSeq } = session.feed;
    await session.changeQueued(b, { before: b });
    expect(session.feed.lastSeq).toBe(lastSeq);
  });

  test('a change starts nothing: after a cancel the queue waits', async () => {
    const { world, session, live, a } = await queued();
    await session.cancel(live);
    last(world)?.end('cancelled');
    await vi.waitFor(() => expect(session.row().status).toBe('idle'));
    await session.changeQueued(a, { prompt: text('x'), before: null });
    expect(session.row()).toMatchObject({ status: 'idle', queued: 3 });
    expect(session.view().state.queue.every(({ held }) => held)).toBe(true);
  });
});

test('[O10] [L10] a held queue that is released runs in its order; nothing is released twice', async () => {
  const { world, session, live } = await queued();
  await session.cancel(live);
  last(world)?.end('cancelled');
  await vi.waitFor(() => expect(session.row().status).toBe('idle'));
  expect(await session.releaseQueue()).toBe(3);
  expect(await session.releaseQueue()).toBe(0);
  await vi.waitFor(() => expect(world.host.prompts).toHaveLength(2));
  await next(world, 3);
  await next(world, 4);
  last(world)?.end();
  await vi.waitFor(() => expect(session.row()).toMatchObject({ status: 'idle', queued: 0 }));
  expect(world.host.prompts.map(({ blocks }) => blocks)).toEqual(
    ['first', 'a', 'b', 'c'].map(text),
  );
});

describe('[O1] [L3] deleting a session that runs', () => {
  test('the agent is told, every turn has one end, and nothing of the queue starts, be it ever so urgent', async () => {
    const { world, session } = await queued();
    await ask(session, 'at once', 'interrupt');
    const stored = new Map<string, string[]>();
    const { append } = world.store;
    world.store.append = async (step) => {
      for (const { json } of step.entries) {
        const event = JSON.parse(json) as SessionEvent;
        if (event.type !== 'turn.ended') continue;
        stored.set(event.turnId, [...(stored.get(event.turnId) ?? []), event.reason]);
      }
      return append(step);
    };
    const [agent] = world.host.prompts;
    const late = session.delete();
    const refused = ask(session, 'too late').catch((error: unknown) => error);
    await late;
    expect(agent?.cancelled).toBe(true);
    expect(await refused).toMatchObject({ code: 'not_found' });
    expect([...stored.values()].flat().sort()).toEqual([
      'cancelled',
      'removed',
      'removed',
      'removed',
      'removed',
    ]);
    expect(world.host.prompts).toHaveLength(1);
    expect(world.host.released).toBe(1);
    agent?.end('cancelled');
    await vi.waitFor(() => expect(world.service.runningTurns()).toBe(0));
    expect(world.timers.pending).toBe(0);
    await expect(world.service.open(OWNER, session.row().id)).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('[O13] drafts', () => {
  test('a draft survives a restart, and a sent one is gone; the directory has no text of it', async () => {
    const world = await createWorld();
    const session = await world.create();
    const { draftRev } = await session.patch({ draft: 'half a mess', draftRev: 0 });
    expect(JSON.stringify(session.row())).not.toContain('half');
    const restarted = await world.restart();
    const again = await restarted.service.open(OWNER, session.row().id);
    expect(again.draft()).toEqual({ text: 'half a mess', rev: draftRev, fork: 0 });
    await again.prompt({ prompt: text('half a message'), key: 'draft', mode: 'queue', draftRev });
    expect(again.draft()).toEqual({ text: '', rev: draftRev + 1, fork: 0 });
    expect(again.row().draftRev).toBe(draftRev + 1);
  });
});
