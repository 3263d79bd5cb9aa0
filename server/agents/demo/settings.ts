/** What can be chosen of the built-in agent. Deterministic like the rest; as it comes, answers are what they always were. */
import type { SessionConfigOption } from '@agentclientprotocol/sdk';
import { valuesOf } from '../../../shared/config-options.ts';

export interface Settings {
  /** For ACP, with the present values. */
  options(): SessionConfigOption[];
  /** @returns false when there is no such setting or value: nothing is changed */
  set(id: string, value: unknown): boolean;
  /** What an answer begins with; empty as it comes. */
  preface(): string;
  /** In words, for the person. */
  list(): string;
}

const OPTIONS: readonly SessionConfigOption[] = [
  {
    id: 'mode',
    name: 'Mode',
    description: 'How much the demo agent says',
    category: 'mode',
    type: 'select',
    currentValue: 'plain',
    options: [
      { value: 'plain', name: 'Plain', description: 'Answers, and nothing else' },
      { value: 'verbose', name: 'Verbose', description: 'Says first how it was asked to answer' },
    ],
  },
  {
    id: 'model',
    name: 'Model',
    description: 'Both are scripts: no network is needed',
    category: 'model',
    type: 'select',
    currentValue: 'script-1',
    options: [
      {
        group: 'scripts',
        name: 'Scripts',
        options: [
          { value: 'script-1', name: 'Script 1', description: 'Says what it has always said' },
          { value: 'script-2', name: 'Script 2', description: 'The same, and signs it' },
        ],
      },
    ],
  },
];

export function createSettings(): Settings {
  const values: Record<string, string> = { mode: 'plain', model: 'script-1' };
  const nameOf = (option: SessionConfigOption): string =>
    valuesOf(option).find(({ value }) => value === values[option.id])?.name ?? '';

  return {
    options: () =>
      OPTIONS.map((option) => ({ ...option, currentValue: values[option.id] }) as typeof option),
    set(id, value) {
      const option = OPTIONS.find((one) => one.id === id);
      const known = option !== undefined && valuesOf(option).some((one) => one.value === value);
      if (known) values[id] = String(value);
      return known;
    },
    preface() {
      const from = values['model'] === 'script-2' ? '*Script 2.* ' : '';
      return values['mode'] === 'verbose'
        ? `${from}You asked me to be verbose, so this comes first.\n\n`
        : from;
    },
    list: () =>
      OPTIONS.map((option) => {
        const choices = valuesOf(option).map(({ value }) => `\`${value}\``);
        return `- \`${option.id}\` is **${nameOf(option)}** (${choices.join(', ')})`;
      }).join('\n'),
  };
}
