import { expect, test, vi } from 'vitest';
import type { SessionConfigOption } from '../../shared/config-options.ts';
import type { SessionUpdate } from '../../shared/events.ts';
import { AgentError } from '../agents/agent-host.ts';
import { createWorld, readAll, type World } from './testing/world.ts';

const mode = (currentValue: string, values = ['ask', 'code']): SessionConfigOption => ({
  id: 'mode',
  name: 'Mode',
  type: 'select',
  currentValue,
  options: values.map((value) => ({ value, name: value })),
});
const told = (...configOptions: SessionConfigOption[]): SessionUpdate => ({
  sessionUpdate: 'config_option_update',
  configOptions,
});

async function opened(world: World) {
  const session = await world.create();
  await session.configure(null);
  return session;
}
async function made(...options: SessionConfigOption[]) {
  const world = await createWorld();
  if (options.length > 0) world.host.next = { options: told(...options) };
  return { world, session: await opened(world) };
}

test('[P50] what the agent tells when it is opened is an event of no turn, and only when it is news', async () => {
  const { world, session } = await made(mode('ask'));
  expect(await readAll(session.feed)).toMatchObject([
    { type: 'update', turnId: null, update: told(mode('ask')) },
  ]);
  expect(session.view().state.configOptions).toEqual([mode('ask')]);
  world.host.crash('gone');
  await session.configure(null);
  expect(world.host.opened).toHaveLength(2);
  expect(await readAll(session.feed)).toHaveLength(1);
});

test('[P51] a choice goes to the agent, and its answer into the log', async () => {
  const { world, session } = await made(mode('ask'));
  expect(await session.configure({ configId: 'mode', value: 'code' })).toEqual([mode('code')]);
  expect(world.host.configured).toEqual([['mode', 'code']]);
  expect(session.view().state.configOptions).toEqual([mode('code')]);
  expect(await readAll(session.feed)).toHaveLength(2);
});

test('[P51] also while a turn runs, behind what the agent said before', async () => {
  const { world, session } = await made(mode('ask'));
  await session.prompt({ prompt: [{ type: 'text', text: 'go' }], key: 'k', mode: 'queue' });
  await vi.waitFor(() => expect(world.host.prompts).toHaveLength(1));
  world.host.prompts[0]?.say('first ');
  world.host.prompts[0]?.say('second');
  await session.configure({ configId: 'mode', value: 'code' });
  const events = await readAll(session.feed);
  expect(events.at(-1)).toMatchObject({ turnId: null, update: told(mode('code')) });
  expect(session.view().state.live?.parts).toEqual([
    { kind: 'text', text: 'first second', messageId: null },
  ]);
});

test('[P51] an option or a value that is not there, and a refusal: conflict, and nothing changes', async () => {
  const { world, session } = await made(mode('ask'));
  for (const choice of [
    { configId: 'model', value: 'x' },
    { configId: 'mode', value: 'x' },
    { configId: 'mode', value: true },
  ]) {
    await expect(session.configure(choice)).rejects.toMatchObject({ code: 'conflict' });
  }
  expect(world.host.configured).toEqual([]);
  world.host.next.refusal = new AgentError('agent_error', 'Fake says no.');
  await expect(session.configure({ configId: 'mode', value: 'code' })).rejects.toMatchObject({
    code: 'conflict',
    message: 'Fake says no.',
  });
  expect(session.view().state.configOptions).toEqual([mode('ask')]);
});

test('[P51] an agent with nothing to choose says so; one that can’t be started, why', async () => {
  const { session } = await made();
  expect(session.view().state.configOptions).toEqual([]);
  const world = await createWorld();
  world.host.next.error = new AgentError('agent_start', 'It is not there.');
  await expect(opened(world)).rejects.toMatchObject({
    code: 'conflict',
    message: 'It is not there.',
  });
});

test.each(['resumed', 'lost'] as const)(
  '[P52] after a restart the agent (%s) is told again what was chosen',
  async (memory) => {
    const { world, session } = await made(mode('ask'));
    await session.configure({ configId: 'mode', value: 'code' });
    await session.prompt({ prompt: [{ type: 'text', text: 'go' }], key: 'k', mode: 'queue' });
    await vi.waitFor(() => expect(world.host.prompts).toHaveLength(1));
    world.host.prompts[0]?.end();
    await vi.waitFor(() => expect(session.row().status).toBe('idle'));

    const after = await world.restart();
    after.host.next = { options: told(mode('ask')), memory };
    const again = await after.service.open('local', session.row().id);
    await again.prompt({ prompt: [{ type: 'text', text: 'on' }], key: 'k2', mode: 'queue' });
    await vi.waitFor(() => expect(after.host.prompts).toHaveLength(1));
    expect(after.host.configured).toEqual([['mode', 'code']]);
    expect(again.view().state.configOptions).toEqual([mode('code')]);
  },
);

test('[P52] what the agent does not offer any more, or refuses, is left: it shows what is', async () => {
  const { world, session } = await made(mode('ask'));
  await session.configure({ configId: 'mode', value: 'code' });
  world.host.crash('gone');
  world.host.next = { options: told(mode('ask', ['ask', 'plan'])) };
  await session.configure(null);
  expect(world.host.configured).toHaveLength(1);
  expect(session.view().state.configOptions).toEqual([mode('ask', ['ask', 'plan'])]);

  await session.configure({ configId: 'mode', value: 'plan' });
  world.host.crash('gone');
  world.host.next.refusal = new AgentError('agent_error', 'no');
  expect(await session.configure(null)).toEqual([mode('ask', ['ask', 'plan'])]);
});
