import { expect, test, vi } from 'vitest';
import { fail, ok } from '../../shared/errors.ts';
import { createFakeCommands } from '../testing/fake-commands.ts';
import { createFakeTimers } from '../testing/fake-env.ts';
import { createBrowser } from '../testing/fake-kept-files.ts';
import { makeRow } from '../testing/fixtures.ts';
import { createAttachments, type Attachment } from './attachments.ts';
import { createDrafts, SAVE_MS } from './drafts.ts';
import { createMentions } from './mentions.ts';
import { createNotices } from './notices.ts';
import { createPrompts } from './prompts.ts';

const target = { sessionId: 'a', logId: 'log-a' };

const imageOf = (id: string, name: string): Attachment => ({
  id,
  name,
  size: 3,
  note: '',
  block: { type: 'image', data: 'AAAA', mimeType: 'image/png' },
});

function setUp() {
  const commands = createFakeCommands();
  const notices = createNotices();
  let ids = 0;
  const timers = createFakeTimers();
  const drafts = createDrafts({ commands, timers });
  drafts.show(makeRow('a'));
  const attachments = createAttachments({
    commands,
    ...createBrowser().tab(),
    randomId: () => `file-${(ids += 1)}`,
    loadReader: async () => async (file, _kind, id) => imageOf(id, file.name),
  });
  const mentions = createMentions({ commands });
  const prompts = createPrompts({
    commands,
    drafts,
    aids: () => ({ attachments, mentions }),
    notices,
    randomId: () => `key-${(ids += 1)}`,
  });
  const keys = () =>
    commands.calls.map((call) => (call.name === 'prompt' ? call.args[1].key : null));
  return { commands, drafts, attachments, mentions, notices, prompts, keys, timers };
}

test('[O3] a message goes to the session it was written for, and the box is empty', async () => {
  const { commands, drafts, prompts } = setUp();
  drafts.write(target, 'hello');
  const sent = prompts.send(target, 'hello', 'queue');
  expect(drafts.text('log-a')).toBe('');
  expect(prompts.sending.value).toEqual([
    { key: 'key-1', logId: 'log-a', text: 'hello', attachments: [] },
  ]);
  expect(await sent).toBe(true);
  expect(prompts.sending.value).toEqual([]);
  expect(commands.calls).toEqual([
    { name: 'prompt', args: ['a', { prompt: 'hello', key: 'key-1', mode: 'queue' }] },
  ]);
});

test('[L9] each message has a key of its own, also with the same text', async () => {
  const { prompts, keys } = setUp();
  await prompts.send(target, 'again', 'queue');
  await prompts.send(target, 'again', 'queue');
  expect(keys()).toEqual(['key-1', 'key-2']);
});

test('[L9] a lost answer is asked for again with the same key', async () => {
  const { commands, notices, prompts, keys } = setUp();
  let calls = 0;
  commands.answers.prompt = async () => {
    calls += 1;
    return calls === 1 ? fail('timeout', 'no answer') : ok({ turnId: 't' });
  };
  expect(await prompts.send(target, 'hello', 'queue')).toBe(true);
  expect(keys()).toEqual(['key-1', 'key-1']);
  expect(notices.all.value).toEqual([]);
});

test('[L9] a message that never gets an answer is sent three times with one key, then is back in the box', async () => {
  const { commands, drafts, prompts, keys } = setUp();
  commands.answers.prompt = async () => fail('timeout', 'no answer');
  expect(await prompts.send(target, 'hello', 'queue')).toBe(false);
  expect(keys()).toEqual(['key-1', 'key-1', 'key-1']);
  expect(drafts.text('log-a')).toBe('hello');
});

test('[L9] a message that failed is back in the box and keeps its key', async () => {
  const { commands, drafts, notices, prompts, keys } = setUp();
  commands.answers.prompt = async () => fail('unavailable', 'The server is away.');
  expect(await prompts.send(target, 'hello', 'queue')).toBe(false);
  expect(drafts.text('log-a')).toBe('hello');
  expect(notices.all.value).toMatchObject([{ logId: 'log-a', detail: 'The server is away.' }]);
  await prompts.send(target, 'hello', 'queue');
  expect(keys()).toEqual(['key-1', 'key-1']);
  await prompts.send(target, 'hello, edited', 'queue');
  expect(keys()).toEqual(['key-1', 'key-1', 'key-2']);
});

test('what was typed meanwhile is kept after the text that comes back', async () => {
  const { commands, drafts, prompts } = setUp();
  commands.answers.prompt = async () => fail('unavailable', 'away');
  const sent = prompts.send(target, 'first', 'queue');
  drafts.write(target, 'second');
  await sent;
  expect(drafts.text('log-a')).toBe('first\n\nsecond');
});

test('[O13] what is sent names the draft that it was saved as, so that the server empties it', async () => {
  const { commands, drafts, prompts, timers } = setUp();
  commands.answers.patchSession = async (id) => ok(makeRow(id, { draftRev: 1 }));
  drafts.write(target, 'hello');
  timers.advance(SAVE_MS);
  await vi.waitFor(() => {
    expect(commands.calls.at(-1)?.name).toBe('patchSession');
  });
  await prompts.send(target, 'hello', 'queue');
  expect(commands.calls.at(-1)?.args[1]).toMatchObject({ prompt: 'hello', draftRev: 1 });
});

test('[P44] [P43] what is attached and what is named goes along; refused, all of it is there again', async () => {
  const { commands, attachments, mentions, drafts, prompts, keys } = setUp();
  const box = () => attachments.of('log-a').list.map(({ name }) => name);
  commands.answers.files = async () =>
    ok({ folder: '/srv', files: [{ path: 'a.md', size: 1 }], more: false });
  await mentions.find(target, 'a');
  await attachments.add(target, 'Demo', [new File(['x'], 'p.png', { type: 'image/png' })]);
  commands.answers.prompt = async () => fail('too_large', 'Too much.');
  expect(await prompts.send(target, 'See @a.md', 'queue')).toBe(false);
  expect(drafts.text('log-a')).toBe('See @a.md');
  expect(box()).toEqual(['p.png']);
  delete commands.answers.prompt;
  expect(await prompts.send(target, 'See @a.md', 'queue')).toBe(true);
  expect(box()).toEqual([]);
  expect(commands.calls.at(-1)).toMatchObject({
    args: [
      'a',
      {
        prompt: [
          { type: 'text', text: 'See @a.md' },
          { type: 'resource_link', uri: 'file:///srv/a.md', name: 'a.md', size: 1 },
          { type: 'image', data: 'AAAA' },
        ],
      },
    ],
  });
  const [first, second] = keys().filter((key) => key !== null);
  expect(second).toBe(first);

  await attachments.add(target, 'Demo', [new File(['x'], 'q.png', { type: 'image/png' })]);
  await prompts.send(target, '', 'queue');
  expect(commands.calls.at(-1)).toMatchObject({ args: ['a', { prompt: [{ type: 'image' }] }] });
});
