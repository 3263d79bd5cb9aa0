/** What every `AgentHost` must do, tried with the built-in agent behind it. */
import { afterEach, describe, expect, test } from 'vitest';
import { SOON } from './recorder.ts';
import { AgentError } from '../agent-host.ts';
import { prompt, type HostWorld } from './host-world.ts';

/** Numbers 1 to n as `/count` writes them. */
function numbers(n: number): string {
  return Array.from({ length: n }, (_, index) => `${index + 1} `).join('');
}

export function describeAgentHost(name: string, makeWorld: () => HostWorld): void {
  describe(name, () => {
    const worlds: HostWorld[] = [];
    const world = (): HostWorld => {
      const made = makeWorld();
      worlds.push(made);
      return made;
    };
    afterEach(async () => {
      await Promise.all(worlds.splice(0).map(({ host }) => host.close()));
    });

    test('names its agents, the default first', () => {
      expect(world().host.agents()).toEqual([{ id: 'demo', title: 'Demo', default: true }]);
    });

    test('[P44] tells what a prompt to an agent may carry, without a session', async () => {
      const { host } = world();
      const takes = { image: true, audio: true, embeddedContext: true };
      expect(await host.takes('demo')).toEqual(takes);
      expect(await host.takes('demo')).toEqual(takes);
      await expect(host.takes('gone')).rejects.toMatchObject({ code: 'agent_unknown' });
    });

    test('an agent that is not configured: agent_unknown, naming those that are', async () => {
      const { host } = world();
      const open = host.open({
        agentId: 'gone',
        cwd: '/',
        agentSessionId: null,
        handlers: { onUpdate() {}, onPermission: never, onQuestion: never },
      });
      await expect(open).rejects.toMatchObject({
        code: 'agent_unknown',
        message: expect.stringMatching(/"gone" is not configured.*"demo"/),
      });
    });

    test('a new session: its commands come without a prompt', async () => {
      const { session, seen } = await world().open();
      expect(session).toMatchObject({ memory: 'new', alive: true });
      expect(session.agentSessionId).not.toBe('');
      await expect
        .poll(() => seen.updates, SOON)
        .toContainEqual(expect.objectContaining({ sessionUpdate: 'available_commands_update' }));
    });

    test('every update before the answer is handed over when prompt settles, in order', async () => {
      const { session, seen } = await world().open();
      expect(await session.prompt(prompt('/count 3000'))).toBe('end_turn');
      expect(seen.text()).toBe(numbers(3000));
    });

    test('[O4] two sessions on one process at once: each gets its own', async () => {
      const { open } = world();
      const [a, b] = await Promise.all([open(), open()]);
      await Promise.all([
        a.session.prompt(prompt('/count 400 4000')),
        b.session.prompt(prompt('/count 300 3000')),
      ]);
      expect(a.session.agentSessionId).not.toBe(b.session.agentSessionId);
      expect(a.seen.text()).toBe(numbers(400));
      expect(b.seen.text()).toBe(numbers(300));
    });

    test('[O11] cancel settles the prompt with cancelled, and the next prompt has nothing of it', async () => {
      const { session, seen } = await world().open();
      const running = session.prompt(prompt('/count 1000000'));
      await seen.says('100 ');
      session.cancel();
      session.cancel();
      expect(await running).toBe('cancelled');
      const before = seen.text();
      expect(await session.prompt(prompt('/slow 0'))).toBe('end_turn');
      expect(seen.text()).toBe(`${before}Done.`);
    });

    test('[O11] a cancel while nothing runs does not hit the next prompt', async () => {
      const { session, seen } = await world().open();
      session.cancel();
      expect(await session.prompt(prompt('/count 3'))).toBe('end_turn');
      session.cancel();
      expect(await session.prompt(prompt('/count 3'))).toBe('end_turn');
      expect(seen.text()).toBe('1 2 3 1 2 3 ');
    });

    test('a permission is asked after what came before it, and its answer reaches the agent', async () => {
      const { session, seen } = await world().open();
      const running = session.prompt(prompt('/permission'));
      const asked = await seen.permissionAsked();
      expect(seen.order.at(-1)).toBe('permission');
      expect(seen.order.at(-2)).toBe('tool_call');
      expect(asked.request.options.map(({ kind }) => kind)).toEqual([
        'allow_once',
        'allow_always',
        'reject_once',
      ]);
      asked.answer({ outcome: 'selected', optionId: 'allow-always' });
      expect(await running).toBe('end_turn');
      expect(seen.text()).toContain('You chose: Always allow.');
    });

    test('a question is asked, and its answer reaches the agent', async () => {
      const { session, seen } = await world().open();
      const running = session.prompt(prompt('/question'));
      const asked = await seen.questionAsked();
      asked.answer({ action: 'accept', content: { name: 'Spring', announce: true } });
      expect(await running).toBe('end_turn');
      expect(seen.text()).toContain('- name: Spring\n- announce: true');
    });

    test.each(['/permission', '/question'])(
      '[O11] cancel during %s: the request is taken back and the turn ends',
      async (command) => {
        const { session, seen } = await world().open();
        const running = session.prompt(prompt(command));
        const { signal } = await (command === '/permission'
          ? seen.permissionAsked()
          : seen.questionAsked());
        expect(signal.aborted).toBe(false);
        session.cancel();
        expect(await running).toBe('cancelled');
        await expect.poll(() => signal.aborted, SOON).toBe(true);
      },
    );

    test('an error that the agent answers: agent_error with its words, and the session lives', async () => {
      const { session, seen } = await world().open();
      await expect(session.prompt(prompt('/fail'))).rejects.toMatchObject({
        code: 'agent_error',
        message: expect.stringMatching(/Demo .*failed, as it was asked to.*again/),
      });
      expect(seen.text()).toBe('I will fail now. ');
      expect(session.alive).toBe(true);
      expect(await session.prompt(prompt('/count 2'))).toBe('end_turn');
    });

    test('[L3] a crash mid-turn ends every prompt on the process with its reason and stderr; open starts it again', async () => {
      const { open } = world();
      const [a, b] = await Promise.all([open(), open()]);
      const waiting = b.session.prompt(prompt('/slow 60')).catch((error: unknown) => error);
      await expect(a.session.prompt(prompt('/crash'))).rejects.toMatchObject({
        code: 'agent_exited',
        message: expect.stringMatching(
          /Demo stopped with exit code 1.*next prompt starts it again/,
        ),
        detail: expect.stringContaining('demo agent: crashing'),
      });
      expect(a.seen.text()).toBe('I will crash now. ');
      expect(await waiting).toBeInstanceOf(AgentError);
      expect([a.session.alive, b.session.alive]).toEqual([false, false]);
      await expect(a.session.prompt(prompt('/count 1'))).rejects.toMatchObject({
        code: 'agent_exited',
      });

      const again = await open(a.session.agentSessionId);
      expect(again.session.memory).toBe('resumed');
      expect(again.session.agentSessionId).toBe(a.session.agentSessionId);
      expect(await again.session.prompt(prompt('/count 3'))).toBe('end_turn');
      expect(again.seen.text()).toBe('1 2 3 ');
    });

    test('[L3] a crash while a permission waits: the request is taken back', async () => {
      const { open } = world();
      const [a, b] = await Promise.all([open(), open()]);
      const running = a.session.prompt(prompt('/permission')).catch((error: unknown) => error);
      const asked = await a.seen.permissionAsked();
      await expect(b.session.prompt(prompt('/crash'))).rejects.toThrow(AgentError);
      expect(await running).toMatchObject({ code: 'agent_exited' });
      expect(asked.signal.aborted).toBe(true);
      // Nobody is left to hear it.
      asked.answer({ outcome: 'selected', optionId: 'allow-once' });
    });

    test('a released session hears nothing more; release twice is fine', async () => {
      const { session, seen } = await world().open();
      const running = session.prompt(prompt('/count 100000 1000')).catch((error: unknown) => error);
      await seen.says('10 ');
      session.release();
      session.release();
      const heard = seen.updates.length;
      expect(session.alive).toBe(false);
      expect(await running).toBe('cancelled');
      expect(seen.updates.length).toBe(heard);
      await expect(session.prompt(prompt('/count 1'))).rejects.toThrow(/closed/);
    });

    test('close ends the process and what runs on it; twice is fine, and nothing opens after', async () => {
      const { host, open } = world();
      const { session } = await open();
      const running = session.prompt(prompt('/slow 60')).catch((error: unknown) => error);
      await Promise.all([host.close(), host.close()]);
      await host.close();
      expect(await running).toMatchObject({
        code: 'agent_exited',
        message: 'Demo was stopped by tabcast.',
      });
      expect(session.alive).toBe(false);
      await expect(open()).rejects.toMatchObject({ code: 'agent_start' });
    });
  });
}

function never(): never {
  throw new Error('nothing is asked here');
}
