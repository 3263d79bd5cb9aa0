// @vitest-environment happy-dom
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AgentInfo, KnownAgents } from '../../shared/api.ts';
import type { SessionConfigOption } from '../../shared/config-options.ts';
import { fail, ok } from '../../shared/errors.ts';
import { exportPath } from '../store/export-path.ts';
import type { FakeCommands } from '../testing/fake-commands.ts';
import { createPage, type Page } from '../testing/fake-client.ts';
import { makeRow, rowOf, stateOf } from '../testing/fixtures.ts';
import { mount, until } from '../testing/mount.ts';
import { all, one, textOf } from '../testing/screen.ts';
import { Home, SessionPane } from './lazy-pages.ts';

let page: Page;
let root: HTMLElement;
const open = (path: string, answers: FakeCommands['answers'] = {}) => {
  page = createPage(path, answers);
  root = mount(page);
  page.receive({ connection: { state: 'live' } });
};
beforeAll(async () => void (await Promise.all([Home.fetch(), SessionPane.fetch()])));
afterEach(() => void vi.unstubAllGlobals());
const main = () => one(root, 'main');
const demo: AgentInfo = { id: 'demo', title: 'Demo', default: true };

describe('[P53] pickers', () => {
  const mode = (currentValue: string): SessionConfigOption => ({
    id: 'm1',
    name: 'Mode',
    category: 'mode',
    type: 'select',
    currentValue,
    options: [
      { value: 'ask', name: 'Ask' },
      { value: 'code', name: 'Code' },
    ],
  });
  const others: SessionConfigOption[] = [
    { id: 'loud', name: 'Loud', type: 'boolean', currentValue: false },
    {
      id: 'm2',
      name: 'Model',
      category: 'model',
      type: 'select',
      currentValue: 'b',
      options: [
        { group: 'g', name: 'Good ones', options: [{ value: 'a', name: 'A' }] },
        { group: 'h', name: 'Better ones', options: [{ value: 'b', name: 'B' }] },
      ],
    },
  ];
  const show = (...configOptions: SessionConfigOption[]) => {
    const state = stateOf('log-a', [
      {
        type: 'update',
        turnId: null,
        update: { sessionUpdate: 'config_option_update', configOptions },
      },
    ]);
    page.rows([rowOf('a', state)]);
    page.snapshot(state);
  };
  const picker = (name: string) => one(main(), 'combobox', name) as HTMLSelectElement;
  const choose = (name: string, value: string) => {
    picker(name).value = value;
    picker(name).dispatchEvent(new Event('change', { bubbles: true }));
  };

  test('[P86] what the agent says of a choice is text in a list, chosen by key and by click', async () => {
    open('/session/a');
    const described: SessionConfigOption = {
      ...(others[1] as Extract<SessionConfigOption, { type: 'select' }>),
      description: 'Which one thinks.',
      options: [
        {
          group: 'g',
          name: 'Good ones',
          options: [{ value: 'a', name: 'A', description: 'Fast' }],
        },
        {
          group: 'h',
          name: 'Better ones',
          options: [{ value: 'b', name: 'B', description: 'Wise' }],
        },
      ],
    };
    show(mode('ask'), { ...others[0], description: 'As in a crowd.' } as never, described);
    await until(() => picker('Model'));
    expect(textOf(main())).toContain('As in a crowd.');
    expect(picker('Mode').tagName).toBe('SELECT');
    expect(all(main(), 'listbox')).toEqual([]);
    const press = (key: string) =>
      picker('Model').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    press('Enter');
    await until(() => one(main(), 'listbox', 'Model'));
    expect(textOf(main())).toContain('Which one thinks.');
    expect(all(main(), 'option').map(textOf)).toEqual(['A Fast', 'B Wise']);
    expect(textOf(one(main(), 'listbox'))).toBe('Good ones A Fast Better ones B Wise');
    press('ArrowUp');
    await until(() => {
      const active = picker('Model').getAttribute('aria-activedescendant') ?? '';
      expect(document.getElementById(active)?.textContent).toBe('AFast');
    });
    press('Escape');
    await until(() => expect(all(main(), 'listbox')).toEqual([]));
    expect(page.commands.calls.filter(({ name }) => name === 'configure')).toEqual([]);
    picker('Model').click();
    await until(() => one(main(), 'listbox'));
    one(main(), 'option', 'A Fast').click();
    await until(() =>
      expect(page.commands.calls.at(-1)).toEqual({
        name: 'configure',
        args: ['a', { configId: 'm2', value: 'a' }],
      }),
    );
    expect(all(main(), 'listbox')).toEqual([]);
  });

  test('mode and model come first; groups and switches are shown as such', async () => {
    open('/session/a');
    show(...others, mode('ask'));
    await until(() => picker('Mode'));
    expect(all(main(), 'combobox').map((it) => it.getAttribute('aria-label'))).toEqual([
      'Mode',
      'Model',
    ]);
    expect([...picker('Model').querySelectorAll('optgroup')].map(({ label }) => label)).toEqual([
      'Good ones',
      'Better ones',
    ]);
    expect(picker('Model').value).toBe('b');
    one(main(), 'checkbox', 'Loud').click();
    await until(() => expect(page.commands.calls.at(-1)?.name).toBe('configure'));
    expect(page.commands.calls.at(-1)).toEqual({
      name: 'configure',
      args: ['a', { configId: 'loud', value: true }],
    });
  });

  test('a choice is shown as under way until the log has it', async () => {
    let answer = (_options: SessionConfigOption[]) => {};
    open('/session/a', {
      configure: () => new Promise((resolve) => (answer = (options) => resolve(ok(options)))),
    });
    show(mode('ask'));
    await until(() => picker('Mode'));
    choose('Mode', 'code');
    await until(() => expect(picker('Mode').parentElement?.getAttribute('aria-busy')).toBe('true'));
    answer([mode('code')]);
    show(mode('code'));
    await until(() =>
      expect(picker('Mode').parentElement?.getAttribute('aria-busy')).toBe('false'),
    );
    expect(picker('Mode').value).toBe('code');
    // Another tab, or the agent itself.
    show(mode('ask'));
    await until(() => expect(picker('Mode').value).toBe('ask'));
  });

  test('a refusal is told, and the picker shows what is', async () => {
    open('/session/a', { configure: async () => fail('conflict', 'Not now.') });
    show(mode('ask'));
    await until(() => picker('Mode'));
    choose('Mode', 'code');
    await until(() => expect(textOf(main())).toContain('The setting was not changed. Not now.'));
    await until(() => expect(picker('Mode').value).toBe('ask'));
  });

  test('before the agent has told, it is asked on request only', async () => {
    open('/session/a');
    page.rows([makeRow('a')]);
    page.snapshot(stateOf('log-a', []));
    await until(() => one(main(), 'button', 'Mode and model'));
    expect(page.commands.calls.map(({ name }) => name)).not.toContain('configure');
    one(main(), 'button', 'Mode and model').click();
    expect(page.commands.calls.at(-1)).toEqual({ name: 'configure', args: ['a', {}] });
    show();
    await until(() => expect(all(main(), 'button', 'Mode and model')).toEqual([]));
  });
});

describe('agents that can’t be used', () => {
  test('[P54] one that is not installed: how to, and gone once it is there', async () => {
    let problem: AgentInfo['problem'] = {
      code: 'agent_missing',
      message: 'The command "qwen" was not found.',
      hint: 'npm install -g qwen',
    };
    open('/', {
      agents: async () =>
        ok([
          problem === undefined ? { ...demo, title: 'Qwen' } : { ...demo, title: 'Qwen', problem },
        ]),
    });
    await until(() => one(main(), 'heading', 'Qwen is not installed'));
    expect(textOf(main())).toContain('npm install -g qwen');
    const written: string[] = [];
    vi.stubGlobal('navigator', {
      clipboard: { writeText: async (text: string) => void written.push(text) },
    });
    one(main(), 'button', 'Copy the command').click();
    await until(() => expect(written).toEqual(['npm install -g qwen']));
    const note = () => main().querySelector('.agent-note');
    const again = () =>
      [...(note()?.querySelectorAll('button') ?? [])].find((it) => textOf(it) === 'Check again');
    again()?.click();
    await until(() => expect(textOf(main())).toContain('Still so.'));
    problem = undefined;
    again()?.click();
    await until(() => expect(note()).toBeNull());
  });

  test('[P55] a session whose agent is gone can be read, and gone on from in a new one', async () => {
    open('/session/a', { agents: async () => ok([demo]) });
    const state = stateOf('log-a', []);
    page.rows([rowOf('a', state, { agentId: 'other', cwd: '/srv/project' })]);
    page.snapshot(state);
    await until(() => one(main(), 'heading', 'The agent of this session is gone'));
    expect(textOf(main())).toContain('“other” is not in tabcast.config.json any more.');
    const files = ['Markdown to read', 'JSON with all details'].map((name) =>
      one(main(), 'link', name).getAttribute('href'),
    );
    expect(files).toEqual([exportPath('a', 'markdown'), exportPath('a', 'json')]);
    one(main(), 'button', 'New session with Demo in project').click();
    await until(() => expect(page.addressBar.path()).toBe('/session/new'));
    expect(page.commands.calls.find(({ name }) => name === 'createSession')?.args).toEqual([
      { cwd: '/srv/project' },
    ]);
  });

  test('[P55] a failed turn makes the page ask what is wrong with the agent', async () => {
    let asked = 0;
    open('/session/a', {
      agents: async () => {
        asked += 1;
        const problem = { code: 'agent_auth' as const, message: 'Sign in.', hint: 'demo login' };
        return ok([asked === 1 ? demo : { ...demo, problem }]);
      },
    });
    const state = stateOf('log-a', []);
    page.rows([rowOf('a', state)]);
    page.snapshot(state);
    await until(() => expect(page.store.agentsKnown.value).toBe(true));
    page.rows([
      rowOf('a', state, { endedSeq: 3, lastEnd: { reason: 'failed', message: 'Sign in.' } }),
    ]);
    await until(() => one(main(), 'heading', 'Demo wants you to sign in first'));
    expect(textOf(main())).toContain('demo login');
  });

  test('[P56] no agent at all: what to write where, and no field that leads nowhere', async () => {
    open('/', { agents: async () => ok([]) });
    await until(() => one(main(), 'heading', 'No agent is configured'));
    expect(all(main(), 'textbox', 'First message')).toEqual([]);
    expect(textOf(main())).toContain('"builtin": "demo"');
  });
});

describe('[P57] first run', () => {
  const known: KnownAgents = {
    configured: false,
    known: [
      {
        id: 'x',
        title: 'Xen',
        command: 'xen',
        args: [],
        install: 'get xen',
        url: 'https://x.test/',
        found: false,
      },
      {
        id: 'y',
        title: 'Yak',
        command: 'yak',
        args: [],
        install: 'get yak',
        url: 'https://y.test/',
        found: true,
      },
    ],
  };

  test('says what this is, what to try and how to add an agent', async () => {
    open('/', { knownAgents: async () => ok(known) });
    page.rows([]);
    await until(() => one(main(), 'heading', 'Add your own agent'));
    await until(() => expect(textOf(main())).toContain('get xen'));
    expect(textOf(main())).toContain('Close the tab, and they work on.');
    expect(textOf(main())).toContain('Yak installed');
    expect(textOf(main())).not.toContain('get yak');
    one(main(), 'button', /^\/permission/).click();
    const box = one(main(), 'textbox', 'First message') as HTMLTextAreaElement;
    await until(() => expect(box.value).toBe('/permission'));
    expect(document.activeElement).toBe(box);
    one(main(), 'button', 'Start').click();
    await until(() =>
      expect(page.commands.calls.find(({ name }) => name === 'createSession')?.args).toEqual([
        { agent: 'demo' },
      ]),
    );
  });

  test('with sessions it is folded away', async () => {
    open('/');
    page.rows([makeRow('a')]);
    await until(() => expect(textOf(main())).toContain('Demo commands, and your own agents'));
    expect(textOf(main())).not.toContain('Close the tab');
    expect(page.commands.calls.map(({ name }) => name)).not.toContain('knownAgents');
  });
});
