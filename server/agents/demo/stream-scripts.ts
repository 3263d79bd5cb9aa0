/** Commands that show what an agent's answer can consist of. */
import type { PlanEntryStatus, ToolCallContent } from '@agentclientprotocol/sdk';
import { join } from 'node:path';
import { readNumbers } from './input.ts';
import { chunksOf, markdownDocument } from './markdown.ts';
import type { Turn } from './turn.ts';

/** Milliseconds between the steps of a tool call or a plan. */
const STEP_MS = 150;

export async function count(turn: Turn): Promise<void> {
  const input = readNumbers('count', turn.input, [
    { name: 'how far to count', min: 1, max: 1_000_000, whole: true, otherwise: null },
    { name: 'how many per second', min: 0, max: 100_000, whole: false, otherwise: 0 },
  ]);
  if (!input.ok) return turn.speak(input.message);
  const [n = 0, perSecond = 0] = input.values;
  return turn.paced(n, perSecond, (k) => turn.say(`${k} `));
}

export async function markdown(turn: Turn): Promise<void> {
  const input = readNumbers('markdown', turn.input, [
    { name: 'how many kB', min: 1, max: 4096, whole: false, otherwise: 4 },
    { name: 'how many kB per second', min: 0, max: 100_000, whole: false, otherwise: 0 },
  ]);
  if (!input.ok) return turn.speak(input.message);
  const [kilobytes = 0, perSecond = 0] = input.values;
  const chunks = chunksOf(markdownDocument(kilobytes * 1024));
  const rate = (chunks.length / kilobytes) * perSecond;
  return turn.paced(chunks.length, rate, (k) => turn.say(chunks[k - 1] ?? ''));
}

export async function think(turn: Turn): Promise<void> {
  const thoughts =
    'The question is simple. But is it? Let me look at it from both sides. Yes, it is.'.split(
      /(?<=\s)/,
    );
  await turn.paced(thoughts.length, 50, (k) =>
    turn.update({
      sessionUpdate: 'agent_thought_chunk',
      content: { type: 'text', text: thoughts[k - 1] ?? '' },
    }),
  );
  await turn.speak('I have thought about it, and the answer is **yes**.');
}

export async function tool(turn: Turn): Promise<void> {
  const toolCallId = turn.toolCallId();
  const path = join(turn.cwd, 'greeting.txt');
  await turn.speak('I will change a greeting. ');
  await turn.update({
    sessionUpdate: 'tool_call',
    toolCallId,
    title: 'Edit greeting.txt',
    kind: 'edit',
    status: 'pending',
    locations: [{ path, line: 1 }],
    rawInput: { path, replace: 'world', with: 'tabcast' },
  });
  await turn.sleep(STEP_MS);
  await turn.update({ sessionUpdate: 'tool_call_update', toolCallId, status: 'in_progress' });
  await turn.sleep(STEP_MS);
  const content: ToolCallContent[] = [
    { type: 'content', content: { type: 'text', text: 'Replaced 1 of 1 places.' } },
    { type: 'diff', path, oldText: 'Hello, world!\nBye.\n', newText: 'Hello, tabcast!\nBye.\n' },
  ];
  await turn.update({
    sessionUpdate: 'tool_call_update',
    toolCallId,
    status: 'completed',
    content,
    rawOutput: { replaced: 1 },
  });
  await turn.speak('The greeting is changed (in words only: the demo agent touches no file).');
}

export async function plan(turn: Turn): Promise<void> {
  const steps = ['Read the code', 'Change it', 'Run the tests'];
  for (let done = 0; done <= steps.length; done += 1) {
    const statusOf = (index: number): PlanEntryStatus =>
      index < done ? 'completed' : index === done ? 'in_progress' : 'pending';
    await turn.update({
      sessionUpdate: 'plan',
      entries: steps.map((content, index) => ({
        content,
        priority: index === 1 ? 'high' : 'medium',
        status: statusOf(index),
      })),
    });
    const step = steps[done];
    if (step === undefined) break;
    await turn.speak(`${step}: done.\n\n`);
    await turn.sleep(STEP_MS);
  }
  await turn.speak('All steps of the plan are done.');
}
