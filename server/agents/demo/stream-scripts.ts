/** Commands that show what an agent's answer can consist of. */
import type { PlanEntryStatus } from '@agentclientprotocol/sdk';
import { readNumbers } from './input.ts';
import { chunksOf, markdownDocument } from './markdown.ts';
import type { Turn } from './turn.ts';

/** Milliseconds that a step of a plan takes. */
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

const THOUGHTS =
  'The question is simple. But is it? Let me look at it from both sides. Yes, it is.'.split(
    /(?<=\s)/,
  );
/** Thoughts per second, when they have no time to fill. */
const THINKING = 50;

export async function think(turn: Turn): Promise<void> {
  const input = readNumbers('think', turn.input, [
    { name: 'how many seconds', min: 0, max: 3600, whole: false, otherwise: 0 },
  ]);
  if (!input.ok) return turn.speak(input.message);
  const [seconds = 0] = input.values;
  const rate = seconds === 0 ? THINKING : THOUGHTS.length / seconds;
  await turn.paced(THOUGHTS.length, rate, (k) =>
    turn.update({
      sessionUpdate: 'agent_thought_chunk',
      content: { type: 'text', text: THOUGHTS[k - 1] ?? '' },
    }),
  );
  await turn.speak('I have thought about it, and the answer is **yes**.');
}

const STEPS = ['Read the code', 'Change it', 'Run the tests'];

export async function plan(turn: Turn): Promise<void> {
  const input = readNumbers('plan', turn.input, [
    { name: 'how many steps', min: 1, max: 200, whole: true, otherwise: STEPS.length },
    {
      name: 'how many seconds for each',
      min: 0,
      max: 3600,
      whole: false,
      otherwise: STEP_MS / 1000,
    },
  ]);
  if (!input.ok) return turn.speak(input.message);
  const [count = 0, seconds = 0] = input.values;
  const steps = Array.from({ length: count }, (_, at) => STEPS[at] ?? `Step ${at + 1}`);
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
    await turn.sleep(seconds * 1000);
  }
  await turn.speak('All steps of the plan are done.');
}
