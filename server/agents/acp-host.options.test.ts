import { RequestError } from '@agentclientprotocol/sdk';
import { afterEach, expect, test } from 'vitest';
import { MODE_OPTION } from '../../shared/config-options.ts';
import { createAcpHost } from './acp-host.ts';
import { createFakeSpawn } from './testing/fake-process.ts';
import { createHostWorld, createLog, SPEC } from './testing/host-world.ts';
import { createRecorder } from './testing/recorder.ts';
import { createScriptedAgent, type AgentScript, type Call } from './testing/scripted-agent.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

function world(script: AgentScript) {
  const calls: Call[] = [];
  const { spawn } = createFakeSpawn(() => createScriptedAgent(script, calls));
  const made = createHostWorld(spawn);
  closers.push(made.host.close);
  return { ...made, calls };
}

const model = {
  id: 'model',
  name: 'Model',
  type: 'select' as const,
  currentValue: 'a',
  options: [{ value: 'a', name: 'A' }],
};

test('[P50] options come with the answer that opens the session; what is malformed is left out', async () => {
  const broken = { id: 'x', name: 'X', type: 'slider', currentValue: 3 };
  const halfBroken = { ...model, id: 'y', options: [{ value: 1 }] };
  const { open, calls } = world({
    handlers: {
      'session/new': () => ({
        sessionId: 's',
        configOptions: [broken, model, halfBroken] as never,
      }),
    },
  });
  const { session } = await open();
  expect(session.options).toMatchObject({
    sessionUpdate: 'config_option_update',
    configOptions: [
      { id: 'model', currentValue: 'a' },
      { id: 'y', options: [] },
    ],
  });
  expect(calls[0]?.params).toMatchObject({
    clientCapabilities: { session: { configOptions: { boolean: {} } } },
  });
});

test('[P50] an agent without options tells nothing, also when it takes a session up with null', async () => {
  const { open } = world({
    hello: { agentCapabilities: { loadSession: true } },
    handlers: { 'session/load': () => null as never },
  });
  expect((await open()).session.options).toBeNull();
  const { session } = await open('earlier');
  expect([session.memory, session.options]).toEqual(['resumed', null]);
});

test('[P51] set_config_option answers all options; a boolean says that it is one', async () => {
  const { open, calls } = world({
    handlers: {
      'session/set_config_option': () => ({ configOptions: [{ ...model, currentValue: 'b' }] }),
    },
  });
  const { session } = await open();
  expect(await session.configure('model', 'b')).toMatchObject({
    sessionUpdate: 'config_option_update',
    configOptions: [{ currentValue: 'b' }],
  });
  await session.configure('loud', true);
  expect(calls.slice(-2).map(({ params }) => params)).toEqual([
    { sessionId: 'fresh', configId: 'model', value: 'b' },
    { sessionId: 'fresh', configId: 'loud', type: 'boolean', value: true },
  ]);
});

test('[P51] the older modes are set by set_mode', async () => {
  const { open, calls } = world({
    handlers: {
      'session/new': () => ({
        sessionId: 's',
        modes: { currentModeId: 'ask', availableModes: [{ id: 'ask', name: 'Ask' }] },
      }),
      'session/set_mode': () => ({}),
    },
  });
  const { session } = await open();
  expect(session.options).toMatchObject({ configOptions: [{ id: MODE_OPTION }] });
  expect(await session.configure(MODE_OPTION, 'ask')).toEqual({
    sessionUpdate: 'current_mode_update',
    currentModeId: 'ask',
  });
  expect(calls.at(-1)).toMatchObject({ method: 'session/set_mode', params: { modeId: 'ask' } });
});

test('[P51] a refusal is told in the agent’s words', async () => {
  const { open } = world({
    handlers: {
      'session/set_config_option': () => {
        throw RequestError.invalidParams(undefined, 'no such model');
      },
    },
  });
  const { session } = await open();
  await expect(session.configure('model', 'x')).rejects.toMatchObject({
    code: 'agent_error',
    message: expect.stringContaining('no such model'),
  });
});

test('[P54] how the last start went is told with the agent, until one went well', async () => {
  let wants = true;
  const { spawn } = createFakeSpawn(() =>
    createScriptedAgent({
      handlers: {
        'session/new': () => {
          if (wants) throw RequestError.authRequired();
          return { sessionId: 's' };
        },
      },
    }),
  );
  const host = createAcpHost({
    agents: () => [SPEC],
    signInHint: () => 'fake login',
    spawn,
    logger: createLog().logger,
    version: '0',
  });
  closers.push(host.close);
  const open = () =>
    host.open({
      agentId: 'fake',
      cwd: '/',
      agentSessionId: null,
      handlers: createRecorder().handlers,
    });
  expect(host.agents()[0]?.problem).toBeUndefined();
  await expect(open()).rejects.toMatchObject({ code: 'agent_auth' });
  expect(host.agents()[0]?.problem).toMatchObject({ code: 'agent_auth', hint: 'fake login' });
  wants = false;
  await open();
  expect(host.agents()[0]?.problem).toBeUndefined();
});
