import { describe, expect, test, vi } from 'vitest';
import { fail, ok } from '../../shared/errors.ts';
import { createFakeCommands } from '../testing/fake-commands.ts';
import { stateOf } from '../testing/fixtures.ts';
import { createBrowser } from '../testing/fake-kept-files.ts';
import { FIRST_BOX } from './new-session.ts';
import { goneFor, MAX_KEPT_BYTES, MAX_KEPT_FILES } from '../attachments/keeping.ts';
import {
  ATTACHMENT_ID,
  attachmentsIn,
  createAttachments,
  dataOf,
  kindOf,
  MAX_DATA,
  MAX_FILES,
  misfit,
  refusal,
  type Attachment,
} from './attachments.ts';

const session = { sessionId: 'a', logId: 'log-a' };
const file = (name: string, type = '') => new File(['x'], name, { type });
const image = (name: string) => file(name, 'image/png');

function setUp(length = 4, browser = createBrowser(), tab = 'f') {
  const commands = createFakeCommands();
  let ids = 0;
  const attachments = createAttachments({
    commands,
    ...browser.tab(),
    randomId: () => `${tab}${(ids += 1)}`,
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
  return { commands, attachments, box, names, browser };
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
    ...createBrowser().tab(),
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

test('[P85] what goes with a first message goes into its session’s box, and is kept from then on', async () => {
  const { commands, attachments, browser, names } = setUp();
  await attachments.addFirst('plain', 'Plain', [image('1.png'), image('2.png')]);
  expect(commands.calls).toContainEqual({ name: 'agentTakes', args: ['plain'] });
  const [first] = attachments.of(FIRST_BOX).list;
  attachments.remove(FIRST_BOX, first?.id ?? '');
  expect(browser.kept.all).toEqual([]);
  attachments.handOver('log-a');
  expect(attachments.of(FIRST_BOX)).toEqual({ list: [], reading: 0, refused: [] });
  expect(names()).toEqual(['2.png']);
  await vi.waitFor(() => expect(browser.kept.all).toMatchObject([{ logId: 'log-a' }]));
});

test('[P85] what an agent does not take is told when it is added, and when it is chosen later', async () => {
  const { commands, attachments, box } = setUp();
  const plain = { image: false, audio: false, embeddedContext: true };
  await attachments.addFirst(null, 'Demo', [image('a.png'), file('b.txt'), image('c.png')]);
  const { list } = attachments.of(FIRST_BOX);
  expect(misfit('Plain', ok(plain), list)).toBe(
    'Plain does not take images. Remove a.png, c.png, or choose another agent.',
  );
  expect(misfit('Plain', ok(plain), list.slice(1, 2))).toBeNull();
  expect(misfit('Plain', fail('unavailable', 'It is not installed.'), list)).toBe(
    'It is not known what Plain takes: It is not installed. Remove the files, or choose another agent.',
  );
  commands.answers.agentTakes = async () => ok(plain);
  await attachments.addFirst('plain', 'Plain', [image('d.png')]);
  expect(attachments.of(FIRST_BOX).refused).toEqual([
    'Plain does not take images. d.png was left out.',
  ]);
  expect(box().refused).toEqual([]);
});

describe('[P84] what is attached is kept in the browser', () => {
  const until = (check: () => void) => vi.waitFor(check, { interval: 1 });

  test('it is there after a reload, in its own session’s box alone, in order', async () => {
    const { attachments, browser } = setUp();
    await attachments.add(session, 'Demo', [image('1.png'), file('2.txt')]);
    await until(() => expect(browser.kept.all).toHaveLength(2));
    const after = setUp(4, browser, 'g');
    after.attachments.show('log-b');
    after.attachments.show('log-a');
    await until(() => expect(after.names()).toEqual(['1.png', '2.txt']));
    expect(after.box().list).toEqual(attachments.of('log-a').list);
    expect(after.attachments.of('log-b').list).toEqual([]);
  });

  test('all tabs have the same: added, removed and sent in one is so in the others', async () => {
    const one = setUp();
    const two = setUp(4, one.browser, 'g');
    for (const each of [one, two]) each.attachments.show('log-a');
    await one.attachments.add(session, 'Demo', [image('1.png'), image('2.png')]);
    await until(() => expect(two.names()).toEqual(['1.png', '2.png']));
    await two.attachments.add(session, 'Demo', [image('3.png')]);
    await until(() => expect(one.names()).toEqual(['1.png', '2.png', '3.png']));
    two.attachments.remove('log-a', one.box().list[1]?.id ?? '');
    await until(() => expect(one.names()).toEqual(['1.png', '3.png']));
    const ids = one.attachments.take('log-a').map(({ id }) => id);
    one.attachments.sent('log-a', ids);
    await until(() => expect(two.names()).toEqual([]));
    expect(one.browser.kept.all).toEqual([]);
  });

  test('on its way it is kept: a page that dies loses nothing, one that reads the box meanwhile shows it once', async () => {
    const { attachments, browser, names } = setUp();
    attachments.show('log-a');
    await attachments.add(session, 'Demo', [image('1.png')]);
    await until(() => expect(browser.kept.all).toHaveLength(1));
    const taken = attachments.take('log-a');
    browser.show();
    await attachments.add(session, 'Demo', [image('2.png')]);
    expect(names()).toEqual(['2.png']);
    expect(browser.kept.all.map(({ name }) => name)).toContain('1.png');
    attachments.putBack('log-a', taken);
    browser.show();
    await until(() => expect(browser.kept.all).toHaveLength(2));
    expect(names()).toEqual(['1.png', '2.png']);
  });

  test('what the log has was sent, whatever the page that sent it came to know', async () => {
    const block = (id: string) => ({
      type: 'image' as const,
      data: 'AAAA',
      mimeType: 'image/png',
      annotations: { _meta: { [ATTACHMENT_ID]: id } },
    });
    const { attachments, browser, box, names } = setUp();
    await attachments.add(session, 'Demo', [image('1.png'), image('2.png')]);
    const [first = '', second] = box().list.map(({ id }) => id);
    const state = stateOf('log-a', [
      { type: 'turn.queued', turnId: 't', key: 'k', mode: 'queue', prompt: [block(first)] },
    ]);
    const ids = attachmentsIn(state);
    expect(ids).toEqual([first]);
    attachments.sent('log-a', ids);
    expect(names()).toEqual(['2.png']);
    await until(() => expect(browser.kept.all.map(({ id }) => id)).toEqual([second]));
  });

  test('another person’s are forgotten before theirs are read', async () => {
    const one = setUp();
    await one.attachments.add(session, 'Demo', [image('1.png')]);
    await until(() => expect(one.browser.kept.all).toHaveLength(1));
    one.browser.who = 'you';
    const two = setUp(4, one.browser, 'g');
    two.attachments.show('log-a');
    await until(() => expect(one.browser.kept.all).toEqual([]));
    expect(two.names()).toEqual([]);
  });

  test.each(['refused by the browser', 'nobody known'])(
    'what can’t be kept (%s) stays in this tab, and that is said',
    async (why) => {
      const { attachments, browser, box, names } = setUp();
      if (why === 'nobody known') browser.who = null;
      else browser.kept.refuses = true;
      attachments.show('log-a');
      await attachments.add(session, 'Demo', [image('1.png')]);
      await until(() =>
        expect(box().refused).toEqual([
          '1.png could not be kept in this browser: it is lost when this page is reloaded or closed.',
        ]),
      );
      browser.show();
      await attachments.add(session, 'Demo', [image('2.png')]);
      expect(names()).toEqual(['1.png', '2.png']);
    },
  );

  test('the oldest of other boxes make room; who had them is told, once', async () => {
    const { attachments, browser, box } = setUp(MAX_DATA - 10);
    const other = (log: string) => ({ sessionId: log, logId: log });
    const count = Math.floor(MAX_KEPT_BYTES / (MAX_DATA - 10)) + 1;
    await attachments.add(session, 'Demo', [image('old.png')]);
    for (let n = 1; n < count; n += 1) {
      await attachments.add(other(`log-${n}`), 'Demo', [image(`${n}.png`)]);
    }
    await until(() => expect(browser.kept.all).toHaveLength(count));
    attachments.show('log-a');
    await until(() => expect(box().list).toEqual([]));
    expect(box().refused).toEqual([
      'old.png was left out: other messages’ files took the room in this browser. Attach again what is needed.',
    ]);
    attachments.show('log-1');
    await until(() => expect(attachments.of('log-1').list).toHaveLength(1));
    expect(browser.kept.all.map(({ gone }) => gone)).not.toContain(true);
  });

  test('what has to go: by count and by bytes, the oldest first, never of the own box', () => {
    const made = (n: number, logId: string, bytes: number) => ({
      who: 'me',
      logId,
      id: `${n}`,
      name: `${n}`,
      bytes,
      gone: false,
    });
    const coming = { who: 'me', logId: 'mine', bytes: 1 };
    const many = Array.from({ length: MAX_KEPT_FILES }, (_, n) =>
      made(n, n === 0 ? 'mine' : 'x', 1),
    );
    expect(goneFor(many.slice(1), coming)).toEqual([]);
    expect(goneFor(many, coming).map(({ id }) => id)).toEqual(['1']);
    const half = MAX_KEPT_BYTES / 2;
    const large = [made(1, 'x', half), made(2, 'y', half), { ...made(3, 'x', half), gone: true }];
    expect(goneFor(large, coming).map(({ id }) => id)).toEqual(['1']);
  });

  test('with its session it is deleted', async () => {
    const { attachments, browser, box } = setUp();
    await attachments.add(session, 'Demo', [image('1.png')]);
    await attachments.add({ sessionId: 'b', logId: 'log-b' }, 'Demo', [image('2.png')]);
    attachments.forget('log-a');
    expect(box().list).toEqual([]);
    await until(() => expect(browser.kept.all.map(({ name }) => name)).toEqual(['2.png']));
    browser.kept.refuses = true;
    attachments.forget('log-b');
    attachments.show('log-a');
    expect(box().list).toEqual([]);
  });

  test('close() twice leaves nothing listening', () => {
    const { attachments, browser } = setUp();
    expect(browser.listeners).toBe(2);
    attachments.close();
    attachments.close();
    expect(browser.listeners).toBe(0);
  });
});
