// @vitest-environment happy-dom
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { EventBody } from '../../shared/events.ts';
import type { Row } from '../../shared/row.ts';
import { createPage, type Page } from '../testing/fake-client.ts';
import { ended, eventsOf, queued, running, started, updated } from '../testing/fixtures.ts';
import { mount, openCard, showLog, until } from '../testing/mount.ts';
import { all, one, textOf } from '../testing/screen.ts';
import { SessionPane } from './lazy-pages.ts';

let page: Page;
let root: HTMLElement;
beforeAll(SessionPane.fetch);
beforeEach(() => {
  page = createPage('/session/a');
  root = mount(page);
});
const main = () => one(root, 'main');
const show = (bodies: EventBody[], fields: Partial<Row> = {}) => showLog(page, bodies, fields);

test('[P31] an open call stays open while it goes on, and closed ones have no body', async () => {
  const tool = (status: 'in_progress' | 'completed') =>
    updated('t', {
      sessionUpdate: 'tool_call_update',
      toolCallId: 'c1',
      title: 'Run it',
      kind: 'execute',
      status,
      content: [{ type: 'content', content: { type: 'text', text: `${status}\rX` } }],
    });
  const bodies = [queued('t', 'go'), started('t'), tool('in_progress')];
  show(bodies);
  await until(() => expect(root.querySelectorAll('details.tool')).toHaveLength(1));
  expect(root.querySelector('.tool-body')).toBeNull();
  const card = root.querySelector('details');
  openCard(card);
  await until(() => expect(root.querySelector('.terminal')?.textContent).toBe('Xn_progress\n'));
  const watchId = page.watch()?.watchId ?? 0;
  const events = eventsOf([tool('completed')], bodies.length);
  page.receive({ pane: { watchId, kind: 'events', logId: 'log-a', events } });
  await until(() => expect(root.querySelector('.terminal')?.textContent).toBe('Xompleted\n'));
  expect(root.querySelector('details')).toBe(card);
  expect(card?.open).toBe(true);
  expect(card?.dataset['status']).toBe('completed');
});

test('[P35] the plan’s step stands above the box while the turn runs, and goes with its end', async () => {
  const plan = updated('t', {
    sessionUpdate: 'plan',
    entries: [
      { content: 'Read it', priority: 'high', status: 'completed' },
      { content: 'Change it', priority: 'high', status: 'in_progress' },
    ],
  });
  const bodies = [queued('t', 'go'), started('t'), plan];
  show(bodies);
  await until(() => expect(root.querySelector('.plan-bar')).not.toBeNull());
  const bar = root.querySelector('.plan-bar');
  expect(textOf(bar ?? root)).toContain('2 of 2 : Change it');
  const watchId = page.watch()?.watchId ?? 0;
  const events = eventsOf([ended('t')], bodies.length);
  page.receive({ pane: { watchId, kind: 'events', logId: 'log-a', events } });
  await until(() => expect(root.querySelector('.plan-bar')).toBeNull());
  expect(all(one(main(), 'article', 'Agent'), 'list', 'Plan')).toHaveLength(1);
});

test('[P37] what failed can be tried again: the same prompt, under a key of its own', async () => {
  const error = { code: 'agent_exited', message: 'The agent’s process died.' };
  show([
    ...running('t', 'go', 'so far'),
    { type: 'turn.ended', turnId: 't', reason: 'failed', error },
  ]);
  await until(() => one(main(), 'button', 'Try again'));
  one(main(), 'button', 'Try again').click();
  const input = { prompt: [{ type: 'text', text: 'go' }], key: 'again-t', mode: 'queue' };
  await until(() =>
    expect(page.commands.calls).toContainEqual({ name: 'prompt', args: ['a', input] }),
  );
});

test('[P36] what it is about is in the card, before its options', async () => {
  const content = [{ type: 'diff' as const, path: 'a.ts', oldText: 'was', newText: 'is now' }];
  const command = 'make all';
  const toolCall = { toolCallId: 'c', title: 'Build', content, rawInput: { command } };
  const options = [
    { optionId: 'no', name: 'Never', kind: 'reject_always' as const },
    { optionId: 'yes', name: 'Go', kind: 'allow_once' as const },
  ];
  const request = { kind: 'permission' as const, toolCall, options };
  const opened = { type: 'request.opened' as const, turnId: 't', requestId: 'r', request };
  show([...running('t', 'go', 'May I?'), opened]);
  await until(() => one(main(), 'group', 'Permission: Build'));
  const card = textOf(one(main(), 'group', 'Permission: Build'));
  const order = ['May the agent', 'Build', 'make all', 'a.ts', 'was', 'is now', 'Never', 'Go'];
  const places = order.map((word) => card.indexOf(word));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
});
