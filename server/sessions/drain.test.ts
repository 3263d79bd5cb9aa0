/** The server stops: turns under way may end, none begins. */
import { expect, test, vi } from 'vitest';
import { createWorld, OWNER, readAll } from './testing/world.ts';

const prompt = (words: string) => ({
  prompt: [{ type: 'text' as const, text: words }],
  key: words,
  mode: 'queue' as const,
});

async function running(...queued: string[]) {
  const world = await createWorld();
  const session = await world.create();
  await session.prompt(prompt('first'));
  for (const words of queued) await session.prompt(prompt(words));
  await vi.waitFor(() => expect(world.host.prompts).toHaveLength(1));
  const agent = world.host.prompts[0];
  if (agent === undefined) throw new Error('no prompt');
  let drained = false;
  const drain = (): Promise<void> =>
    world.service.drain(10_000).then(() => {
      drained = true;
    });
  return { world, session, agent, drain, isDrained: () => drained };
}

test('[L14] with nothing running there is nothing to wait for', async () => {
  const world = await createWorld();
  await world.service.drain(10_000);
  expect(world.timers.pending).toBe(0);
});

test('[L14] a turn may end by itself, and readers see it to its end', async () => {
  const { world, session, agent, drain, isDrained } = await running();
  const draining = drain();
  agent.say('the last words');
  world.timers.advance(9_000);
  expect(isDrained()).toBe(false);
  agent.end();
  await draining;
  const events = await readAll(session.feed);
  expect(JSON.stringify(events)).toContain('the last words');
  expect(events.at(-1)).toMatchObject({ type: 'turn.ended', reason: 'end_turn' });
  await world.service.close();
  expect((await readAll(session.feed)).at(-1)).toEqual(events.at(-1));
  expect(world.timers.pending).toBe(0);
});

test('[L14] [L10] one that takes longer than the grace is interrupted', async () => {
  const { world, session, drain } = await running();
  const draining = drain();
  world.timers.advance(10_000);
  await draining;
  await world.service.close();
  expect((await readAll(session.feed)).at(-1)).toMatchObject({
    type: 'turn.ended',
    reason: 'interrupted',
  });
  expect(world.timers.pending).toBe(0);
});

test('[L14] no turn begins: prompts are refused, what is queued waits and goes on after the restart', async () => {
  const { world, session, agent, drain } = await running('second');
  const draining = drain();
  for (const refused of [
    () => session.prompt(prompt('third')),
    () => session.releaseQueue(),
    () => session.startQueued(session.view().state.queue[0]?.turnId ?? ''),
    () => world.service.create(OWNER, {}),
  ]) {
    await expect(refused()).rejects.toMatchObject({ code: 'unavailable' });
  }
  // The same message again is the same turn, also now (L9).
  expect(await session.prompt(prompt('second'))).toBe(session.view().state.queue[0]?.turnId);
  agent.end();
  await draining;
  expect(session.view().state).toMatchObject({ live: null, queue: [{ key: 'second' }] });
  expect(world.host.prompts).toHaveLength(1);
  await world.service.close();

  const next = await world.restart();
  await vi.waitFor(() => expect(next.host.prompts).toHaveLength(1));
  const again = await next.service.open(OWNER, session.row().id);
  expect(again.view().state).toMatchObject({ live: { key: 'second' }, queue: [] });
});

test('[L14] what is asked of a person can still be answered and cancelled', async () => {
  const { session, agent, drain } = await running();
  const options = [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' as const }];
  const answer = agent.handlers.onPermission(
    { sessionId: 'agent-1', toolCall: { toolCallId: 'call' }, options },
    new AbortController().signal,
  );
  await vi.waitFor(() => expect(session.row().openRequests).toBe(1));
  const draining = drain();
  const requestId = session.row().asks[0]?.requestId ?? '';
  await session.answer(requestId, { outcome: 'selected', optionId: 'yes' });
  expect(await answer).toEqual({ outcome: 'selected', optionId: 'yes' });
  await session.cancel(session.row().activeTurnId ?? '');
  agent.end('cancelled');
  await draining;
  expect(session.row().status).toBe('idle');
});
