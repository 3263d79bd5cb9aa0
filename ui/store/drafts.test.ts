import { afterEach, expect, test, vi } from 'vitest';
import type { Draft } from '../../shared/api.ts';
import { fail, ok, type Result } from '../../shared/errors.ts';
import type { Row } from '../../shared/row.ts';
import { createFakeCommands } from '../testing/fake-commands.ts';
import { createFakeTimers } from '../testing/fake-env.ts';
import { makeRow } from '../testing/fixtures.ts';
import { createDrafts, RETRY_MS, SAVE_MS, type Drafts } from './drafts.ts';

const session = { sessionId: 'a', logId: 'log-a' };
let drafts: Drafts;
const flushed = () => vi.waitFor(() => {});

/** A server that takes every save, and answers when it is told to. */
function setUp() {
  const commands = createFakeCommands();
  const timers = createFakeTimers();
  let rev = 0;
  commands.answers.patchSession = async (id) => ok(makeRow(id, { draftRev: (rev += 1) }));
  drafts = createDrafts({ commands, timers });
  const saves = () =>
    commands.calls.flatMap((call) => (call.name === 'patchSession' ? [call.args[1].draft] : []));
  const asked = () => commands.calls.filter(({ name }) => name === 'draft').length;
  return { commands, timers, saves, asked };
}
afterEach(() => drafts.close());

test('[O13] keystrokes are saved together, no later than the first one plus the pause', async () => {
  const { timers, saves } = setUp();
  drafts.show(makeRow('a'));
  for (const text of ['h', 'he', 'hel', 'hell']) {
    drafts.write(session, text);
    timers.advance(SAVE_MS / 4);
  }
  await flushed();
  expect(saves()).toEqual(['hell']);
  drafts.write(session, 'hello');
  timers.advance(SAVE_MS);
  await flushed();
  expect(saves()).toEqual(['hell', 'hello']);
  expect(timers.count).toBe(0);
});

test('[O13] one save at a time: what is typed meanwhile follows it, from its revision', async () => {
  const { commands, timers, saves } = setUp();
  let answer = (_result: Result<Row>): void => {};
  commands.answers.patchSession = () => new Promise((resolve) => (answer = resolve));
  drafts.show(makeRow('a'));
  drafts.write(session, 'one');
  timers.advance(SAVE_MS);
  drafts.write(session, 'one two');
  timers.advance(SAVE_MS);
  expect(saves()).toEqual(['one']);
  answer(ok(makeRow('a', { draftRev: 7 })));
  await flushed();
  timers.advance(SAVE_MS);
  expect(commands.calls.at(-1)?.args[1]).toEqual({ draft: 'one two', draftRev: 7 });
});

test('[O13] what was written elsewhere is asked for when its row is shown, once', async () => {
  const { commands, asked } = setUp();
  commands.answers.draft = async () => ok({ text: 'half', rev: 4, fork: 0 });
  drafts.show(makeRow('a', { draftRev: 4 }));
  drafts.show(makeRow('a', { draftRev: 4, title: 'other' }));
  await vi.waitFor(() => expect(drafts.text('log-a')).toBe('half'));
  drafts.show(makeRow('a', { draftRev: 4, title: 'again' }));
  expect(asked()).toBe(1);
  expect(drafts.text('log-b')).toBe('');
});

test('[O13] the row that this tab’s own save changed is not asked about', async () => {
  const { timers, asked } = setUp();
  drafts.show(makeRow('a'));
  drafts.write(session, 'x');
  timers.advance(SAVE_MS);
  // It comes before the answer.
  drafts.show(makeRow('a', { draftRev: 1 }));
  await flushed();
  timers.advance(SAVE_MS);
  expect(asked()).toBe(0);
});

test('[O13] flush saves at once: the page is about to go', () => {
  const { saves } = setUp();
  drafts.show(makeRow('a'));
  drafts.write(session, 'x');
  drafts.flush();
  drafts.flush();
  expect(saves()).toEqual(['x']);
});

test('[O13] a message that is sent takes its draft along, and a late save of it is taken back', async () => {
  const { timers, saves } = setUp();
  drafts.show(makeRow('a'));
  drafts.write(session, 'hello');
  timers.advance(SAVE_MS);
  expect(drafts.take('log-a')).toBe(0);
  expect(drafts.text('log-a')).toBe('');
  await flushed();
  timers.advance(SAVE_MS);
  expect(saves()).toEqual(['hello', '']);
});

test('a text that comes back stands before what was typed since', () => {
  setUp();
  drafts.write(session, 'later');
  drafts.putBack(session, 'earlier');
  expect(drafts.text('log-a')).toBe('earlier\n\nlater');
});

test('[O13] what can’t be saved is tried again; not for a session that is gone', async () => {
  const { commands, timers, saves } = setUp();
  commands.answers.patchSession = async () => fail('network', 'away');
  drafts.show(makeRow('a'));
  drafts.write(session, 'x');
  timers.advance(SAVE_MS);
  await flushed();
  commands.answers.patchSession = async () => fail('not_found', 'gone');
  timers.advance(RETRY_MS);
  await flushed();
  timers.advance(10 * RETRY_MS);
  expect(saves()).toEqual(['x', 'x']);
  expect(timers.count).toBe(0);
});

test('[O13] a question that failed is asked again', async () => {
  const { commands, timers } = setUp();
  let answers: Result<Draft> = fail('network', 'away');
  commands.answers.draft = async () => answers;
  drafts.show(makeRow('a', { draftRev: 2 }));
  await flushed();
  answers = ok({ text: 'half', rev: 2, fork: 0 });
  timers.advance(RETRY_MS);
  await vi.waitFor(() => expect(drafts.text('log-a')).toBe('half'));
});

test('[H11] close leaves no timer', () => {
  const { timers } = setUp();
  drafts.show(makeRow('a'));
  drafts.write(session, 'x');
  drafts.close();
  drafts.close();
  drafts.write(session, 'y');
  expect(timers.count).toBe(0);
});
