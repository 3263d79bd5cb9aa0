import { expect, test } from 'vitest';
import { fail, ok } from '../../shared/errors.ts';
import { createFakeCommands } from '../testing/fake-commands.ts';
import {
  createAttachments,
  dataOf,
  kindOf,
  MAX_DATA,
  MAX_FILES,
  refusal,
  type Attachment,
} from './attachments.ts';

const session = { sessionId: 'a', logId: 'log-a' };
const file = (name: string, type = '') => new File(['x'], name, { type });
const image = (name: string) => file(name, 'image/png');

function setUp(length = 4) {
  const commands = createFakeCommands();
  let ids = 0;
  const attachments = createAttachments({
    commands,
    randomId: () => `f${(ids += 1)}`,
    loadReader:
      async () =>
      async (of, kind, id): Promise<Attachment | string> => {
        if (of.name.startsWith('broken')) return 'was left out: it is broken.';
        const data = 'A'.repeat(length);
        const block =
          kind === 'file'
            ? ({ type: 'resource', resource: { uri: of.name, text: data } } as const)
            : ({ type: kind, data, mimeType: of.type } as const);
        return { id, name: of.name, size: of.size, note: '', block };
      },
  });
  const box = () => attachments.of('log-a');
  const names = () => box().list.map(({ name }) => name);
  return { commands, attachments, box, names };
}

test('[P44] what is an image for an agent, what a sound, what a file', () => {
  const kinds = ['image/png', 'image/svg+xml', 'audio/wav', 'text/plain', 'video/mp4', ''];
  expect(kinds.map((type) => kindOf({ name: 'x', size: 1, type }))).toEqual([
    'image',
    'file',
    'audio',
    'file',
    'file',
    'file',
  ]);
});

test('[P44] what the agent does not take is told when it is added, and the rest is kept', async () => {
  const { commands, attachments, box, names } = setUp();
  commands.answers.takes = async () => ok({ image: false, audio: false, embeddedContext: true });
  await attachments.add(session, 'Demo', [image('a.png'), file('notes.txt'), image('b.png')]);
  expect(names()).toEqual(['notes.txt']);
  expect(box().refused).toEqual(['Demo does not take images. a.png, b.png were left out.']);
  // The next ones are told of anew.
  await attachments.add(session, 'Demo', [file('more.txt')]);
  expect(names()).toEqual(['notes.txt', 'more.txt']);
  expect(box().refused).toEqual([]);
  const none = { image: false, audio: false, embeddedContext: false };
  expect(refusal('Demo', none, 'file', ['1', '2', '3', '4', '5'])).toBe(
    'Demo does not take files. 1, 2, 3 and 2 more were left out. Paste the text, or name a file of the session’s folder with @.',
  );
});

test('[P44] an agent that can’t be asked: the word says why, and nothing is added', async () => {
  const { commands, attachments, box } = setUp();
  commands.answers.takes = async () => fail('unavailable', 'The command could not be run.');
  await attachments.add(session, 'Demo', [image('a.png')]);
  expect(box()).toEqual({
    list: [],
    reading: 0,
    refused: ['It is not known what Demo takes: The command could not be run. Nothing was added.'],
  });
});

test('[P44] at most so many, and no more data than a message carries; one that breaks stops no other', async () => {
  const { attachments, box, names } = setUp();
  const many = Array.from({ length: MAX_FILES + 2 }, (_, n) => image(`${n}.png`));
  await attachments.add(session, 'Demo', [file('broken.txt'), ...many]);
  expect(names()).toHaveLength(MAX_FILES);
  expect(box().refused).toEqual([
    'broken.txt was left out: it is broken.',
    'A message takes 16 files. The rest was left out.',
  ]);

  const large = setUp(MAX_DATA / 2);
  await large.attachments.add(session, 'Demo', [image('1.png'), image('2.png'), image('3.png')]);
  expect(large.names()).toEqual(['1.png', '2.png']);
  expect(large.box().refused[0]).toMatch(/^3\.png was left out: it is too large/);
});

test('[P44] data counts as it is sent', async () => {
  const { attachments, box } = setUp();
  await attachments.add(session, 'Demo', [file('a.txt'), image('a.png')]);
  expect(box().list.map(dataOf)).toEqual([6, 4]);
});

test('[P44] taken with the message, put back before what was added since, removed one by one', async () => {
  const { attachments, box, names } = setUp();
  await attachments.add(session, 'Demo', [image('1.png'), image('2.png')]);
  const taken = attachments.take('log-a');
  expect(names()).toEqual([]);
  await attachments.add(session, 'Demo', [image('3.png')]);
  attachments.putBack('log-a', taken);
  expect(names()).toEqual(['1.png', '2.png', '3.png']);
  attachments.remove('log-a', box().list[1]?.id ?? '');
  expect(names()).toEqual(['1.png', '3.png']);
  expect(attachments.of('log-b').list).toEqual([]);
});

test('[P44] a message can’t be sent while its files are read, and can when they can’t be', async () => {
  const { commands } = setUp();
  const attachments = createAttachments({
    commands,
    randomId: () => 'f',
    loadReader: () => Promise.reject(new Error('gone')),
  });
  const added = attachments.add(session, 'Demo', [image('1.png')]);
  expect(attachments.of('log-a').reading).toBe(1);
  await added;
  expect(attachments.of('log-a')).toMatchObject({
    reading: 0,
    refused: ['The files could not be read. Try again.'],
  });
});
