import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { EventBody, SessionEvent } from '../../shared/events.ts';
import { foldEvents } from '../../shared/reducer.ts';
import { emptyState } from '../../shared/state.ts';
import { AgentError } from '../agents/agent-host.ts';
import { silentLogger } from '../testing/silent-logger.ts';
import type { SessionHandle } from './service.ts';
import type { FakeHost, FakePrompt } from './testing/fake-host.ts';
import { createWorld, OWNER, readAll, type World } from './testing/world.ts';

const text = (value: string) => [{ type: 'text' as const, text: value }];
let keys = 0;
const ask = (session: SessionHandle, words: string, mode: 'queue' | 'interrupt' = 'queue') =>
  session.prompt({ prompt: text(words), key: `key${(keys += 1)}`, mode });

async function nthPrompt(host: FakeHost, n: number): Promise<FakePrompt> {
  await vi.waitFor(() => expect(host.prompts).toHaveLength(n));
  return host.prompts[n - 1] as FakePrompt;
}

async function running(): Promise<{
  world: World;
  session: SessionHandle;
  turnId: string;
  agent: FakePrompt;
}> {
  const world = await createWorld();
  const session = await world.create();
  const turnId = await ask(session, 'hello');
  return { world, session, turnId, agent: await nthPrompt(world.host, 1) };
}

const types = (events: SessionEvent[]) => events.map((event) => event.type);
const idle = (session: SessionHandle) =>
  vi.waitFor(() => expect(session.row().status).toBe('idle'));

function ends(events: SessionEvent[]): (EventBody & { type: 'turn.ended' })[] {
  return events.filter((event) => event.type === 'turn.ended');
}

describe('a turn', () => {
  test('[L1] [L2] runs from queued to its end, gapless, and every frame is the fold', async () => {
    const { session, agent, turnId } = await running();
    agent.say('one ');
    agent.say('two');
    agent.end();
    await idle(session);
    const events = await readAll(session.feed);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(types(events).filter((type) => type !== 'update')).toEqual([
      'turn.queued',
      'turn.started',
      'turn.ended',
    ]);
    expect(foldEvents(emptyState(session.feed.logId), events)).toEqual(session.view().state);
    expect(session.view().state.turns[0]).toMatchObject({
      turnId,
      parts: [{ kind: 'text', text: 'one two' }],
      end: { reason: 'end_turn' },
    });
  });

  test('[L2] an event is published only when it is stored', async () => {
    const world = await createWorld();
    const session = await world.create();
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { append } = world.store;
    world.store.append = async (step) => {
      await gate;
      return append(step);
    };
    const asked = ask(session, 'hello');
    await Promise.resolve();
    expect(session.feed.lastSeq).toBe(0);
    expect(await readAll(session.feed)).toEqual([]);
    release();
    await asked;
    expect(types(await readAll(session.feed))).toEqual(['turn.queued', 'turn.started']);
  });

  test('[L3] an agent that answers twice or dies after its answer ends its turn once', async () => {
    const { world, session, agent } = await running();
    agent.end();
    await idle(session);
    world.host.crash('late');
    agent.fail(new AgentError('agent_exited', 'late'));
    const turn = await ask(session, 'again');
    (await nthPrompt(world.host, 2)).end();
    await idle(session);
    const events = await readAll(session.feed);
    expect(ends(events)).toHaveLength(2);
    expect(ends(events)[1]).toMatchObject({ turnId: turn, reason: 'end_turn' });
  });

  test('[L3] the end of a turn and the start of the next one are one write', async () => {
    const { world, session, agent } = await running();
    const next = await ask(session, 'next');
    const writes: string[][] = [];
    const { append } = world.store;
    world.store.append = (step) => {
      writes.push(step.entries.map(({ json }) => (JSON.parse(json) as SessionEvent).type));
      return append(step);
    };
    agent.end();
    await nthPrompt(world.host, 2);
    expect(writes).toEqual([['turn.ended', 'turn.started']]);
    expect(session.row()).toMatchObject({ status: 'running', activeTurnId: next });
  });

  test('[L7] text is merged while a window is open, and the first delta goes at once', async () => {
    const { world, session, agent } = await running();
    agent.say('a');
    await vi.waitFor(() => expect(session.feed.lastSeq).toBe(3));
    agent.say('b');
    agent.say('c');
    expect(session.feed.lastSeq).toBe(3);
    world.timers.advance(25);
    await vi.waitFor(() => expect(session.feed.lastSeq).toBe(4));
    const [last] = await readAll(session.feed, 3);
    expect(last).toMatchObject({ update: { content: { text: 'bc' } } });
    agent.end();
    await idle(session);
    expect(world.timers.pending).toBe(0);
  });

  test('the error of an agent that fails ends the turn with its reason, and the next prompt works', async () => {
    const { world, session } = await running();
    world.host.crash('Segmentation fault');
    await idle(session);
    expect(session.view().state.turns[0]?.end).toMatchObject({
      reason: 'failed',
      error: { code: 'agent_exited', message: 'The agent died.', detail: 'Segmentation fault' },
    });
    await ask(session, 'again');
    const again = await nthPrompt(world.host, 2);
    expect(world.host.opened[1]?.agentSessionId).toBe('agent-1');
    again.end();
    await idle(session);
  });

  test('an agent that can not be started ends the turn, and a later start is tried anew', async () => {
    const world = await createWorld();
    const session = await world.create();
    world.host.next = { error: new AgentError('agent_start', 'No such command.') };
    await ask(session, 'hello');
    await idle(session);
    expect(session.view().state.turns[0]?.end?.error?.code).toBe('agent_start');
    world.host.next = {};
    await ask(session, 'again');
    (await nthPrompt(world.host, 1)).end();
    await idle(session);
  });

  test('an agent that lost its memory is told of in the transcript', async () => {
    const world = await createWorld();
    const session = await world.create();
    world.host.next = { memory: 'lost' };
    await ask(session, 'hello');
    const agent = await nthPrompt(world.host, 1);
    agent.end();
    await idle(session);
    expect(session.view().state.turns[0]?.parts).toMatchObject([
      { kind: 'notice', notice: { severity: 'warning', title: expect.stringContaining('memory') } },
    ]);
  });
});

describe('prompts', () => {
  test('[L9] the same key gives the same turn: at once, later, and after a restart', async () => {
    const world = await createWorld();
    const session = await world.create();
    const input = { prompt: text('hello'), key: 'same', mode: 'queue' as const };
    const [first, second] = await Promise.all([session.prompt(input), session.prompt(input)]);
    expect(second).toBe(first);
    (await nthPrompt(world.host, 1)).end();
    await idle(session);
    expect(await session.prompt(input)).toBe(first);
    const after = await world.restart();
    const reopened = await after.service.open(OWNER, session.row().id);
    expect(await reopened.prompt(input)).toBe(first);
    expect(
      types(await readAll(reopened.feed)).filter((type) => type === 'turn.queued'),
    ).toHaveLength(1);
  });

  test('[O10] to a busy session queue, in order, and start one after the other without a gap', async () => {
    const { world, session, agent } = await running();
    await ask(session, 'second');
    await ask(session, 'third');
    expect(session.row()).toMatchObject({ status: 'running', queued: 2 });
    agent.end();
    const second = await nthPrompt(world.host, 2);
    expect(second.blocks).toEqual(text('second'));
    second.end();
    const third = await nthPrompt(world.host, 3);
    expect(third.blocks).toEqual(text('third'));
    third.end();
    await idle(session);
    const order = types(await readAll(session.feed));
    // Each end is followed by the next start: no reader sees the session idle in between.
    expect(order.slice(-5)).toEqual([
      'turn.ended',
      'turn.started',
      'turn.ended',
      'turn.started',
      'turn.ended',
    ]);
  });

  test('[O10] stop and send cancels what runs and goes first; the rest of the queue waits', async () => {
    const { world, session, agent } = await running();
    const waits = await ask(session, 'waits');
    await ask(session, 'urgent', 'interrupt');
    await vi.waitFor(() => expect(agent.cancelled).toBe(true));
    expect(session.row().status).toBe('cancelling');
    agent.end('cancelled');
    const urgent = await nthPrompt(world.host, 2);
    expect(urgent.blocks).toEqual(text('urgent'));
    urgent.end();
    await idle(session);
    expect(session.view().state.queue).toMatchObject([{ turnId: waits, held: true }]);
    await session.startQueued(waits);
    (await nthPrompt(world.host, 3)).end();
    await idle(session);
  });

  test('a queued prompt can be taken back, once', async () => {
    const { session } = await running();
    const queued = await ask(session, 'second');
    expect(await session.removeQueued(queued)).toBe(true);
    expect(await session.removeQueued(queued)).toBe(false);
    expect(session.row().queued).toBe(0);
  });

  test('the first prompt names the session, the agent renames it, a person has the last word', async () => {
    const { session, agent } = await running();
    await vi.waitFor(() => expect(session.row().title).toBe('hello'));
    agent.update({ sessionUpdate: 'session_info_update', title: 'Greeting' });
    await vi.waitFor(() => expect(session.row().title).toBe('Greeting'));
    await session.patch({ title: 'Mine' });
    agent.update({ sessionUpdate: 'session_info_update', title: 'Other' });
    agent.end();
    await idle(session);
    expect(session.row().title).toBe('Mine');
  });
});

test('[L11] a title is found at once, a turn when it has settled, under the session’s newest id', async () => {
  const { world, session, agent } = await running();
  const found = async (words: string) =>
    (await world.service.search(OWNER, words, 10)).map(({ sessionId, turnId }) => [
      sessionId,
      turnId,
    ]);
  const { id } = session.row();
  await session.patch({ title: 'Voyage' });
  expect(await found('voyage')).toEqual([[id, null]]);
  agent.say('Lisbon is far.');
  expect(await found('lisbon')).toEqual([]);
  agent.update({
    sessionUpdate: 'session_info_update',
    _meta: { 'tabcast/canonicalId': 'compacted' },
  });
  agent.end();
  await idle(session);
  const turnId = session.view().state.turns[0]?.turnId;
  expect(await found('LISBON')).toEqual([['compacted', turnId]]);
  expect(await found('hello')).toEqual([['compacted', turnId]]);
  await session.delete();
  expect(await found('lisbon')).toEqual([]);
});

describe('cancel', () => {
  test('[O11] becomes session/cancel, shows cancelling until the end, and is idempotent', async () => {
    const { session, agent, turnId } = await running();
    expect(await session.cancel(turnId)).toBe(true);
    expect(await session.cancel(turnId)).toBe(true);
    expect(agent.cancelled).toBe(true);
    expect(session.row().status).toBe('cancelling');
    agent.say('last words');
    agent.end('cancelled');
    await idle(session);
    const events = await readAll(session.feed);
    expect(types(events).filter((type) => type === 'turn.cancelling')).toHaveLength(1);
    expect(session.view().state.turns[0]).toMatchObject({
      end: { reason: 'cancelled' },
      parts: [{ text: 'last words' }],
    });
  });

  test('[O11] a stale turn id is a no-op', async () => {
    const { world, session, agent, turnId } = await running();
    agent.end();
    await idle(session);
    await ask(session, 'second');
    const second = await nthPrompt(world.host, 2);
    expect(await session.cancel(turnId)).toBe(false);
    expect(second.cancelled).toBe(false);
    expect(session.row().status).toBe('running');
  });

  test('[O11] before the agent answered: it ends at once, and the prompt never reaches the agent', async () => {
    const world = await createWorld();
    const session = await world.create();
    let open = (): void => {};
    world.host.next = { gate: new Promise((resolve) => (open = resolve)) };
    const turnId = await ask(session, 'hello');
    await session.cancel(turnId);
    await idle(session);
    open();
    await ask(session, 'second');
    const second = await nthPrompt(world.host, 1);
    expect(second.blocks).toEqual(text('second'));
    second.end();
    await idle(session);
  });

  test('[O11] an agent that never answers its cancel is given up; what it still sends goes nowhere', async () => {
    const { world, session, agent, turnId } = await running();
    await session.cancel(turnId);
    await vi.waitFor(() => expect(agent.cancelled).toBe(true));
    await vi.waitFor(() => expect(world.timers.pending).toBeGreaterThan(0));
    world.timers.advance(15_000);
    await idle(session);
    expect(world.host.released).toBe(1);
    await ask(session, 'second');
    const second = await nthPrompt(world.host, 2);
    agent.say('late token of the cancelled turn');
    second.say('mine');
    second.end();
    await idle(session);
    expect(session.view().state.turns.map((turn) => turn.parts)).toEqual([
      [],
      [{ kind: 'text', text: 'mine', messageId: null }],
    ]);
  });

  test('[O11] a late update of an earlier tool call does not appear in the next turn', async () => {
    const { world, session, agent } = await running();
    agent.update({ sessionUpdate: 'tool_call', toolCallId: 'call', title: 'Tool' });
    agent.end();
    await idle(session);
    await ask(session, 'second');
    const second = await nthPrompt(world.host, 2);
    second.update({ sessionUpdate: 'tool_call_update', toolCallId: 'call', status: 'completed' });
    second.end();
    await idle(session);
    expect(session.view().state.turns[1]?.parts).toEqual([]);
  });

  test('an answer with an error to a cancelled prompt is a cancelled turn, not a failed one', async () => {
    const { session, agent, turnId } = await running();
    await session.cancel(turnId);
    agent.fail(new AgentError('agent_error', 'aborted'));
    await idle(session);
    expect(session.view().state.turns[0]?.end).toMatchObject({ reason: 'cancelled', error: null });
  });
});

describe('requests', () => {
  const permission = {
    sessionId: 's',
    toolCall: { toolCallId: 'call', title: 'Write a file' },
    options: [
      { optionId: 'yes', name: 'Allow', kind: 'allow_once' as const },
      { optionId: 'no', name: 'Reject', kind: 'reject_once' as const },
    ],
  };
  const never = new AbortController().signal;

  async function asked() {
    const base = await running();
    const answer = base.agent.handlers.onPermission(permission, never);
    await vi.waitFor(() => expect(base.session.row().openRequests).toBe(1));
    const [, , opened] = await readAll(base.session.feed);
    if (opened?.type !== 'request.opened') throw new Error('no request');
    return { ...base, answer, requestId: opened.requestId };
  }

  test('[O7] is durable and counted in its row, and the first answer wins', async () => {
    const { session, answer, requestId, agent } = await asked();
    expect(session.row()).toMatchObject({ status: 'waiting', openRequests: 1 });
    const answers = await Promise.allSettled([
      session.answer(requestId, { outcome: 'selected', optionId: 'yes' }),
      session.answer(requestId, { outcome: 'selected', optionId: 'no' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await answer).toEqual({ outcome: 'selected', optionId: 'yes' });
    await expect(
      session.answer(requestId, { outcome: 'selected', optionId: 'no' }),
    ).rejects.toMatchObject({ code: 'already_answered' });
    agent.end();
    await idle(session);
    await expect(
      session.answer(requestId, { outcome: 'selected', optionId: 'no' }),
    ).rejects.toMatchObject({ code: 'already_answered' });
  });

  test('[O7] is cancelled when its turn is cancelled, and when it ends', async () => {
    const { world, session, answer, turnId, agent } = await asked();
    await session.cancel(turnId);
    expect(await answer).toEqual({ outcome: 'cancelled' });
    // Some agents ask after they were cancelled: the answer is the same, and no card appears.
    expect(await agent.handlers.onPermission(permission, never)).toEqual({ outcome: 'cancelled' });
    agent.end('cancelled');
    await idle(session);
    await ask(session, 'second');
    const second = await nthPrompt(world.host, 2);
    const again = second.handlers.onPermission(permission, never);
    await vi.waitFor(() => expect(session.row().openRequests).toBe(1));
    second.end();
    expect(await again).toEqual({ outcome: 'cancelled' });
    await idle(session);
    expect(session.row().openRequests).toBe(0);
  });

  test('[O7] is closed when the agent takes it back', async () => {
    const { session, agent } = await running();
    const taking = new AbortController();
    const answer = agent.handlers.onPermission(permission, taking.signal);
    await vi.waitFor(() => expect(session.row().openRequests).toBe(1));
    taking.abort();
    expect(await answer).toEqual({ outcome: 'cancelled' });
    expect(session.row()).toMatchObject({ status: 'running', openRequests: 0 });
  });

  test('[A3] an answer that does not fit changes nothing', async () => {
    const { session, requestId, agent } = await asked();
    await expect(
      session.answer(requestId, { outcome: 'selected', optionId: 'maybe' }),
    ).rejects.toMatchObject({ code: 'bad_request' });
    await expect(session.answer(requestId, { action: 'decline' })).rejects.toMatchObject({
      code: 'bad_request',
    });
    await expect(
      session.answer('other', { outcome: 'selected', optionId: 'yes' }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(session.row().openRequests).toBe(1);
    agent.end();
    await idle(session);
  });

  test('[O7] a question is answered by its form', async () => {
    const { session, agent } = await running();
    const answer = agent.handlers.onQuestion(
      {
        sessionId: 's',
        mode: 'form',
        message: 'Which?',
        requestedSchema: {
          type: 'object',
          properties: { name: { type: 'string', minLength: 2 }, count: { type: 'integer' } },
          required: ['name'],
        },
      },
      never,
    );
    await vi.waitFor(() => expect(session.row().openRequests).toBe(1));
    const requestId = (await readAll(session.feed)).flatMap((event) =>
      event.type === 'request.opened' ? [event.requestId] : [],
    )[0] as string;
    const reply = (content: Record<string, string | number>) =>
      session.answer(requestId, { action: 'accept', content });
    await expect(reply({})).rejects.toMatchObject({ code: 'bad_request' });
    await expect(reply({ name: 'a' })).rejects.toThrow(/name/);
    await expect(reply({ name: 'ab', count: 1.5 })).rejects.toThrow(/count/);
    await reply({ name: 'ab', count: 2 });
    expect(await answer).toEqual({ action: 'accept', content: { name: 'ab', count: 2 } });
  });
});

describe('restart', () => {
  test('[L10] [L3] a turn without an end is interrupted once, its requests cancelled, its queue held', async () => {
    const { world, session, agent } = await running();
    agent.say('kept');
    void agent.handlers.onPermission(
      { sessionId: 's', toolCall: { toolCallId: 'x', title: 'x' }, options: [] },
      new AbortController().signal,
    );
    await vi.waitFor(() => expect(session.row().openRequests).toBe(1));
    const queued = await ask(session, 'later');
    const before = await readAll(session.feed);

    const after = await world.restart();
    const reopened = await after.service.open(OWNER, session.row().id);
    const events = await readAll(reopened.feed);
    expect(events.slice(0, before.length)).toEqual(before);
    expect(types(events.slice(before.length))).toEqual(['request.resolved', 'turn.ended']);
    expect(ends(events)[0]).toMatchObject({ reason: 'interrupted' });
    expect(reopened.row()).toMatchObject({ status: 'idle', openRequests: 0, queued: 1 });
    expect(reopened.view().state.queue).toMatchObject([{ turnId: queued, held: true }]);
    expect(after.host.prompts).toHaveLength(0);

    const again = await (await after.restart()).service.open(OWNER, session.row().id);
    expect(await readAll(again.feed)).toEqual(events);
  });

  test('[L10] closing ends what runs as interrupted; the next prompt resumes the agent', async () => {
    const { world, session, agent } = await running();
    agent.say('kept');
    await world.service.close();
    await world.service.close();
    await expect(world.service.open(OWNER, session.row().id)).rejects.toMatchObject({
      code: 'unavailable',
    });
    const after = await world.restart();
    const reopened = await after.service.open(OWNER, session.row().id);
    expect(reopened.view().state.turns[0]).toMatchObject({
      parts: [{ text: 'kept' }],
      end: { reason: 'interrupted' },
    });
    await ask(reopened, 'go on');
    (await nthPrompt(after.host, 1)).end();
    expect(after.host.opened[0]?.agentSessionId).toBe('agent-1');
    await idle(reopened);
  });

  test('[L6] what is loaded after many turns is what was there', async () => {
    const world = await createWorld();
    const session = await world.create();
    for (let turn = 1; turn <= 25; turn += 1) {
      await ask(session, `prompt ${turn}`);
      const agent = await nthPrompt(world.host, turn);
      agent.say(`answer ${turn}`);
      agent.end();
      await idle(session);
    }
    const after = await world.restart();
    const reopened = await after.service.open(OWNER, session.row().id);
    expect(reopened.view()).toEqual(session.view());
    expect(reopened.view().state.turns).toHaveLength(20);
    const page = await reopened.turns(5, 10);
    expect(page.turns.map((turn) => turn.ordinal)).toEqual([0, 1, 2, 3, 4]);
    expect(page.more).toBe(false);
    expect((await reopened.turns(null, 10)).more).toBe(true);
  });
});

describe('sessions', () => {
  test('[A1] foreign and unknown look the same', async () => {
    const world = await createWorld();
    const session = await world.create();
    const errors = await Promise.all(
      [world.service.open('other', session.row().id), world.service.open(OWNER, 'nothing')].map(
        (opening) => opening.catch((error: unknown) => error),
      ),
    );
    expect(errors[0]).toEqual(errors[1]);
    expect((await world.service.directory('other')).directory.rows()).toEqual([]);
  });

  test('an agent that still speaks when its session was deleted is no error', async () => {
    const errors = vi.spyOn(silentLogger, 'error');
    onTestFinished(() => errors.mockRestore());
    const { session, agent } = await running();
    const { handlers } = agent;
    await session.delete();
    await handlers.onUpdate({
      sessionUpdate: 'available_commands_update',
      availableCommands: [],
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(errors).not.toHaveBeenCalled();
  });

  test('[O1] deleting is the one way to end a session; its readers are told', async () => {
    const { world, session, agent } = await running();
    const told = vi.fn<() => void>();
    session.feed.subscribe(() => session.feed.closed && told());
    await session.delete();
    expect(told).toHaveBeenCalled();
    expect(session.feed.closed).toBe(true);
    expect(agent.cancelled).toBe(true);
    await expect(world.service.open(OWNER, session.row().id)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(ask(session, 'again')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[O9] an agent that announces a new canonical id keeps its log; the old id goes on working', async () => {
    const { world, session, agent, turnId } = await running();
    const old = session.row().id;
    agent.say('before ');
    agent.update({
      sessionUpdate: 'session_info_update',
      _meta: { 'tabcast/canonicalId': 'compacted-1' },
    });
    await vi.waitFor(() => expect(session.row().id).toBe('compacted-1'));
    agent.say('after');
    agent.end();
    await idle(session);
    for (const id of [old, 'compacted-1']) {
      const found = await world.service.open(OWNER, id);
      expect(found.feed.logId).toBe(session.feed.logId);
    }
    expect(session.row().aliases).toEqual([old]);
    expect(session.view().state.turns[0]).toMatchObject({
      turnId,
      parts: [{ text: 'before after' }],
    });
    const other = await world.create();
    await ask(other, 'mine');
    const rival = await nthPrompt(world.host, 2);
    rival.update({
      sessionUpdate: 'session_info_update',
      _meta: { 'tabcast/canonicalId': 'compacted-1' },
    });
    rival.end();
    await idle(other);
    expect(other.row().id).not.toBe('compacted-1');
  });

  test('[O8] the directory tells what a sidebar shows, and not every token', async () => {
    const { world, session, agent } = await running();
    const { directory } = await world.service.directory(OWNER);
    await vi.waitFor(() => expect(session.row().title).toBe('hello'));
    const { version } = directory;
    for (let n = 0; n < 5; n += 1) {
      agent.say('token');
      world.timers.advance(25);
    }
    await vi.waitFor(() => expect(session.feed.lastSeq).toBeGreaterThan(4));
    expect(directory.version).toBe(version);
    agent.end();
    await idle(session);
    expect(directory.get(session.feed.logId)).toEqual(session.row());
  });

  test('[A3] a folder outside the roots is refused', async () => {
    const world = await createWorld();
    await expect(world.service.create(OWNER, { cwd: '/' })).rejects.toMatchObject({
      code: 'bad_request',
    });
    await expect(world.service.create(OWNER, { cwd: 'nowhere' })).rejects.toThrow(/not a folder/);
    await expect(world.service.create(OWNER, { agent: 'nobody' })).rejects.toThrow(/nobody/);
  });
});
