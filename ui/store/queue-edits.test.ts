import { expect, test } from 'vitest';
import { fail, ok, type Result } from '../../shared/errors.ts';
import type { QueuedPrompt } from '../../shared/state.ts';
import { createFakeCommands } from '../testing/fake-commands.ts';
import { createNotices } from './notices.ts';
import { createQueueEdits } from './queue-edits.ts';

const session = { sessionId: 'a', logId: 'log-a' };
const waiting = (turnId: string): QueuedPrompt => ({
  turnId,
  key: turnId,
  prompt: [],
  mode: 'queue',
  at: 0,
  held: false,
});

const asked = { turnId: 't1', prompt: [{ type: 'text' as const, text: 'before' }] };

function setUp() {
  const commands = createFakeCommands();
  const notices = createNotices();
  const box: string[] = [];
  const drafts = { putBack: (_session: typeof session, text: string) => void box.push(text) };
  const edits = createQueueEdits({ commands, drafts, notices });
  edits.begin('log-a', asked);
  return { commands, notices, box, edits };
}

test('[O10] a changed prompt is saved by its turn; an unchanged one is not sent', async () => {
  const { commands, edits } = setUp();
  await edits.save(session);
  expect(commands.calls).toEqual([]);
  expect(edits.of('log-a')).toBeNull();
  edits.begin('log-a', asked);
  edits.write('log-a', 'after');
  expect(edits.of('log-a')).toMatchObject({ turnId: 't1', text: 'after' });
  expect(edits.of('log-b')).toBeNull();
  await edits.save(session);
  expect(commands.calls).toEqual([
    { name: 'changeQueued', args: ['a', 't1', { prompt: 'after' }] },
  ]);
  expect(edits.of('log-a')).toBeNull();
});

test.each(['conflict', 'not_found'] as const)(
  '[O10] refused with %s: the text is in the box, and it is said why',
  async (code) => {
    const { commands, notices, box, edits } = setUp();
    commands.answers.changeQueued = async () => fail(code, 'Its turn has started.');
    edits.write('log-a', 'after');
    await edits.save(session);
    expect(box).toEqual(['after']);
    expect(notices.all.value).toMatchObject([{ detail: 'Its turn has started.' }]);
    expect(edits.of('log-a')).toBeNull();
  },
);

test('[O10] its turn comes while it is changed: the text is in the box; unchanged, nothing is said', () => {
  const { notices, box, edits } = setUp();
  edits.write('log-a', 'after');
  edits.check(session, [waiting('t1'), waiting('t2')]);
  expect(edits.of('log-a')).not.toBeNull();
  edits.check(session, [waiting('t2')]);
  expect(box).toEqual(['after']);
  expect(notices.all.value).toHaveLength(1);

  edits.begin('log-a', { turnId: 't2', prompt: [{ type: 'text', text: 'same' }] });
  edits.check(session, []);
  expect(edits.of('log-a')).toBeNull();
  expect(box).toHaveLength(1);
});

test('[O10] it starts while the change is under way: the answer decides', async () => {
  const { commands, box, edits } = setUp();
  let answer = (_result: Result<{ turnId: string }>): void => {};
  commands.answers.changeQueued = () => new Promise((resolve) => (answer = resolve));
  edits.write('log-a', 'after');
  const saving = edits.save(session);
  await edits.save(session);
  expect(commands.calls).toHaveLength(1);
  edits.check(session, []);
  answer(ok({ turnId: 't1' }));
  await saving;
  expect(box).toEqual([]);
  expect(edits.of('log-a')).toBeNull();
});

test('a change that did not reach the server can be saved again', async () => {
  const { commands, notices, edits } = setUp();
  commands.answers.changeQueued = async () => fail('network', 'away');
  edits.write('log-a', 'after');
  await edits.save(session);
  expect(edits.of('log-a')).toMatchObject({ text: 'after', saving: false });
  expect(notices.all.value).toHaveLength(1);
});

test('[P41] what a queued prompt has besides its text stays with it', async () => {
  const { commands, edits } = setUp();
  const image = { type: 'image' as const, data: 'AAAA', mimeType: 'image/png' };
  edits.begin('log-a', { turnId: 't1', prompt: [{ type: 'text', text: 'before' }, image] });
  edits.write('log-a', 'after');
  await edits.save(session);
  edits.begin('log-a', { turnId: 't1', prompt: [{ type: 'text', text: 'before' }, image] });
  edits.write('log-a', ' ');
  await edits.save(session);
  expect(commands.calls).toMatchObject([
    { args: ['a', 't1', { prompt: [{ type: 'text', text: 'after' }, image] }] },
    { args: ['a', 't1', { prompt: [image] }] },
  ]);
});
