import { methods, RequestError } from '@agentclientprotocol/sdk';
import { afterEach, describe, expect, test } from 'vitest';
import { SOON } from './testing/recorder.ts';
import { createFakeSpawn } from './testing/fake-process.ts';
import { createHostWorld, prompt } from './testing/host-world.ts';
import {
  createScriptedAgent,
  send,
  text,
  type AgentScript,
  type Call,
} from './testing/scripted-agent.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

type Prompt = NonNullable<NonNullable<AgentScript['handlers']>['session/prompt']>;

function world(onPrompt: Prompt, hello: AgentScript['hello'] = {}) {
  const calls: Call[] = [];
  const { spawn, processes } = createFakeSpawn(() =>
    createScriptedAgent({ hello, handlers: { 'session/prompt': onPrompt } }, calls),
  );
  const made = createHostWorld(spawn);
  closers.push(made.host.close);
  return { ...made, calls, processes };
}

const toolCall = { toolCallId: 'call', title: 'Try' };

describe('order', () => {
  test('updates, requests and the answer are handed over in the order of the wire, in one write', async () => {
    const { open, processes } = world(() => new Promise(() => {}));
    const { session, seen } = await open();
    const running = session.prompt(prompt('hi'));
    const update = (words: string): object => ({
      method: 'session/update',
      params: { sessionId: 'fresh', update: text(words) },
    });
    const messages = [
      update('a'),
      {
        id: 'p',
        method: 'session/request_permission',
        params: { sessionId: 'fresh', toolCall, options: [] },
      },
      update('b'),
      {
        id: 'q',
        method: 'elicitation/create',
        params: { mode: 'form', sessionId: 'fresh', message: '?', requestedSchema: {} },
      },
      {
        id: 'r',
        method: 'session/request_permission',
        params: { sessionId: 'fresh', toolCall, options: [] },
      },
      update('c'),
      // The answer to the third request of this connection: initialize, session/new, session/prompt.
      { id: 2, result: { stopReason: 'end_turn' } },
      update('d'),
    ];
    const lines = messages.map((message) => JSON.stringify({ jsonrpc: '2.0', ...message }));
    const settled = running.then((reason) => seen.order.push(reason));
    processes[0]?.write(`${lines.join('\n')}\n`);
    await settled;
    await seen.says('d');
    expect(seen.order).toEqual([
      'a',
      'permission',
      'b',
      'question',
      'permission',
      'c',
      'end_turn',
      'd',
    ]);
  });

  test('a handler that throws loses its update only', async () => {
    const { host, lines } = world(async ({ client }) => {
      await send(client, 'fresh', text('a'), text('b'), text('c'));
      return { stopReason: 'end_turn' };
    });
    const heard: string[] = [];
    const session = await host.open({
      agentId: 'fake',
      cwd: '/',
      agentSessionId: null,
      handlers: {
        onUpdate(update) {
          const words = JSON.stringify(update);
          if (words.includes('"b"')) throw new Error('bad day');
          heard.push(words);
        },
        onPermission: () => Promise.reject(new Error('unused')),
        onQuestion: () => Promise.reject(new Error('unused')),
      },
    });
    expect(await session.prompt(prompt('hi'))).toBe('end_turn');
    expect(heard).toHaveLength(2);
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });
});

describe('requests', () => {
  test('a permission that the agent takes back: its signal aborts and the agent gets an answer', async () => {
    const outcomes: unknown[] = [];
    const { open } = world(async ({ client }) => {
      const back = new AbortController();
      const asking = client.request(
        methods.client.session.requestPermission,
        { sessionId: 'fresh', toolCall, options: [] },
        { cancellationSignal: back.signal },
      );
      await send(client, 'fresh', text('asked'));
      setImmediate(() => back.abort());
      outcomes.push(await asking);
      return { stopReason: 'end_turn' };
    });
    const { session, seen } = await open();
    await session.prompt(prompt('hi'));
    expect(seen.permissions[0]?.signal.aborted).toBe(true);
    expect(outcomes).toEqual([{ outcome: { outcome: 'cancelled' } }]);
    // Too late for anybody: no unhandled rejection.
    seen.permissions[0]?.fail(new Error('late'));
  });

  test('a permission that could not be asked is answered as cancelled', async () => {
    const outcomes: unknown[] = [];
    const { open, lines } = world(async ({ client }) => {
      outcomes.push(
        await client.request(methods.client.session.requestPermission, {
          sessionId: 'fresh',
          toolCall,
          options: [],
        }),
      );
      return { stopReason: 'end_turn' };
    });
    const { session, seen } = await open();
    const running = session.prompt(prompt('hi'));
    (await seen.permissionAsked()).fail(new Error('the store is gone'));
    await running;
    expect(outcomes).toEqual([{ outcome: { outcome: 'cancelled' } }]);
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  test('what no session can show: cancelled; what is no form: declined', async () => {
    const answers: unknown[] = [];
    const { open } = world(async ({ client }) => {
      const { requestPermission } = methods.client.session;
      const { create } = methods.client.elicitation;
      const form = { mode: 'form', message: '?', requestedSchema: {} } as const;
      const url = { mode: 'url', message: '?', elicitationId: 'e', url: 'https://example.com' };
      answers.push(
        await client.request(requestPermission, { sessionId: 'other', toolCall, options: [] }),
        await client.request(create, { ...form, sessionId: 'other' }),
        await client.request(create, { ...form, requestId: 7 }),
        await client.request(create, { ...url, sessionId: 'fresh' }),
      );
      return { stopReason: 'end_turn' };
    });
    const { session, seen } = await open();
    await session.prompt(prompt('hi'));
    expect(answers).toEqual([
      { outcome: { outcome: 'cancelled' } },
      { action: 'cancel' },
      { action: 'cancel' },
      { action: 'decline' },
    ]);
    expect([...seen.permissions, ...seen.questions]).toEqual([]);
  });
});

describe('prompts', () => {
  test('[O11] an error that a cancel caused inside the agent counts as cancelled', async () => {
    let stop = (): void => {};
    const cancelled = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const { open, calls } = world(async ({ client }) => {
      await send(client, 'fresh', text('working'));
      await cancelled;
      throw RequestError.internalError({ details: 'AbortError' });
    });
    const { session, seen } = await open();
    const running = session.prompt(prompt('hi'));
    await seen.says('working');
    session.cancel();
    await expect.poll(() => calls.at(-1)?.method, SOON).toBe('session/cancel');
    stop();
    expect(await running).toBe('cancelled');
  });

  test('[O11] a cancel with nothing to cancel is not sent', async () => {
    const { open, calls } = world(() => ({ stopReason: 'end_turn' }));
    const { session } = await open();
    session.cancel();
    await session.prompt(prompt('hi'));
    session.cancel();
    await session.prompt(prompt('hi'));
    expect(calls.map(({ method }) => method)).not.toContain('session/cancel');
  });

  test('content that the agent does not take is refused before it is sent', async () => {
    const { open, calls } = world(() => ({ stopReason: 'end_turn' }));
    const { session } = await open();
    const image = { type: 'image', data: '', mimeType: 'image/png' } as const;
    await expect(session.prompt([image])).rejects.toMatchObject({
      code: 'agent_error',
      message: 'Fake does not take images. Send the message without.',
    });
    expect(calls.map(({ method }) => method)).not.toContain('session/prompt');
  });

  test('content that it does take is sent', async () => {
    const { open, calls } = world(() => ({ stopReason: 'end_turn' }), {
      agentCapabilities: { promptCapabilities: { image: true } },
    });
    const { session } = await open();
    const image = { type: 'image', data: 'AAAA', mimeType: 'image/png' } as const;
    await session.prompt([image]);
    expect(calls.at(-1)?.params).toEqual({ sessionId: 'fresh', prompt: [image] });
  });

  test('[A3] a stop reason that is not ACP: agent_error', async () => {
    const { open } = world(() => ({ stopReason: 'tired' }) as never);
    const { session } = await open();
    await expect(session.prompt(prompt('hi'))).rejects.toMatchObject({ code: 'agent_error' });
  });

  test('release tells an agent that can close sessions', async () => {
    const calls: Call[] = [];
    const { spawn } = createFakeSpawn(() =>
      createScriptedAgent(
        {
          hello: { agentCapabilities: { sessionCapabilities: { close: {} } } },
          handlers: { 'session/close': () => ({}) },
        },
        calls,
      ),
    );
    const { open, host } = createHostWorld(spawn);
    closers.push(host.close);
    const { session } = await open();
    session.release();
    session.release();
    await open();
    expect(calls.filter(({ method }) => method === 'session/close')).toEqual([
      { method: 'session/close', params: { sessionId: 'fresh' } },
    ]);
  });
});
