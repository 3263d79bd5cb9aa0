// @vitest-environment happy-dom
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { fail, ok } from '../../shared/errors.ts';
import type { EventBody } from '../../shared/events.ts';
import type { Row } from '../../shared/row.ts';
import { createPage, type Page } from '../testing/fake-client.ts';
import {
  ended,
  eventsOf,
  permission,
  queued,
  rowOf,
  running,
  said,
  settled,
  started,
  stateOf,
  updated,
} from '../testing/fixtures.ts';
import { fakeLayout } from '../testing/fake-layout.ts';
import { mount, openCard, showLog, until } from '../testing/mount.ts';
import { all, one, textOf } from '../testing/screen.ts';
import { fetchStreaming } from '../markdown/markdown.tsx';
import { SessionPane } from './lazy-pages.ts';

let page: Page;
let root: HTMLElement;
beforeAll(SessionPane.fetch);
// What the pane fetches after itself.
beforeAll(() => import('./cards.ts'));
beforeAll(fetchStreaming);
beforeEach(() => {
  page = createPage('/session/a');
  root = mount(page);
});
const main = () => one(root, 'main');
const show = (bodies: EventBody[], fields: Partial<Row> = {}) => showLog(page, bodies, fields);
const box = () => one(main(), 'textbox', 'Message') as HTMLTextAreaElement;
const type = async (text: string) => {
  await until(() => box());
  box().value = text;
  box().dispatchEvent(new Event('input', { bubbles: true }));
  await until(() => expect(page.store.drafts.text('log-a')).toBe(text));
};
const press = (key: string, more: KeyboardEventInit = {}) =>
  box().dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
  );
const buttons = () => [...main().querySelectorAll('.composer .buttons button')].map(textOf);

describe('transcript', () => {
  test('one article per message, named and with its turn', async () => {
    show([...settled('t1', 'first ask', 'first **answer**'), ...running('t2', 'second', 'more')]);
    await until(() => expect(all(main(), 'article')).toHaveLength(4));
    const articles = all(one(main(), 'log', 'Transcript'), 'article');
    expect(articles.map((it) => [it.getAttribute('aria-label'), it.dataset['turnId']])).toEqual([
      ['You', 't1'],
      ['Agent', 't1'],
      ['You', 't2'],
      ['Agent', 't2'],
    ]);
    expect(articles[1]?.querySelector('strong')?.textContent).toBe('answer');
    expect(textOf(articles[3] ?? root)).toBe('more Working…');
  });

  test('[T5] a token changes its own text and nothing else, and asks for no layout', async () => {
    const layout = fakeLayout();
    onTestFinished(layout.close);
    const bodies = [
      ...settled('t1', 'first ask', 'first **answer**'),
      ...running('t2', 'second', '# Title\n\nOne paragraph.\n\nAnother'),
    ];
    show(bodies);
    await until(() => expect(all(main(), 'article')).toHaveLength(4));
    await until(() => expect(layout.observed).toBe(1));
    const text = [...root.querySelectorAll('.md-block')].at(-1)?.querySelector('p')?.lastChild;
    const reads = layout.reads;
    const changed: Node[] = [];
    const watcher = new MutationObserver((records) =>
      changed.push(...records.map(({ target }) => target)),
    );
    watcher.observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    for (let at = 0; at < 3; at += 1) {
      const events = eventsOf([said('t2', ` word${at}`)], bodies.length + at);
      const watchId = page.watch()?.watchId ?? 0;
      page.receive({ pane: { watchId, kind: 'events', logId: 'log-a', events } });
      await until(() => expect(text?.textContent).toContain(`word${at}`));
    }
    changed.push(...watcher.takeRecords().map(({ target }) => target));
    watcher.disconnect();
    expect(text?.textContent).toBe('Another word0 word1 word2');
    expect(changed).toEqual([text, text, text]);
    expect(layout.reads).toBe(reads);
  });

  test('parts stand in the order the agent sent them', async () => {
    show([
      queued('t', 'go'),
      started('t'),
      updated('t', {
        sessionUpdate: 'agent_thought_chunk',
        content: { type: 'text', text: 'hm' },
      }),
      said('t', 'Reading.'),
      updated('t', {
        sessionUpdate: 'tool_call',
        toolCallId: 'c',
        title: 'Edit main.ts',
        kind: 'edit',
        status: 'completed',
        content: [{ type: 'diff', path: 'main.ts', oldText: 'a\nb', newText: 'a\nc' }],
        locations: [{ path: 'main.ts', line: 2 }],
        rawInput: { x: 1 },
      }),
      updated('t', {
        sessionUpdate: 'plan',
        entries: [{ content: 'Write it', priority: 'high', status: 'in_progress' }],
      }),
      updated('t', { sessionUpdate: 'notice', severity: 'warning', title: 'Careful' }),
      said('t', 'Done.'),
      ended('t'),
    ]);
    await until(() => expect(all(main(), 'list', 'Plan')).toHaveLength(1));
    const text = textOf(one(main(), 'article', 'Agent'));
    const order = ['Thoughts', 'Reading.', 'Edit main.ts', 'Plan', 'Careful', 'Done.'];
    expect(order.map((word) => text.indexOf(word))).toEqual(
      order.map((word) => text.indexOf(word)).sort((a, b) => a - b),
    );
    expect(text).toContain('edit done');
    expect(text).toContain('Write it under way');
    openCard(one(main(), 'article', 'Agent').querySelector('details.tool'));
    await until(() => expect(root.querySelector('.diff')).not.toBeNull());
    const opened = textOf(one(main(), 'article', 'Agent'));
    expect(opened).toContain('main.ts:2');
    expect(opened).toContain('1 line added. −1 1 line removed.');
    expect(opened).toContain('Removed: b Added: c');
  });

  test('[A3] agent output is not HTML', async () => {
    show(settled('t', '<img src=x onerror=alert(1)>', 'A <img src=x onerror=alert(1)> <b>b</b>'));
    await until(() => expect(all(main(), 'article')).toHaveLength(2));
    expect(root.querySelector('img, [onerror]')).toBeNull();
    expect(textOf(one(main(), 'article', 'You'))).toBe('<img src=x onerror=alert(1)>');
    expect(one(main(), 'article', 'Agent').querySelector('b')?.textContent).toBe('b');
  });

  test('[L3] a turn that failed says what happened, what was kept, and the detail', async () => {
    show([
      ...running('t', 'go', 'so far'),
      {
        type: 'turn.ended',
        turnId: 't',
        reason: 'failed',
        error: { code: 'agent_exited', message: 'The agent’s process died.', detail: 'stderr!' },
      },
    ]);
    await until(() => expect(textOf(main())).toContain('The agent’s process died.'));
    const text = textOf(one(main(), 'article', 'Agent'));
    expect(text).toContain('so far');
    expect(text).toContain('is kept');
    expect(text).toContain('stderr!');
  });

  test.each([
    ['cancelled', 'Stopped.'],
    ['interrupted', 'tabcast was stopped'],
    ['max_tokens', 'token limit'],
    ['max_turn_requests', 'limit of model requests'],
    ['refusal', 'refused'],
  ] as const)('[L3] a turn that ended as %s says so', async (reason, words) => {
    show([...running('t', 'go', 'x'), { type: 'turn.ended', turnId: 't', reason }]);
    await until(() => expect(textOf(one(main(), 'article', 'Agent'))).toContain(words));
  });

  test('[L10] a turn that was interrupted says why, once', async () => {
    const error = { code: 'interrupted', message: 'tabcast was stopped while this turn ran.' };
    const end = { type: 'turn.ended', turnId: 't', reason: 'interrupted', error } as const;
    show([...running('t', 'go', 'x'), end]);
    await until(() => {
      const text = textOf(one(main(), 'article', 'Agent'));
      expect(text.split('was stopped')).toHaveLength(2);
    });
  });

  test('[O12] when the row says idle nothing spins, whatever the pane still has', async () => {
    const state = stateOf('log-a', running('t', 'go', 'x'));
    page.rows([rowOf('a', state)]);
    page.snapshot(state);
    await until(() => expect(textOf(main())).toContain('Working…'));
    page.rows([rowOf('a', state, { status: 'idle', activeTurnId: null, lastSeq: state.seq + 1 })]);
    await until(() => expect(textOf(main())).not.toContain('Working…'));
    expect(root.querySelector('.spinner')).toBeNull();
    expect(buttons()).toEqual(['Send']);
  });

  test('[L8] Show earlier asks for what lies before the first turn', async () => {
    const whole = stateOf('log-a', [...settled('t0', 'p', 'x'), ...settled('t1', 'p', 'y')]);
    page.rows([rowOf('a', whole)]);
    page.snapshot({ ...whole, turns: whole.turns.slice(1) });
    await until(() => one(main(), 'button', 'Show earlier').click());
    expect(page.commands.calls.at(-1)).toEqual({ name: 'olderTurns', args: ['a', 1] });
  });
});

describe('the reader’s place', () => {
  const many = Array.from({ length: 60 }, (_, at) => settled(`t${at}`, `ask ${at}`, 'x')).flat();
  const whole = stateOf('log-a', many);
  const lastPage = { ...whole, turns: whole.turns.slice(40) };
  const asked = () => page.commands.calls.filter(({ name }) => name === 'olderTurns');
  const come = (path: string) => {
    page.commands.answers.olderTurns = async (_id, before) =>
      ok({ turns: whole.turns.slice(Math.max(0, before - 20), before), more: before > 20 });
    page.rows([rowOf('a', whole)]);
    page.snapshot(lastPage);
    page.store.router.navigate(path);
  };
  const shown = () =>
    all(main(), 'article', 'You').map((it) => Number(it.dataset['turnId']?.slice(1)));
  const range = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => from + at);

  test('[L8] a link to a turn brings the page around it, marks it and puts the focus there', async () => {
    come('/session/a?turn=12');
    await until(() => {
      page.frames.paint();
      expect(document.activeElement?.getAttribute('data-turn-id')).toBe('t12');
    });
    expect(asked()).toEqual([{ name: 'olderTurns', args: ['a', 22] }]);
    expect(shown()).toEqual([...range(2, 22), ...range(40, 60)]);
    expect(root.querySelectorAll('[data-found]')).toHaveLength(2);

    one(main(), 'button', 'Show the 18 turns between').click();
    await until(() => {
      page.frames.paint();
      expect(shown()).toEqual(range(2, 60));
    });
    expect(asked().at(-1)).toEqual({ name: 'olderTurns', args: ['a', 42] });
    // There is no gap any more, and the turn before it all is one page away.
    expect(all(main(), 'button', /between/)).toEqual([]);
    one(main(), 'button', 'Show earlier').click();
    await until(() => {
      page.frames.paint();
      expect(shown()).toEqual(range(0, 60));
    });
  });

  test('[L8] a link to a turn that is shown asks for nothing; the same link again leads there again', async () => {
    come('/session/a?turn=45');
    const found = () => document.activeElement?.getAttribute('data-turn-id');
    await until(() => expect(found()).toBe('t45'));
    box().focus();
    page.store.router.navigate('/session/a?turn=45');
    await until(() => expect(found()).toBe('t45'));
    expect(asked()).toEqual([]);
  });

  test('[L8] a turn that is not there, or can’t be had, is told once', async () => {
    come('/session/a?turn=60');
    await until(() => expect(textOf(one(main(), 'alert'))).toContain('There is no such turn'));
    expect(asked()).toEqual([]);
    page.commands.answers.olderTurns = async () => fail('network', 'No way there.');
    page.store.router.navigate('/session/a?turn=3');
    await until(() => expect(textOf(main())).toContain('No way there.'));
    expect(asked()).toHaveLength(1);
    await until(() => expect(shown()).toEqual(range(40, 60)));
  });

  test('[O9] a new canonical id keeps the turn in the address, and does not lead there again', async () => {
    come('/session/a?turn=45');
    await until(() => expect(document.activeElement?.getAttribute('data-turn-id')).toBe('t45'));
    box().focus();
    page.rows([rowOf('a2', whole, { aliases: ['a'] })]);
    await until(() => expect(page.addressBar.path()).toBe('/session/a2?turn=45'));
    expect(document.activeElement).toBe(box());
  });

  test('[O5] cards that were open are open when the reader comes back, and only those', async () => {
    const tool = (id: string) =>
      updated('t', { sessionUpdate: 'tool_call', toolCallId: id, title: id, rawInput: { a: 1 } });
    const state = stateOf('log-a', [queued('t', 'go'), started('t'), tool('c1'), tool('c2')]);
    page.rows([rowOf('a', state), rowOf('b', stateOf('log-b', []))]);
    page.snapshot(state);
    const cards = () => [...root.querySelectorAll('details')];
    const opened = () =>
      cards().flatMap((card) => (card.open ? [card.querySelector('summary')?.textContent] : []));
    await until(() => expect(cards()).toHaveLength(2));
    // The second, and its input within.
    openCard(cards()[1]);
    await until(() => expect(cards()).toHaveLength(3));
    openCard(cards()[2]);
    const both = [expect.stringContaining('c2'), 'Input'];
    expect(opened()).toEqual(both);
    page.store.router.navigate('/session/b');
    page.snapshot(stateOf('log-b', []));
    await until(() => expect(root.querySelectorAll('details.tool')).toHaveLength(0));
    page.store.router.navigate('/session/a');
    await until(() => expect(opened()).toEqual(both));
    // A body costs something only where it is shown.
    expect(cards()).toHaveLength(3);
  });
});

describe('requests', () => {
  const asked = [...running('t', 'go', 'May I?'), permission('t', 'r1')];

  test('[O7] a permission is a group with a button per option; its answer names the request', async () => {
    show(asked);
    await until(() => one(main(), 'group', 'Permission: Run rm -r build'));
    const card = one(main(), 'group', 'Permission: Run rm -r build');
    expect(all(card, 'button').map(textOf)).toEqual(['Allow', 'Reject']);
    expect(textOf(main())).toContain('Waiting for you');
    one(card, 'button', 'Allow').click();
    expect(page.commands.calls.at(-1)).toEqual({
      name: 'answer',
      args: ['a', 'r1', { outcome: 'selected', optionId: 'yes' }],
    });
    await until(() =>
      expect((one(card, 'button', 'Reject') as HTMLButtonElement).disabled).toBe(true),
    );
  });

  test('[O7] answered elsewhere: the card closes and one line stays', async () => {
    show(asked);
    await until(() => one(main(), 'group', /^Permission/));
    show([
      ...asked,
      {
        type: 'request.resolved',
        turnId: 't',
        requestId: 'r1',
        outcome: { outcome: 'selected', optionId: 'no' },
      },
    ]);
    await until(() => expect(all(main(), 'group', /^Permission/)).toEqual([]));
    expect(textOf(main())).toContain('Run rm -r build · Reject');
  });

  test('[O7] an answer that comes too late says so and changes nothing', async () => {
    show(asked);
    page.commands.answers.answer = async () => fail('already_answered', 'x');
    await until(() => one(main(), 'button', 'Allow').click());
    await until(() => expect(textOf(one(main(), 'alert'))).toContain('already answered'));
  });

  test('[O7] a question is a form of its schema; what is missing is said, what fits is sent', async () => {
    show([
      ...running('t', 'go', 'x'),
      {
        type: 'request.opened',
        turnId: 't',
        requestId: 'q1',
        request: {
          kind: 'question',
          message: 'Which database?',
          schema: {
            type: 'object',
            properties: {
              name: { type: 'string', title: 'Name', minLength: 2 },
              port: { type: 'integer', title: 'Port', default: 5432 },
              kind: { type: 'string', title: 'Kind', enum: ['sqlite', 'postgres'] },
              tls: { type: 'boolean', title: 'Encrypted' },
              tags: { type: 'array', title: 'Tags', items: { type: 'string', enum: ['x', 'y'] } },
            },
            required: ['name', 'kind'],
          },
        },
      },
    ]);
    await until(() => one(main(), 'form', 'Question: Which database?'));
    const form = one(main(), 'form', 'Question: Which database?') as HTMLFormElement;
    one(form, 'button', 'Answer').click();
    await until(() => expect(textOf(form)).toContain('Needed.'));
    expect(page.commands.calls.map(({ name }) => name)).not.toContain('answer');

    const name = one(form, 'textbox', 'Name') as HTMLInputElement;
    name.value = 'main';
    name.dispatchEvent(new Event('input', { bubbles: true }));
    const kind = one(form, 'combobox', 'Kind') as HTMLSelectElement;
    kind.value = 'postgres';
    kind.dispatchEvent(new Event('change', { bubbles: true }));
    one(form, 'checkbox', 'y').click();
    await until(() => {
      one(form, 'button', 'Answer').click();
      expect(page.commands.calls.at(-1)?.name).toBe('answer');
    });
    expect(page.commands.calls.at(-1)?.args).toEqual([
      'a',
      'q1',
      {
        action: 'accept',
        content: { name: 'main', port: 5432, kind: 'postgres', tls: false, tags: ['y'] },
      },
    ]);
  });

  test('[O7] a request whose turn is over can’t be answered any more', async () => {
    show([...asked, ended('t')]);
    await until(() => expect(textOf(main())).toContain('not answered'));
    expect(all(main(), 'group', /^Permission/)).toEqual([]);
  });
});

describe('composer', () => {
  test('Enter sends, Shift+Enter and a composition do not', async () => {
    show(settled('t', 'p', 'x'));
    await type('hello');
    press('Enter', { shiftKey: true });
    press('Enter', { isComposing: true });
    expect(page.commands.calls.map(({ name }) => name)).not.toContain('prompt');
    press('Enter');
    expect(page.commands.calls.at(-1)).toMatchObject({
      name: 'prompt',
      args: ['a', { prompt: 'hello', mode: 'queue' }],
    });
    await until(() => expect(box().value).toBe(''));
  });

  test('[L9] [O10] a message that the log has before its sender has the answer is shown once', async () => {
    show([]);
    const keys: string[] = [];
    page.commands.answers.prompt = (_id, { key }) => {
      keys.push(key);
      return new Promise(() => {});
    };
    await type('Say it once');
    one(main(), 'button', 'Send').click();
    await until(() => expect(textOf(main())).toContain('Sending: Say it once'));
    const prompt: EventBody = {
      type: 'turn.queued',
      turnId: 't1',
      key: keys[0] ?? '',
      prompt: [{ type: 'text', text: 'Say it once' }],
      mode: 'queue',
    };
    for (const log of [[prompt], [prompt, started('t1')], [prompt, started('t1'), ended('t1')]]) {
      show(log);
      await until(() => {
        expect(textOf(main())).not.toContain('Sending');
        expect(textOf(main()).split('Say it once')).toHaveLength(2);
      });
    }
  });

  test('[L9] what could not be sent is back in the box', async () => {
    show(settled('t', 'p', 'x'));
    page.commands.answers.prompt = async () => fail('unavailable', 'The server is away.');
    await type('hello');
    press('Enter');
    await until(() => expect(textOf(one(main(), 'alert'))).toContain('The server is away.'));
    await until(() => expect(box().value).toBe('hello'));
  });

  test('[O11] Stop cancels the pane’s own turn, then says Stopping…', async () => {
    show(running('t9', 'p', 'x'));
    await until(() => one(main(), 'button', 'Stop').click());
    expect(page.commands.calls.at(-1)).toEqual({ name: 'cancel', args: ['a', 't9'] });
    show([...running('t9', 'p', 'x'), { type: 'turn.cancelling', turnId: 't9' }]);
    await until(() =>
      expect((one(main(), 'button', 'Stopping…') as HTMLButtonElement).disabled).toBe(true),
    );
    expect(textOf(one(main(), 'article', 'Agent'))).toContain('Stopping…');
  });

  test('[O10] a busy session queues, or stops and sends', async () => {
    show(running('t', 'p', 'x'));
    await until(() => expect(buttons()).toEqual(['Stop', 'Queue']));
    await type('next');
    await until(() => expect(buttons()).toEqual(['Stop', 'Stop and send', 'Queue']));
    one(main(), 'button', 'Stop and send').click();
    expect(page.commands.calls.at(-1)).toMatchObject({ args: ['a', { mode: 'interrupt' }] });
  });

  test('[O10][L10] the queue is listed; a held prompt waits for the person', async () => {
    const queue = [queued('q1', 'later'), queued('q2', 'even later')];
    show([...running('t', 'p', 'x'), ...queue]);
    await until(() => expect(all(one(main(), 'list', 'Queue'), 'listitem')).toHaveLength(2));
    const first = all(one(main(), 'list', 'Queue'), 'listitem')[0] ?? root;
    expect(textOf(first)).toBe('later next ↑ ↓ Edit Remove');
    one(first, 'button', 'Remove').click();
    expect(page.commands.calls.at(-1)).toEqual({ name: 'removeQueued', args: ['a', 'q1'] });

    const interrupted: EventBody = { type: 'turn.ended', turnId: 't', reason: 'interrupted' };
    show([...running('t', 'p', 'x'), ...queue, interrupted]);
    await until(() => expect(all(main(), 'button', 'Send now')).toHaveLength(2));
    expect(textOf(one(main(), 'list', 'Queue'))).toContain('waiting');
    all(main(), 'button', 'Send now')[1]?.click();
    expect(page.commands.calls.at(-1)).toEqual({ name: 'startQueued', args: ['a', 'q2'] });
    one(main(), 'button', 'Send all in turn').click();
    expect(page.commands.calls.at(-1)).toEqual({ name: 'releaseQueue', args: ['a'] });
  });

  test('[O10] the queue can be ordered within what is free, and edited in place', async () => {
    const urgent: EventBody = { ...queued('q0', 'urgent'), mode: 'interrupt' } as EventBody;
    show([
      ...running('t', 'p', 'x'),
      queued('q1', 'one'),
      queued('q2', 'two'),
      queued('q3', 'three'),
      urgent,
    ]);
    const list = () => one(main(), 'list', 'Queue');
    const lines = () => all(list(), 'listitem');
    await until(() => expect(lines()).toHaveLength(4));
    expect(lines().map(textOf)).toEqual([
      'urgent next Edit Remove',
      'one ↑ ↓ Edit Remove',
      'two ↑ ↓ Edit Remove',
      'three ↑ ↓ Edit Remove',
    ]);
    const way = (at: number) =>
      ['Move up', 'Move down'].map(
        (name) => !(one(lines()[at] ?? root, 'button', name) as HTMLButtonElement).disabled,
      );
    expect([way(1), way(2), way(3)]).toEqual([
      [false, true],
      [true, true],
      [true, false],
    ]);
    const moved = () => page.commands.calls.at(-1);
    one(lines()[3] ?? root, 'button', 'Move up').click();
    expect(moved()).toEqual({ name: 'changeQueued', args: ['a', 'q3', { before: 'q2' }] });
    one(lines()[1] ?? root, 'button', 'Move down').click();
    expect(moved()).toEqual({ name: 'changeQueued', args: ['a', 'q1', { before: 'q3' }] });
    one(lines()[2] ?? root, 'button', 'Move down').click();
    expect(moved()).toEqual({ name: 'changeQueued', args: ['a', 'q2', { before: null }] });

    const editor = () => one(list(), 'textbox', 'Queued message') as HTMLTextAreaElement;
    one(lines()[2] ?? root, 'button', 'Edit').click();
    await until(() => expect(editor().value).toBe('two'));
    editor().dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await until(() => expect(all(list(), 'textbox')).toEqual([]));
    one(lines()[2] ?? root, 'button', 'Edit').click();
    await until(() => editor());
    editor().value = 'two, changed';
    editor().dispatchEvent(new Event('input', { bubbles: true }));
    // It is kept while another session is looked at.
    page.store.router.navigate('/');
    await until(() => expect(all(main(), 'list', 'Queue')).toEqual([]));
    page.store.router.navigate('/session/a');
    await until(() => expect(editor().value).toBe('two, changed'));
    one(list(), 'button', 'Save').click();
    await until(() => expect(all(list(), 'textbox')).toEqual([]));
    expect(moved()).toEqual({
      name: 'changeQueued',
      args: ['a', 'q2', { prompt: 'two, changed' }],
    });
  });

  test('slash commands complete by key and are sent when they are whole', async () => {
    const commands: EventBody = {
      type: 'update',
      turnId: null,
      update: {
        sessionUpdate: 'available_commands_update',
        availableCommands: [
          { name: 'plan', description: 'Shows a plan' },
          { name: 'count', description: 'Counts', input: { hint: '<n> <per-second>' } },
        ],
      },
    };
    show([commands]);
    await type('/');
    await until(() => expect(all(main(), 'option')).toHaveLength(2));
    press('ArrowDown');
    await until(() =>
      expect(all(main(), 'option').map((it) => it.getAttribute('aria-selected'))).toEqual([
        'false',
        'true',
      ]),
    );
    expect(box().getAttribute('aria-activedescendant')).toBe(all(main(), 'option')[1]?.id);
    press('Tab');
    await until(() => expect(box().value).toBe('/count '));
    expect(all(main(), 'listbox')).toEqual([]);

    await type('/pl');
    await until(() => one(main(), 'listbox', 'Commands'));
    press('Enter');
    await until(() => expect(box().value).toBe('/plan'));
    press('Enter');
    expect(page.commands.calls.at(-1)).toMatchObject({ args: ['a', { prompt: '/plan' }] });
  });
});
