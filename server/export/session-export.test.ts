import { expect, test, vi } from 'vitest';
import type { SessionUpdate } from '../../shared/events.ts';
import type { Part } from '../../shared/state.ts';
import type { SessionHandle } from '../sessions/service.ts';
import { createWorld, type World } from '../sessions/testing/world.ts';
import { attachment, exportName, exportPieces, type SessionExport } from './session-export.ts';

const idle = (session: SessionHandle) =>
  vi.waitFor(() => expect(session.row().status).toBe('idle'));

async function textOf(session: SessionExport, format: 'markdown' | 'json'): Promise<string> {
  let text = '';
  for await (const piece of exportPieces(session, format)) text += piece;
  return text;
}

/** Settled turns 0 … n-1, each asked 'ask n' and answered 'answer n'. */
async function withTurns(count: number): Promise<{ world: World; session: SessionHandle }> {
  const world = await createWorld();
  const session = await world.create();
  for (let n = 0; n < count; n += 1) await ask(world, session, n, [], true);
  return { world, session };
}

async function ask(
  { host }: World,
  session: SessionHandle,
  n: number,
  updates: readonly SessionUpdate[],
  ends: boolean,
): Promise<void> {
  await session.prompt({
    prompt: [{ type: 'text', text: `ask ${n}` }],
    key: `k${n}`,
    mode: 'queue',
  });
  await vi.waitFor(() => expect(host.prompts).toHaveLength(n + 1));
  const prompt = host.prompts[n];
  for (const update of updates) prompt?.update(update);
  prompt?.say(`answer ${n}`);
  if (!ends) return;
  prompt?.end();
  await idle(session);
}

const told = (state: SessionHandle) =>
  vi.waitFor(() => expect(state.feed.snapshot().live?.parts.length).toBeGreaterThan(0));

test('[P15] the JSON has every turn in order, the one that runs and says so, and what waits', async () => {
  const { world, session } = await withTurns(9);
  await ask(world, session, 9, [], false);
  const waiting = await session.prompt({
    prompt: [{ type: 'text', text: 'later' }],
    key: 'q',
    mode: 'queue',
  });
  await told(session);
  const whole = JSON.parse(await textOf(session.export(), 'json')) as {
    turns: { turnId: string; ordinal: number; parts: Part[]; end: unknown }[];
    [field: string]: unknown;
  };
  expect(whole).toMatchObject({
    format: 'tabcast.session',
    version: 1,
    session: { id: session.row().id, agent: { id: 'fake', title: 'Fake' }, cwd: session.row().cwd },
    unfinished: session.row().activeTurnId,
    queue: [{ turnId: waiting, prompt: [{ type: 'text', text: 'later' }] }],
  });
  expect(whole.turns.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(whole.turns.at(-1)).toMatchObject({ turnId: session.row().activeTurnId, end: null });
  expect(whole.turns[3]?.parts).toEqual([{ kind: 'text', text: 'answer 3', messageId: null }]);
});

test('[P15] a session without turns is a whole file too', async () => {
  const { session } = await withTurns(0);
  expect(JSON.parse(await textOf(session.export(), 'json'))).toMatchObject({ turns: [] });
  expect(await textOf(session.export(), 'markdown')).toMatch(/^# New session\n\n- Agent: Fake\n/);
});

test('[P15] turns are read some at a time, and only when who takes them wants more', async () => {
  const { world, session } = await withTurns(10);
  const read = vi.spyOn(world.store, 'turns');
  const pieces = exportPieces(session.export(), 'markdown');
  await pieces.next();
  expect(read).toHaveBeenCalledTimes(0);
  await pieces.next();
  await pieces.next();
  expect(read).toHaveBeenCalledTimes(1);
  for await (const _ of pieces);
  expect(read.mock.calls.map(([, before, limit]) => [before, limit])).toEqual([
    [4, 4],
    [8, 4],
    [10, 2],
  ]);
});

test('[P15] a session that is deleted meanwhile is no whole file', async () => {
  const { session } = await withTurns(6);
  const pieces = exportPieces(session.export(), 'json');
  await pieces.next();
  await session.delete();
  await expect(pieces.next()).rejects.toThrow('deleted');
});

test('[P15] the Markdown reads like the conversation', async () => {
  const { world, session } = await withTurns(0);
  await session.patch({ title: 'Fix <b>the</b> build' });
  const updates: SessionUpdate[] = [
    {
      sessionUpdate: 'agent_thought_chunk',
      content: { type: 'text', text: 'Hm.\n</details>' },
    },
    {
      sessionUpdate: 'tool_call',
      toolCallId: 't',
      title: 'Run make',
      kind: 'execute',
      status: 'completed',
      rawInput: { command: 'make' },
      content: [
        { type: 'content', content: { type: 'text', text: '```\nfenced\n```' } },
        { type: 'diff', path: '/a.c', oldText: 'old\n', newText: 'new\n' },
      ],
      locations: [{ path: '/a.c', line: 3 }],
    },
    {
      sessionUpdate: 'plan',
      entries: [
        { content: 'Look', priority: 'high', status: 'completed' },
        { content: 'Mend', priority: 'high', status: 'in_progress' },
      ],
    },
  ];
  await ask(world, session, 0, updates, false);
  const agent = world.host.prompts[0];
  const asked = agent?.handlers.onPermission(
    {
      sessionId: 'a',
      toolCall: { toolCallId: 't', title: 'Run make' },
      options: [{ optionId: 'yes', name: 'Allow', kind: 'allow_once' }],
    },
    new AbortController().signal,
  );
  await vi.waitFor(() => expect(session.row().asks).toHaveLength(1));
  const [open] = session.row().asks;
  await session.answer(open?.requestId ?? '', { outcome: 'selected', optionId: 'yes' });
  await asked;
  await told(session);
  const whole = await textOf(session.export(), 'markdown');
  const document = whole.replace(session.row().cwd, '/srv/project');
  expect(document).toMatchInlineSnapshot(`
    "# Fix \\<b\\>the\\</b\\> build

    - Agent: Fake
    - Folder: \`/srv/project\`
    - Begun: 1970-01-01 00:16:40 UTC
    - Last change: 1970-01-01 00:16:40 UTC
    - Exported from tabcast: 1970-01-01 00:16:40 UTC
    - **Unfinished**: the last turn still ran when this was exported.

    ## 1. You, 1970-01-01 00:16:40 UTC

    > ask 0

    ### Agent

    <details>
    <summary>Thought</summary>

    > Hm.
    > &lt;/details>

    </details>

    <details>
    <summary>Tool: Run make (execute, completed)</summary>

    - \`/a.c:3\`

    Input:

    \`\`\`json
    {
      "command": "make"
    }
    \`\`\`

    \`\`\`\`
    \`\`\`
    fenced
    \`\`\`
    \`\`\`\`

    \`/a.c\`

    \`\`\`diff
    -old
    +new
    \`\`\`

    </details>

    Plan:

    - [x] Look
    - [ ] Mend (under way)

    answer 0

    **Permission** Run make: Allow

    *Unfinished: this turn still ran when this was exported.*
    "
  `);
});

test('[P17] a file name is safe, whatever the title', () => {
  const name = (title: string) =>
    exportName({ row: { title } as SessionExport['row'], at: 0 }, 'json');
  expect(name('Fix the build')).toBe('Fix the build 1970-01-01.json');
  expect(name('../../etc/pass"wd\r\nSet-Cookie: x')).toBe(
    'etc pass wd Set-Cookie x 1970-01-01.json',
  );
  expect(name('.hidden')).toBe('hidden 1970-01-01.json');
  expect(name(' \u202e\u0000 ')).toBe('Session 1970-01-01.json');
  expect(name('💡'.repeat(200))).toHaveLength(60 + 16);
  expect(attachment('Größe „1“.md')).toBe(
    'attachment; filename="Groe 1.md"; filename*=UTF-8\'\'Gr%C3%B6%C3%9Fe%20%E2%80%9E1%E2%80%9C.md',
  );
});
