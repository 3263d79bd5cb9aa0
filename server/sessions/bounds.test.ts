import { describe, expect, test, vi } from 'vitest';
import { LIMITS } from '../../shared/commands.ts';
import type { SessionUpdate } from '../../shared/events.ts';
import type { Limits } from '../limits.ts';
import type { Part } from '../../shared/state.ts';
import { createMemoryStore } from '../store/testing/memory.ts';
import type { SessionHandle } from './service.ts';
import type { FakePrompt } from './testing/fake-host.ts';
import { createWorld, OWNER, type World } from './testing/world.ts';
import { MAX_EVENT_BYTES, MAX_OPEN_REQUESTS } from './turn-intake.ts';

const text = (value: string) => [{ type: 'text' as const, text: value }];
let keys = 0;
const ask = (session: SessionHandle, words: string) =>
  session.prompt({ prompt: text(words), key: `bound${(keys += 1)}`, mode: 'queue' });
const bounded = (limits: Partial<Limits>) => createWorld(createMemoryStore(), 0, { limits });
const idle = (session: SessionHandle) =>
  vi.waitFor(() => expect(session.row().status).toBe('idle'));

async function nthPrompt(world: World, n: number): Promise<FakePrompt> {
  await vi.waitFor(() => expect(world.host.prompts).toHaveLength(n));
  return world.host.prompts[n - 1] as FakePrompt;
}

async function running(limits: Partial<Limits> = {}) {
  const world = await bounded(limits);
  const session = await world.create();
  await ask(session, 'hello');
  const agent = await nthPrompt(world, 1);
  const parts = (): Part[] => {
    const { live, turns } = session.view().state;
    return (live ?? turns.at(-1))?.parts ?? [];
  };
  const notices = () =>
    parts().flatMap((part) => (part.kind === 'notice' ? [part.notice.title] : []));
  return { world, session, agent, parts, notices };
}

describe('[A5] what people may have at once', () => {
  test('sessions: the one too many is refused, also of many at the same moment; a deleted one makes room', async () => {
    const world = await bounded({ sessions: 3 });
    const made = await Promise.allSettled(
      Array.from({ length: 8 }, () => world.service.create(OWNER, {})),
    );
    const rows = made.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(rows).toHaveLength(3);
    await expect(world.service.create(OWNER, {})).rejects.toMatchObject({
      code: 'too_many',
      message: expect.stringMatching(/^You have 3 sessions, .* Delete some .* archived/),
    });
    // Another person's are another count.
    await world.service.create('somebody else', {});
    await (await world.service.open(OWNER, rows[0]?.id ?? '')).delete();
    await world.service.create(OWNER, {});
  });

  test('turns: the one too many is refused and nothing of it is kept; a queue behind a running turn is no new one', async () => {
    const world = await bounded({ turns: 2 });
    const sessions = await Promise.all([world.create(), world.create(), world.create()]);
    const [a, b, c] = sessions as [SessionHandle, SessionHandle, SessionHandle];
    const texts = ['to a', 'to b', 'to c'];
    const asked = await Promise.allSettled(
      sessions.map((session, at) => ask(session, texts[at] ?? '')),
    );
    // Which of them reaches its agent first is open.
    const prompt = (text: string) =>
      world.host.prompts.find(
        ({ blocks: [block] }) => block?.type === 'text' && block.text === text,
      );
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(asked[2]).toMatchObject({
      reason: { code: 'too_many', message: expect.stringMatching(/^2 turns run already/) },
    });
    expect(c.row()).toMatchObject({ status: 'idle', queued: 0, lastSeq: 0 });
    await ask(a, 'then this');
    await nthPrompt(world, 2);
    prompt('to a')?.end();
    await nthPrompt(world, 3);
    expect(world.service.runningTurns()).toBe(2);
    await expect(ask(c, 'again')).rejects.toMatchObject({ code: 'too_many' });
    prompt('to b')?.end();
    await idle(b);
    await ask(c, 'now');
    expect(world.service.runningTurns()).toBe(2);
  });

  test('turns: a held queue that is started or released counts too, and stays held when refused', async () => {
    const world = await bounded({ turns: 1 });
    const [a, b] = [await world.create(), await world.create()];
    await ask(a, 'one');
    const waits = await ask(a, 'two');
    (await nthPrompt(world, 1)).fail(new Error('dead'));
    await idle(a);
    await ask(b, 'other');
    await expect(a.releaseQueue()).rejects.toMatchObject({ code: 'too_many' });
    await expect(a.startQueued(waits)).rejects.toMatchObject({ code: 'too_many' });
    expect(a.view().state.queue).toMatchObject([{ turnId: waits, held: true }]);
    (await nthPrompt(world, 2)).end();
    await idle(b);
    expect(await a.releaseQueue()).toBe(1);
    await nthPrompt(world, 3);
  });

  test('turns: a start that could not be stored gives its place back', async () => {
    const world = await bounded({ turns: 1 });
    const [a, b] = [await world.create(), await world.create()];
    const { append } = world.store;
    world.store.append = () => Promise.reject(new Error('disk full'));
    await expect(ask(a, 'lost')).rejects.toThrow('disk full');
    world.store.append = append;
    expect(world.service.runningTurns()).toBe(0);
    await ask(b, 'goes');
  });

  test('the queue of a session: its number, and its size', async () => {
    const { session } = await running({ queue: 2 });
    const [one] = [await ask(session, 'one'), await ask(session, 'two')];
    await expect(ask(session, 'three')).rejects.toMatchObject({
      code: 'too_many',
      message: 'The queue is full: 2 messages wait already.',
    });
    await session.removeQueued(one);
    await ask(session, 'x'.repeat(LIMITS.queueText - 3));
    const large = { code: 'too_many', message: expect.stringMatching(/more than 32 MB together/) };
    await session.removeQueued(session.view().state.queue[0]?.turnId ?? '');
    await expect(ask(session, 'four')).rejects.toMatchObject(large);
    const small = await ask(session, 'abc');
    await expect(session.changeQueued(small, { prompt: text('abcd') })).rejects.toMatchObject(
      large,
    );
    await session.changeQueued(small, { prompt: text('xyz') });
  });
});

describe('[L12] what an agent may send', () => {
  test('a piece of megabytes is cut, says so, and the turn goes on; told once per tool call', async () => {
    const { session, agent, parts, notices } = await running();
    agent.say('y'.repeat(3 * MAX_EVENT_BYTES));
    const output = (length: number): SessionUpdate => ({
      sessionUpdate: 'tool_call_update',
      toolCallId: 'shell',
      rawOutput: 'z'.repeat(length),
    });
    for (const times of [2, 3, 4]) agent.update(output(times * MAX_EVENT_BYTES));
    agent.say('after');
    agent.end();
    await idle(session);
    const [long, , tool] = parts();
    expect(long?.kind === 'text' && long.text).toMatch(
      /^y+\n\[… 2,1\d\d,\d{3} characters were left out\]$/,
    );
    expect(tool).toMatchObject({ kind: 'tool', call: { toolCallId: 'shell' } });
    expect(JSON.stringify(tool).length).toBeLessThan(MAX_EVENT_BYTES);
    expect(parts().at(-1)).toMatchObject({ kind: 'text', text: 'after' });
    expect(notices()).toEqual([
      'Part of what the agent sent was left out',
      'Part of what the agent sent was left out',
    ]);
    expect(session.view().state.turns[0]?.end).toMatchObject({ reason: 'end_turn', error: null });
  });

  test('what can not be cut is left out, and says so', async () => {
    const { session, agent, notices } = await running();
    const entry = { content: 'x', priority: 'low' as const, status: 'pending' as const };
    const names = Array.from({ length: 16 }, (_, n) => `${n}`.padEnd(200, '-'));
    const wide = (depth: number): unknown =>
      depth === 0
        ? 'w'.repeat(900)
        : Object.fromEntries(names.map((name) => [name, wide(depth - 1)]));
    const shared = wide(3);
    agent.update({
      sessionUpdate: 'plan',
      entries: Array.from({ length: 16 }, () => ({ ...entry, _meta: { shared } })),
    });
    agent.end();
    await idle(session);
    expect(notices()).toEqual(['Something that the agent sent was left out']);
  });

  test('a turn keeps so many megabytes: then it goes on, says so once, and ends as the agent ends it', async () => {
    const { session, agent, parts, notices } = await running({ turnMegabytes: 1 });
    const shell = { toolCallId: 'shell', title: 'make' };
    agent.update({ sessionUpdate: 'tool_call', ...shell, status: 'in_progress' });
    for (let n = 0; n < 30; n += 1) agent.say('x'.repeat(100_000));
    agent.update({ sessionUpdate: 'tool_call_update', toolCallId: 'shell', status: 'completed' });
    const answer = agent.handlers.onPermission(
      { sessionId: 's', toolCall: shell, options: [] },
      new AbortController().signal,
    );
    expect(await answer).toEqual({ outcome: 'cancelled' });
    expect(session.row().status).toBe('running');
    agent.end();
    await idle(session);
    expect(notices()).toEqual(['More than 1 MB came in this turn']);
    const said = parts().map((part) => (part.kind === 'text' ? part.text.length : 0));
    expect(Math.max(...said)).toBe(1_000_000);
    expect(parts()[0]).toMatchObject({ kind: 'tool', call: { status: 'completed' } });
    // The next turn has its own room.
    await ask(session, 'next');
  });

  test('thousands of requests at once: so many are asked, the rest is answered, and the session says so', async () => {
    const { session, agent, notices } = await running();
    const asked = Array.from({ length: 3000 }, (_, n) =>
      agent.handlers.onPermission(
        {
          sessionId: 's',
          toolCall: { toolCallId: `t${n}`, title: `tool ${n}` },
          options: [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }],
        },
        new AbortController().signal,
      ),
    );
    const rest = await Promise.all(asked.slice(MAX_OPEN_REQUESTS));
    expect(new Set(rest.map(({ outcome }) => outcome))).toEqual(new Set(['cancelled']));
    await vi.waitFor(() => expect(session.row().openRequests).toBe(MAX_OPEN_REQUESTS));
    expect(notices()).toEqual([
      `The agent asked for more than ${MAX_OPEN_REQUESTS} things at once`,
    ]);
    const [first] = session.row().asks;
    await session.answer(first?.requestId ?? '', { outcome: 'selected', optionId: 'yes' });
    expect(await asked[0]).toEqual({ outcome: 'selected', optionId: 'yes' });
    const again = agent.handlers.onPermission(
      { sessionId: 's', toolCall: { toolCallId: 'one more' }, options: [] },
      new AbortController().signal,
    );
    await vi.waitFor(() => expect(session.row().openRequests).toBe(MAX_OPEN_REQUESTS));
    agent.end();
    expect(await again).toEqual({ outcome: 'cancelled' });
  });

  test('a form that is too large is not asked', async () => {
    const { agent, notices } = await running();
    const answer = await agent.handlers.onQuestion(
      {
        sessionId: 's',
        mode: 'form',
        message: 'm'.repeat(2 * MAX_EVENT_BYTES),
        requestedSchema: { type: 'object', properties: {} },
      },
      new AbortController().signal,
    );
    expect(answer).toEqual({ action: 'cancel' });
    await vi.waitFor(() => expect(notices()).toHaveLength(1));
  });

  test('what is not stored yet holds the agent back, and nothing is lost of it', async () => {
    const { world, session, agent, parts } = await running();
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { append } = world.store;
    world.store.append = async (step) => {
      await gate;
      return append(step);
    };
    let sent = 0;
    let held: Promise<void> | undefined;
    while (held === undefined && sent < 100) {
      sent += 1;
      const update = { type: 'text' as const, text: 'w'.repeat(100_000) };
      held = agent.handlers.onUpdate({ sessionUpdate: 'agent_message_chunk', content: update }) as
        | Promise<void>
        | undefined;
    }
    // A megabyte, and what waits in the window.
    expect(sent).toBeGreaterThan(10);
    expect(sent).toBeLessThan(16);
    let free = false;
    void held?.then(() => (free = true));
    await Promise.resolve();
    expect(free).toBe(false);
    release();
    await held;
    agent.end();
    await idle(session);
    expect(parts()).toMatchObject([{ kind: 'text', text: 'w'.repeat(sent * 100_000) }]);
  });
});
