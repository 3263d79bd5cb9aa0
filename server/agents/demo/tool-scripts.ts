/** `/tool`: tool calls of every kind, in words only. The demo agent touches no file. */
import type { ToolCall, ToolCallContent, ToolKind } from '@agentclientprotocol/sdk';
import { join } from 'node:path';
import { readNumbers } from './input.ts';
import { AFTER, BEFORE } from './tool-texts.ts';
import type { Turn } from './turn.ts';

/** Milliseconds between the steps of a tool call. */
const STEP_MS = 150;
/** Lines of a progress bar per second. */
const TICKS = 25;

const VARIANTS: Readonly<Record<string, (turn: Turn, input: string) => Promise<void>>> = {
  '': greeting,
  edit,
  run,
  search,
  fail,
  many,
};

export async function tool(turn: Turn): Promise<void> {
  const [, name = '', input = ''] = /^(\S*)\s*(.*)$/s.exec(turn.input) ?? [];
  const variant = Object.hasOwn(VARIANTS, name) ? VARIANTS[name] : undefined;
  if (variant !== undefined && (input === '' || name === 'many')) return variant(turn, input);
  return turn.speak('/tool takes nothing, or one of: edit, run, search, fail, many and how many.');
}

const text = (value: string): ToolCallContent => ({
  type: 'content',
  content: { type: 'text', text: value },
});

type Begun = Omit<ToolCall, 'toolCallId' | 'status'>;
type Result = Pick<Partial<ToolCall>, 'content' | 'rawOutput' | 'status' | 'locations'>;

/** A call from pending over in progress to its end. @param work what happens meanwhile, and what comes of it */
async function call(
  turn: Turn,
  begun: Begun,
  work: (toolCallId: string) => Promise<Result>,
): Promise<void> {
  const toolCallId = turn.toolCallId();
  await turn.update({ sessionUpdate: 'tool_call', toolCallId, status: 'pending', ...begun });
  await turn.sleep(STEP_MS);
  await turn.update({ sessionUpdate: 'tool_call_update', toolCallId, status: 'in_progress' });
  const result = await work(toolCallId);
  await turn.update({
    sessionUpdate: 'tool_call_update',
    toolCallId,
    status: 'completed',
    ...result,
  });
}

async function greeting(turn: Turn): Promise<void> {
  const path = join(turn.cwd, 'greeting.txt');
  await turn.speak('I will change a greeting. ');
  const begun: Begun = {
    title: 'Edit greeting.txt',
    kind: 'edit',
    locations: [{ path, line: 1 }],
    rawInput: { path, replace: 'world', with: 'tabcast' },
  };
  await call(turn, begun, async () => {
    await turn.sleep(STEP_MS);
    return {
      content: [
        text('Replaced 1 of 1 places.'),
        {
          type: 'diff',
          path,
          oldText: 'Hello, world!\nBye.\n',
          newText: 'Hello, tabcast!\nBye.\n',
        },
      ],
      rawOutput: { replaced: 1 },
    };
  });
  await turn.speak('The greeting is changed (in words only: the demo agent touches no file).');
}

async function edit(turn: Turn): Promise<void> {
  const path = join(turn.cwd, 'src', 'backoff.ts');
  const note = join(turn.cwd, 'docs', 'backoff.md');
  await turn.speak('The wait between attempts shall be bounded. ');
  const begun: Begun = {
    title: 'Edit src/backoff.ts',
    kind: 'edit',
    locations: [{ path, line: 4 }],
    rawInput: { path },
  };
  await call(turn, begun, async () => {
    await turn.sleep(STEP_MS);
    return {
      content: [
        { type: 'diff', path, oldText: BEFORE, newText: AFTER },
        {
          type: 'diff',
          path: note,
          oldText: null,
          newText: '# Backoff\n\nAttempts wait at most 30 seconds.\n',
        },
      ],
    };
  });
  await turn.speak('It is bounded now, and a note says so (in words only).');
}

/** What a test runner writes: colours, and a bar that is drawn over itself. */
async function run(turn: Turn): Promise<void> {
  await turn.speak('I run the tests. ');
  const command = 'npm test -- --run';
  const begun: Begun = { title: command, kind: 'execute', rawInput: { command, cwd: turn.cwd } };
  await call(turn, begun, async (toolCallId) => {
    let output = '\u001B[2m$\u001B[22m \u001B[1mnpm test -- --run\u001B[0m\r\n';
    const ticks = 20;
    await turn.paced(ticks, TICKS, async (k) => {
      const bar = '█'.repeat(k).padEnd(ticks, '░');
      const percent = `${(k * 100) / ticks}`.padStart(3);
      output += `\r\u001B[36m${bar}\u001B[39m ${percent} %\u001B[K`;
      await turn.update({
        sessionUpdate: 'tool_call_update',
        toolCallId,
        content: [text(output)],
      });
    });
    output += REPORT;
    return { content: [text(output)], rawOutput: { exitCode: 0 } };
  });
  await turn.speak('All tests pass but one, which is skipped.');
}

const REPORT = [
  '',
  '',
  '\u001B[1;32m ✓ \u001B[0msrc/backoff.test.ts \u001B[2m(12 tests)\u001B[22m \u001B[33m 41ms\u001B[39m',
  '\u001B[1;32m ✓ \u001B[0msrc/queue.test.ts \u001B[2m(8 tests)\u001B[22m \u001B[33m 12ms\u001B[39m',
  '\u001B[1;33m ↓ \u001B[0msrc/disk.test.ts \u001B[2m(1 test | skipped)\u001B[22m',
  '',
  '\u001B[7;32m PASS \u001B[0m \u001B[4mWaiting for file changes\u001B[24m \u001B[38;5;208mwatch\u001B[39m \u001B[38;2;120;90;200mtrue colour\u001B[39m',
  ' \u001B[1mTests\u001B[22m  \u001B[32m20 passed\u001B[39m | \u001B[33m1 skipped\u001B[39m | \u001B[31m0 failed\u001B[39m',
  '',
].join('\r\n');

async function search(turn: Turn): Promise<void> {
  const at = (path: string, line: number) => ({ path: join(turn.cwd, path), line });
  await turn.speak('I look for where it is used. ');
  const begun: Begun = {
    title: 'Search for “backoff”',
    kind: 'search',
    rawInput: { pattern: 'backoff', path: turn.cwd },
  };
  const locations = [at('src/backoff.ts', 1), at('src/connect.ts', 12), at('src/queue.ts', 88)];
  await call(turn, begun, async () => {
    await turn.sleep(STEP_MS);
    return { content: [text('Found 3 places in 3 files.')], locations };
  });
  await turn.speak('It is used in two places.');
}

async function fail(turn: Turn): Promise<void> {
  await turn.speak('I read a file. ');
  const path = join(turn.cwd, 'missing.txt');
  const begun: Begun = {
    title: 'Read missing.txt',
    kind: 'read',
    locations: [{ path }],
    rawInput: { path },
  };
  await call(turn, begun, async () => {
    await turn.sleep(STEP_MS);
    return { status: 'failed', content: [text('There is no such file.')] };
  });
  await turn.speak('It is not there.');
}

const KINDS: readonly ToolKind[] = ['read', 'search', 'edit', 'execute', 'fetch', 'think'];

async function many(turn: Turn, input: string): Promise<void> {
  const read = readNumbers('tool many', input, [
    { name: 'how many', min: 1, max: 10_000, whole: true, otherwise: 20 },
  ]);
  if (!read.ok) return turn.speak(read.message);
  const [count = 0] = read.values;
  await turn.paced(count, 0, (k) => {
    const kind = KINDS[k % KINDS.length] ?? 'other';
    const path = join(turn.cwd, `file-${k}.txt`);
    return turn.update({
      sessionUpdate: 'tool_call',
      toolCallId: turn.toolCallId(),
      title: `Call ${k} of ${count}: ${kind} file-${k}.txt`,
      kind,
      status: k % 17 === 0 ? 'failed' : 'completed',
      rawInput: { path },
      content: [text(`Output of call ${k}.`)],
    });
  });
  await turn.speak(`Those were ${count} calls.`);
}
