import { expect, test } from 'vitest';
import { fail, ok } from '../../shared/errors.ts';
import { createFakeCommands } from '../testing/fake-commands.ts';
import { createMentions, linkTo, mentionAt, pathsIn, withMention } from './mentions.ts';

const session = { sessionId: 'a', logId: 'log-a' };
const folder = '/srv/my project';

test.each([
  ['@', '', 0],
  ['see @src/ma', 'src/ma', 4],
  ['(@x', 'x', 1],
  ['a\n@b', 'b', 2],
  ['@"two words', 'two words', 0],
])('[P43] a name is being typed: %j', (text, query, start) => {
  expect(mentionAt(text, text.length)).toEqual({ query, start });
});

test.each(['', 'anna@example.org', '@src ', 'a @"b" c', 'x@'])('[P43] none is: %j', (text) => {
  expect(mentionAt(text, text.length)).toBeNull();
});

const chosen = (text: string, path: string, caret = text.indexOf('|')) => {
  const plain = text.replace('|', '');
  const mention = mentionAt(plain, caret);
  if (mention === null) throw new Error('none');
  const next = withMention(plain, caret, mention, path);
  return `${next.text.slice(0, next.caret)}|${next.text.slice(next.caret)}`;
};

test('[P43] a chosen file takes the place of what was typed; a folder stays open', () => {
  expect(chosen('see @ma|', 'src/main.ts')).toBe('see @src/main.ts |');
  expect(chosen('see @ma| and', 'src/main.ts')).toBe('see @src/main.ts |and');
  expect(chosen('@|', 'src/')).toBe('@src/|');
  expect(chosen('@two|', 'two words.md')).toBe('@"two words.md" |');
  const open = chosen('@two|', 'two words/');
  expect(open).toBe('@"two words/|');
  expect(chosen(open, 'two words/a.md')).toBe('@"two words/a.md" |');
});

test('[P43] what a text names, each once, without the end of a sentence', () => {
  expect(pathsIn('@a/b.ts, @"c d" (@e) @a/b.ts anna@example.org')).toEqual([
    'a/b.ts,',
    'a/b.ts',
    'c d',
    'e)',
    'e',
  ]);
  expect(pathsIn(Array.from({ length: 99 }, (_, n) => `@${n}`).join(' '))).toHaveLength(40);
});

test('[P43] a link has the whole address, and a name that the server takes', () => {
  expect(linkTo(folder, { path: 'a b/ü#.md', size: 3 })).toEqual({
    type: 'resource_link',
    uri: 'file:///srv/my%20project/a%20b/%C3%BC%23.md',
    name: 'a b/ü#.md',
    size: 3,
  });
  expect(linkTo('/', { path: 'etc/', size: null }).uri).toBe('file:///etc/');
  expect(linkTo('/', { path: 'x'.repeat(300), size: 1 }).name).toHaveLength(200);
});

test('[P43] what was found is linked where it is named, in its session only', async () => {
  const commands = createFakeCommands();
  const mentions = createMentions({ commands });
  commands.answers.files = async () =>
    ok({
      folder,
      files: [
        { path: 'README.md', size: 9 },
        { path: 'src/', size: null },
      ],
      more: false,
    });
  expect((await mentions.find(session, 'r'))?.files).toHaveLength(2);
  const names = (text: string) => mentions.linksIn('log-a', text).map(({ name }) => name);
  expect(names('Read @README.md. And @src, @src/, @other')).toEqual(['README.md', 'src/']);
  expect(mentions.linksIn('log-b', '@README.md')).toEqual([]);
});

test('[P43] a name that nobody chose is looked up once, and again when that failed', async () => {
  const commands = createFakeCommands();
  const mentions = createMentions({ commands });
  commands.answers.files = async () => fail('network', 'away');
  mentions.check(session, 'Read @README.md');
  await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve));
  commands.answers.files = async () =>
    ok({ folder, files: [{ path: 'README.md', size: 9 }], more: false });
  mentions.check(session, 'Read @README.md');
  mentions.check(session, 'Read @README.md');
  await new Promise((resolve) => setTimeout(resolve));
  mentions.check(session, 'Read @README.md');
  expect(commands.calls).toHaveLength(2);
  expect(mentions.linksIn('log-a', 'Read @README.md')).toHaveLength(1);
});
