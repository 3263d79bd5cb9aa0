import { expect, test } from 'vitest';
import type { EventBody, SessionUpdate } from '../../shared/events.ts';
import { ended, queued, started, stateOf } from '../testing/fixtures.ts';
import { MOST_SAID, tellOn, toldAll } from './tell.ts';

const update = (body: SessionUpdate): EventBody => ({ type: 'update', turnId: 't1', update: body });
const says = (text: string): EventBody =>
  update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const begun = [queued('t1', 'go'), started('t1')];
const at = (...bodies: EventBody[]) => stateOf('log', [...begun, ...bodies]);

test('[P80] what was there when the session was opened is not read out', () => {
  const state = at(says('Old. Not yet'));
  const next = tellOn(toldAll(state), at(says('Old. Not yet'), says(' new. And')));
  expect(next.said).toBe('new.');
});

test('[P80] a tool call is told when it is over, once, and the turn’s end', () => {
  const call = update({ sessionUpdate: 'tool_call', toolCallId: 'c', title: 'Edit a file' });
  const over = update({ sessionUpdate: 'tool_call_update', toolCallId: 'c', status: 'completed' });
  let { told, said } = tellOn(toldAll(at()), at(says('I will'), call));
  expect(said).toBe('I will');
  ({ told, said } = tellOn(told, at(says('I will'), call, over)));
  expect(said).toBe('Edit a file: done.');
  ({ told, said } = tellOn(told, at(says('I will'), call, over, ended('t1'))));
  expect(said).toBe('The agent has finished.');
  expect(tellOn(told, at(says('I will'), call, over, ended('t1'))).said).toBe('');
});

test('[P80] a turn that came and went between two announcements is told whole', () => {
  const state = stateOf('log', []);
  const next = tellOn(toldAll(state), at(says('All in one'), ended('t1')));
  expect(next.said).toBe('All in one The agent has finished.');
});

test('[P80] requests, plans and failures are told in words', () => {
  const request: EventBody = {
    type: 'request.opened',
    turnId: 't1',
    requestId: 'r',
    request: { kind: 'permission', toolCall: { toolCallId: 'c', title: 'Delete it' }, options: [] },
  };
  const plan = update({
    sessionUpdate: 'plan',
    entries: [
      { content: 'Read', priority: 'medium', status: 'completed' },
      { content: 'Write', priority: 'medium', status: 'in_progress' },
    ],
  });
  const failed: EventBody = {
    type: 'turn.ended',
    turnId: 't1',
    reason: 'failed',
    error: { code: 'agent_exited', message: 'The agent ended.' },
  };
  expect(tellOn(toldAll(at()), at(plan, request, failed)).said).toBe(
    'Plan, step 2 of 2: Write. The agent asks for a permission: Delete it. The agent ended.',
  );
});

test('[P80] what is too much is cut at a sentence, and said to be', () => {
  const { said } = tellOn(toldAll(at()), at(says('One more sentence. '.repeat(100))));
  expect(said.length).toBeLessThan(MOST_SAID + 20);
  expect(said).toMatch(/sentence\. And more\.$/);
});

test('[P80] another session begins anew', () => {
  const told = toldAll(at(says('Here. ')));
  expect(tellOn(told, stateOf('other', [...begun, says('There. ')])).said).toBe('');
});
