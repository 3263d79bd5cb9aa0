import { client, methods, type SessionUpdate } from '@agentclientprotocol/sdk';
import { setImmediate as nextTask } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { createHostWorld, prompt, type HostWorld } from '../testing/host-world.ts';
import { spawnDemo } from '../testing/demo-world.ts';
import { createDemoAgent } from './agent.ts';
import { advertised } from './commands.ts';
import { markdownDocument } from './markdown.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A demo agent whose sleeps pass at once, each `late` milliseconds too late by its own clock. */
function world(late = 0): HostWorld & { clock: () => number } {
  let now = 0;
  const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    await nextTask();
    signal.throwIfAborted();
    now += ms + late;
  };
  let ids = 0;
  const newId = (): string => `id-${(ids += 1)}`;
  const made = createHostWorld(spawnDemo({ now: () => now, sleep, newId }).spawn);
  closers.push(made.host.close);
  return { ...made, clock: () => now };
}

async function run(text: string, late = 0) {
  const { open, clock } = world(late);
  const { session, seen } = await open();
  expect(await session.prompt(prompt(text))).toBe('end_turn');
  const updates = seen.updates.filter(
    ({ sessionUpdate }) => sessionUpdate !== 'available_commands_update',
  );
  return { text: seen.text(), updates, seen, took: clock() };
}

function only<Kind extends SessionUpdate['sessionUpdate']>(updates: SessionUpdate[], kind: Kind) {
  return updates.filter(
    (update): update is Extract<SessionUpdate, { sessionUpdate: Kind }> =>
      update.sessionUpdate === kind,
  );
}

describe('/count', () => {
  test('one number per chunk, paced without drift however late each timer is', async () => {
    const { updates, text, took } = await run('/count 200 100', 7);
    expect(text).toBe(Array.from({ length: 200 }, (_, n) => `${n + 1} `).join(''));
    expect(updates).toHaveLength(200);
    expect(took).toBeGreaterThanOrEqual(2000);
    expect(took).toBeLessThanOrEqual(2007);
  });

  test('without a rate, as fast as possible', async () => {
    expect((await run('/count 50')).took).toBe(0);
    expect((await run('/count 50 0')).took).toBe(0);
  });

  test.each([
    '/count',
    '/count many',
    '/count 0',
    '/count 1000001',
    '/count 1.5',
    '/count -3',
    '/count 3 -1',
    '/count 3 4 5',
    '/count 1e3',
  ])('[A3] %s: says what it takes', async (text) => {
    expect((await run(text)).text).toMatch(/^\/count.*(must be|takes)/);
  });
});

describe('/markdown', () => {
  test('the document, in many chunks', async () => {
    const { text, updates } = await run('/markdown 20');
    expect(text).toBe(markdownDocument(20 * 1024));
    expect(updates.length).toBeGreaterThan(500);
  });

  test('paced when asked to', async () => {
    const { took } = await run('/markdown 10 5');
    expect(took).toBeGreaterThan(1990);
    expect(took).toBeLessThan(2600);
  });
});

test('/think: thoughts, then an answer', async () => {
  const { updates, text } = await run('/think');
  expect(updates[0]?.sessionUpdate).toBe('agent_thought_chunk');
  expect(text).toContain('**yes**');
});

test('/tool: a call from pending to completed, with places, input, output and a diff', async () => {
  const { updates } = await run('/tool');
  const [call] = only(updates, 'tool_call');
  expect(call).toMatchObject({
    status: 'pending',
    locations: [{ path: '/srv/greeting.txt', line: 1 }],
    rawInput: { replace: 'world' },
  });
  const later = only(updates, 'tool_call_update');
  expect(later.map(({ status }) => status)).toEqual(['in_progress', 'completed']);
  expect(later.every(({ toolCallId }) => toolCallId === call?.toolCallId)).toBe(true);
  expect(later[1]?.content?.map(({ type }) => type)).toEqual(['content', 'diff']);
  expect(later[1]?.rawOutput).toEqual({ replaced: 1 });
});

test('[P39] /think <s>: the thoughts take that long', async () => {
  const { took, updates } = await run('/think 4');
  expect(took).toBeGreaterThanOrEqual(4000);
  expect(took).toBeLessThan(5000);
  expect(only(updates, 'agent_thought_chunk').length).toBeGreaterThan(10);
  expect((await run('/think long')).text).toMatch(/^\/think.*must be/);
});

describe('[P39] /tool', () => {
  const calls = async (text: string) => {
    const { updates, text: said } = await run(text);
    return { begun: only(updates, 'tool_call'), updates: only(updates, 'tool_call_update'), said };
  };

  test('edit: a file with stretches that stay, and a new one', async () => {
    const last = (await calls('/tool edit')).updates.at(-1);
    const diffs = (last?.content ?? []).flatMap((item) => (item.type === 'diff' ? [item] : []));
    expect(diffs.map(({ oldText }) => oldText?.split('\n').length)).toEqual([38, undefined]);
    expect(diffs[0]?.newText).toContain('Math.min(MOST');
  });

  test('run: colours, and a bar drawn over itself, in the output as it grows', async () => {
    const { begun, updates } = await calls('/tool run');
    expect(begun[0]?.kind).toBe('execute');
    const outputs = updates.flatMap(({ content }) =>
      content?.[0]?.type === 'content' && content[0].content.type === 'text'
        ? [content[0].content.text]
        : [],
    );
    expect(outputs).toHaveLength(21);
    for (const [at, output] of outputs.entries()) {
      expect(output.startsWith(outputs[at - 1] ?? '')).toBe(true);
    }
    expect(outputs.at(-1)).toContain('\u001B[1;32m ✓');
    expect(outputs.at(-1)?.split('\r\u001B[36m')).toHaveLength(21);
  });

  test('search: places; fail: a call that failed', async () => {
    expect((await calls('/tool search')).updates.at(-1)?.locations).toHaveLength(3);
    expect((await calls('/tool fail')).updates.at(-1)?.status).toBe('failed');
  });

  test('many: as many as asked for, each with an id of its own', async () => {
    const { begun } = await calls('/tool many 300');
    expect(new Set(begun.map(({ toolCallId }) => toolCallId)).size).toBe(300);
  });

  test.each(['/tool sing', '/tool edit now', '/tool many 0', '/tool many 10001', '/tool many x'])(
    '[A3] %s: says what it takes',
    async (text) => {
      const { begun, said } = await calls(text);
      expect(begun).toEqual([]);
      expect(said).toMatch(/^\/tool.*(must be|takes)/);
    },
  );
});

test('[P39] /plan <steps> <s>: as many steps, each as long', async () => {
  const { updates, took } = await run('/plan 5 2');
  expect(only(updates, 'plan').map(({ entries }) => entries.length)).toEqual([5, 5, 5, 5, 5, 5]);
  expect(took).toBeGreaterThanOrEqual(10_000);
});

test('/plan: every step once in progress, at the end all completed', async () => {
  const plans = only((await run('/plan')).updates, 'plan').map(({ entries }) =>
    entries.map(({ status }) => status),
  );
  expect(plans).toEqual([
    ['in_progress', 'pending', 'pending'],
    ['completed', 'in_progress', 'pending'],
    ['completed', 'completed', 'in_progress'],
    ['completed', 'completed', 'completed'],
  ]);
});

describe('/permission', () => {
  test.each([
    [{ outcome: 'selected', optionId: 'allow-once' } as const, 'completed', 'Allow once'],
    [{ outcome: 'selected', optionId: 'reject-once' } as const, 'failed', 'Reject'],
    [{ outcome: 'cancelled' } as const, 'failed', 'was cancelled'],
  ])('%j', async (outcome, status, words) => {
    const { open } = world();
    const { session, seen } = await open();
    const running = session.prompt(prompt('/permission'));
    const asked = await seen.permissionAsked();
    asked.answer(outcome);
    expect(await running).toBe('end_turn');
    expect(only(seen.updates, 'tool_call_update').at(-1)).toMatchObject({
      toolCallId: asked.request.toolCall.toolCallId,
      status,
    });
    expect(seen.text()).toContain(words);
  });
});

describe('/question', () => {
  test('asks for a text, a choice, a yes or no and a number', async () => {
    const { open } = world();
    const { session, seen } = await open();
    const running = session.prompt(prompt('/question'));
    const asked = await seen.questionAsked();
    expect(asked.request).toMatchObject({
      mode: 'form',
      requestedSchema: {
        properties: {
          name: { type: 'string' },
          channel: { type: 'string', oneOf: expect.any(Array) },
          announce: { type: 'boolean' },
          percent: { type: 'integer', minimum: 1, maximum: 100 },
        },
        required: ['name', 'channel'],
      },
    });
    asked.answer({ action: 'decline' });
    await running;
    expect(seen.text()).toContain('You declined');
  });

  test('a client that shows no forms is told so', async () => {
    const texts: string[] = [];
    const app = createDemoAgent({
      now: () => 0,
      sleep: () => Promise.resolve(),
      nextTask,
      newId: () => 'id',
      crash: () => new Promise(() => {}),
    });
    await client()
      .onNotification(methods.client.session.update, ({ params: { update } }) => {
        if (update.sessionUpdate === 'agent_message_chunk' && update.content.type === 'text') {
          texts.push(update.content.text);
        }
      })
      .connectWith(app, async (agent) => {
        await agent.request(methods.agent.initialize, { protocolVersion: 1 });
        const { sessionId } = await agent.request(methods.agent.session.new, {
          cwd: '/',
          mcpServers: [],
        });
        await agent.request(methods.agent.session.prompt, {
          sessionId,
          prompt: prompt('/question'),
        });
      });
    expect(texts.join('')).toBe('I would ask you, but this client shows no forms.');
  });
});

test('/title names the session; without a name it asks for one', async () => {
  const { updates } = await run('/title   A day\n at the river ');
  expect(only(updates, 'session_info_update')).toEqual([
    { sessionUpdate: 'session_info_update', title: 'A day at the river' },
  ]);
  expect((await run('/title')).text).toContain('what shall this session be called?');
});

test('/compact gives a new canonical id between two texts', async () => {
  const { updates } = await run('/compact');
  const at = updates.findIndex(({ sessionUpdate }) => sessionUpdate === 'session_info_update');
  expect(updates[at]).toMatchObject({
    _meta: { 'tabcast/canonicalId': expect.stringMatching(/^[A-Za-z0-9_-]{1,64}$/) },
  });
  const kinds = updates.map(({ sessionUpdate }) => sessionUpdate);
  expect(kinds.slice(0, at)).toContain('agent_message_chunk');
  expect(kinds.slice(at + 1)).toContain('agent_message_chunk');
});

test('/slow is silent, then says a word', async () => {
  const { updates, text, took } = await run('/slow 3.5');
  expect([updates.length, text, took]).toEqual([1, 'Done.', 3500]);
  expect((await run('/slow 9999')).text).toMatch(/must be a number from 0 to 3600/);
});

test('/help lists every command', async () => {
  const { text } = await run('/help');
  for (const { name } of advertised()) expect(text).toContain(`/${name}`);
});

test('an unknown command is named', async () => {
  expect((await run('/constructor now')).text).toContain('There is no command /constructor.');
});

test('anything else is quoted at its beginning, and help follows', async () => {
  const { text } = await run(`What is this?\n${'🌊'.repeat(500)}`);
  expect(text).toContain('> What is this?\n> 🌊');
  expect(text).toContain('🌊…');
  expect(text).toContain('/count');
  expect(text.length).toBeLessThan(2000);
});

/** A session whose agent sleeps `naps` times without waiting, and then until it is cancelled. */
async function sleepy(naps: number) {
  let slept = 0;
  let fallAsleep = (): void => {};
  const asleep = new Promise<'asleep'>((resolve) => {
    fallAsleep = () => resolve('asleep');
  });
  const sleep = async (_ms: number, signal: AbortSignal): Promise<void> => {
    slept += 1;
    if (slept <= naps) return;
    fallAsleep();
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  };
  const { open, host } = createHostWorld(spawnDemo({ now: () => 0, sleep }).spawn);
  closers.push(host.close);
  return { ...(await open()), asleep };
}

describe('[O11] cancel ends a command at once, wherever it is', () => {
  const inputs: Record<string, string> = { count: '9 10', markdown: '4 1', title: 'x', slow: '60' };
  const commands = advertised().flatMap(({ name }) =>
    [0, 1, 4].map((naps): [string, number] => [`/${name} ${inputs[name] ?? ''}`, naps]),
  );
  test.each(commands)('%s after %d naps', async (text, naps) => {
    const { session, seen, asleep } = await sleepy(naps);
    const running = session.prompt(prompt(text));
    const first = await Promise.race([asleep, running.catch(() => 'failed')]);
    // Few of them sleep that little.
    if (first !== 'asleep') return expect(naps).toBeGreaterThan(0);
    // What was said may still be on its way: a text after another update waits for a task.
    for (let task = 0; task < 20; task += 1) await nextTask();
    const before = seen.text();
    session.cancel();
    expect(await running).toBe('cancelled');
    expect(seen.text()).toBe(before);
  });
});

test('[O11] cancel ends a stream that never pauses', async () => {
  const { open, host } = createHostWorld(spawnDemo().spawn);
  closers.push(host.close);
  const { session, seen } = await open();
  const running = session.prompt(prompt('/count 1000000'));
  await seen.says('10 ');
  session.cancel();
  expect(await running).toBe('cancelled');
  expect(seen.updates.length).toBeLessThan(900_000);
});

test('a second prompt while one runs is refused, and the first goes on', async () => {
  const { open } = world();
  const { session, seen } = await open();
  const running = session.prompt(prompt('/permission'));
  const asked = await seen.permissionAsked();
  await expect(session.prompt(prompt('/count 1'))).rejects.toThrow(/a prompt of this session/);
  asked.answer({ outcome: 'cancelled' });
  expect(await running).toBe('end_turn');
});
