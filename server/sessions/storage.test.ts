/** Turns and commands while nothing can be stored. */
import { expect, test, vi } from 'vitest';
import type { Logger } from '../log.ts';
import { StorageError } from '../store/store.ts';
import { createFaultyStore } from '../store/testing/faulty.ts';
import { createMemoryStore } from '../store/testing/memory.ts';
import { createWorld, OWNER, readAll } from './testing/world.ts';

const text = (value: string) => [{ type: 'text' as const, text: value }];
const prompt = (words: string) => ({ prompt: text(words), key: words, mode: 'queue' as const });

async function running(logger?: Logger) {
  const faulty = createFaultyStore(createMemoryStore());
  const world = await createWorld(faulty.store, 0, logger);
  const session = await world.create();
  await session.prompt(prompt('first'));
  await vi.waitFor(() => expect(world.host.prompts).toHaveLength(1));
  const agent = world.host.prompts[0];
  if (agent === undefined) throw new Error('no prompt');
  return { faulty, world, session, agent };
}

test('[L13] [L3] a turn whose output can not be stored is over: its agent is let go of, readers keep what they have, and its one end follows when there is space', async () => {
  const { faulty, world, session, agent } = await running();
  agent.say('kept ');
  await vi.waitFor(async () =>
    expect(JSON.stringify(await readAll(session.feed))).toContain('kept'),
  );
  const before = await readAll(session.feed);

  faulty.problem = 'full';
  agent.say('lost ');
  world.timers.advance(25);
  await vi.waitFor(() => expect(agent.cancelled).toBe(true));
  await vi.waitFor(() => expect(world.host.released).toBe(1));
  expect(await readAll(session.feed)).toEqual(before);
  expect(session.row().status).toBe('running');

  // What the agent goes on to say is neither kept in memory nor tried.
  const tries = faulty.refused;
  for (let n = 0; n < 10_000; n += 1) agent.say('more ');
  await vi.waitFor(() => expect(world.timers.pending).toBe(1));
  world.timers.advance(900);
  expect(faulty.refused).toBe(tries);

  world.timers.advance(100);
  await vi.waitFor(() => expect(world.timers.pending).toBe(1));
  expect(faulty.refused).toBe(tries + 1);
  faulty.problem = null;
  world.timers.advance(1_000);
  await vi.waitFor(() => expect(session.row().status).toBe('idle'));
  const events = await readAll(session.feed);
  expect(events.slice(0, before.length)).toEqual(before);
  expect(events.slice(before.length)).toMatchObject([
    { type: 'turn.ended', reason: 'failed', error: { code: 'storage' } },
  ]);
  const [turn] = session.view().state.turns;
  expect(turn?.end?.error?.message).toMatch(/disk is full.*is kept.*Make space/s);
  expect(JSON.stringify(turn?.parts)).toContain('kept');
  expect(world.timers.pending).toBe(0);
});

test('[L13] the next turn works, with nothing of the one before', async () => {
  const { faulty, world, session, agent } = await running();
  faulty.problem = 'failing';
  agent.say('lost');
  world.timers.advance(25);
  await vi.waitFor(() => expect(agent.cancelled).toBe(true));
  await vi.waitFor(() => expect(world.timers.pending).toBe(1));
  faulty.problem = null;
  world.timers.advance(1_000);
  await vi.waitFor(() => expect(session.row().status).toBe('idle'));
  await session.prompt(prompt('second'));
  await vi.waitFor(() => expect(world.host.prompts).toHaveLength(2));
  agent.say('late');
  agent.end();
  world.host.prompts[1]?.say('new');
  world.host.prompts[1]?.end();
  await vi.waitFor(() => expect(session.view().state.turns).toHaveLength(2));
  expect(JSON.stringify(session.view().state.turns[1])).not.toContain('late');
});

test('[L13] every command is refused and changes nothing; the same one works once there is space', async () => {
  const { faulty, world, session, agent } = await running();
  agent.end();
  await vi.waitFor(() => expect(session.row().status).toBe('idle'));
  const before = session.view();
  faulty.problem = 'read-only';
  const commands = [
    () => session.prompt(prompt('second')),
    () => session.patch({ title: 'Another' }),
    () => session.delete(),
    () => world.service.create(OWNER, {}),
  ];
  for (const command of commands) await expect(command()).rejects.toThrow(StorageError);
  expect(session.view()).toEqual(before);
  expect((await world.service.directory(OWNER)).directory.rows()).toHaveLength(1);
  faulty.problem = null;
  const turnId = await session.prompt(prompt('second'));
  expect(session.view().state.live?.turnId).toBe(turnId);
  expect((await world.service.create(OWNER, {})).status).toBe('idle');
  await session.patch({ title: 'Another' });
  expect(session.row().title).toBe('Another');
});

test('[L13] a request that can not be stored is not waited for: its turn fails', async () => {
  const { faulty, world, session, agent } = await running();
  faulty.problem = 'full';
  const options = [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' as const }];
  const asked = agent.handlers.onPermission(
    { sessionId: 'agent-1', toolCall: { toolCallId: 'call' }, options },
    new AbortController().signal,
  );
  await expect(asked).rejects.toThrow(StorageError);
  await vi.waitFor(() => expect(agent.cancelled).toBe(true));
  await vi.waitFor(() => expect(world.timers.pending).toBe(1));
  faulty.problem = null;
  world.timers.advance(1_000);
  await vi.waitFor(() => expect(session.row()).toMatchObject({ status: 'idle', openRequests: 0 }));
  expect(session.view().state.turns[0]?.end?.error?.code).toBe('storage');
});

test('[L13] an end that waits for space is logged once, not every second', async () => {
  const errors: string[] = [];
  const nothing = () => {};
  const { faulty, world, agent } = await running({
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: (_fields, message) => errors.push(message),
  });
  faulty.problem = 'full';
  agent.end();
  for (let tries = 1; tries <= 20; tries += 1) {
    await vi.waitFor(() => expect(world.timers.pending).toBe(1));
    expect(faulty.refused).toBe(tries);
    world.timers.advance(1_000);
  }
  expect(errors.filter((message) => message.includes('the end of a turn'))).toHaveLength(1);
});

test('[L13] deleted while its end waits for space: nothing is tried any more', async () => {
  const { faulty, world, session, agent } = await running();
  faulty.problem = 'full';
  agent.end();
  await vi.waitFor(() => expect(world.timers.pending).toBe(1));
  faulty.problem = null;
  await session.delete();
  world.timers.advance(5_000);
  expect(world.timers.pending).toBe(0);
  expect(faulty.refused).toBe(1);
});

test('[L13] [L10] a start on a full disk serves readers, and ends what ran before when there is space; its prompt is not sent again', async () => {
  const { faulty, world, session } = await running();
  const { id } = session.row();
  const before = await readAll(session.feed);
  faulty.problem = 'full';
  const next = await world.restart();
  const again = await next.service.open(OWNER, id);
  expect(await readAll(again.feed)).toEqual(before);
  expect(again.row().status).toBe('running');
  next.timers.advance(1_000);
  await vi.waitFor(() => expect(next.timers.pending).toBe(1));
  faulty.problem = null;
  // Before it is tried again: this waits behind the turn from before.
  await again.prompt(prompt('second'));
  expect(next.host.prompts).toHaveLength(0);
  next.timers.advance(1_000);
  await vi.waitFor(() => expect(again.row()).toMatchObject({ status: 'idle', queued: 1 }));
  expect(again.view().state.turns[0]?.end?.reason).toBe('interrupted');
  expect(next.host.prompts).toHaveLength(0);
  expect(next.timers.pending).toBe(0);

  faulty.problem = 'full';
  await again.prompt(prompt('third')).catch(() => {});
  await next.service.close();
  expect(next.timers.pending).toBe(0);
});
