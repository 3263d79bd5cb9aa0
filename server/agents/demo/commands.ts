/** The built-in agent's slash commands, and how a prompt finds its one. */
import type { AvailableCommand } from '@agentclientprotocol/sdk';
import { compact, config, crash, fail, slow, title } from './session-scripts.ts';
import { count, markdown, plan, think } from './stream-scripts.ts';
import { tool } from './tool-scripts.ts';
import { permission, question } from './ask-scripts.ts';
import type { Turn } from './turn.ts';

interface Command {
  description: string;
  /** What to type after it; absent when it takes nothing. */
  hint?: string;
  run(turn: Turn): Promise<void>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  count: {
    description: 'Count from 1 to n, one number per chunk',
    hint: '<n> <per-second>',
    run: count,
  },
  markdown: { description: 'Stream a long document', hint: '<kB> <kB per second>', run: markdown },
  think: { description: 'Think aloud, then answer', hint: '<seconds>', run: think },
  tool: {
    description: 'Call a tool and show what it did',
    hint: 'edit | run | search | fail | many <n>',
    run: tool,
  },
  plan: { description: 'Work along a plan', hint: '<steps> <seconds for each>', run: plan },
  permission: { description: 'Ask for a permission', run: permission },
  question: { description: 'Ask a question with a form', run: question },
  title: { description: 'Name this session', hint: '<text>', run: title },
  compact: { description: 'Give this session a new id, mid-turn', run: compact },
  fail: { description: 'Answer with an error', run: fail },
  crash: { description: 'End the agent process, mid-turn', run: crash },
  config: {
    description: 'Change a setting of its own, or list them',
    hint: '<setting> <value>',
    run: config,
  },
  slow: { description: 'Say nothing for a while', hint: '<seconds>', run: slow },
  help: { description: 'List what this agent can do', run: (turn) => turn.speak(help()) },
};

/** For `available_commands_update`. */
export function advertised(): AvailableCommand[] {
  return Object.entries(COMMANDS).map(([name, { description, hint }]) =>
    hint === undefined ? { name, description } : { name, description, input: { hint } },
  );
}

/**
 * Answers one prompt.
 * @param attached what came with it, in words
 * @param begin makes the turn, of the whole prompt and of what follows the command's name
 */
export async function answer(
  prompt: string,
  attached: readonly string[],
  begin: (prompt: string, input: string) => Turn,
): Promise<void> {
  const [, name = '', input = ''] = /^\/([A-Za-z-]+)(?:\s+(.*))?$/s.exec(prompt) ?? [];
  const turn = begin(prompt, input.trim());
  const preface = turn.settings.preface();
  if (preface !== '') await turn.say(preface);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) await command.run(turn);
  else if (name !== '') await turn.speak(`There is no command /${name}.\n\n${help()}`);
  else {
    const wrote = prompt === '' ? [] : [`You wrote:\n\n${quote(prompt)}`];
    const sent = attached.length === 0 ? [] : [`You sent ${attached.join(', ')}.`];
    await turn.speak([...wrote, ...sent, help()].join('\n\n'));
  }
}

const QUOTED = 120;

function quote(prompt: string): string {
  const points = Array.from(prompt);
  const start = points.slice(0, QUOTED).join('');
  const cut = points.length > QUOTED ? `${start}…` : start;
  return cut
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

function help(): string {
  const lines = Object.entries(COMMANDS).map(([name, { description, hint }]) => {
    const usage = hint === undefined ? `/${name}` : `/${name} ${hint}`;
    return `- \`${usage}\` ${description.charAt(0).toLowerCase()}${description.slice(1)}`;
  });
  return `I am the built-in demo agent. Try:\n\n${lines.join('\n')}\n`;
}
