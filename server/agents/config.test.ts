import { describe, expect, test } from 'vitest';
import { agentEntries } from './config.ts';

function problems(value: unknown): string[] {
  const result = agentEntries.safeParse(value);
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test('what is left out gets its default', () => {
  expect(agentEntries.parse([{ id: 'a', command: 'a-agent' }])).toEqual([
    { id: 'a', command: 'a-agent', args: [], env: {}, mcpServers: [] },
  ]);
});

test('everything that can be set', () => {
  const entry = {
    id: 'qwen',
    title: 'Qwen',
    command: 'qwen',
    args: ['--acp'],
    env: { OPENAI_API_KEY: 'k' },
    cwd: '/srv',
    authMethod: 'openai',
    mcpServers: [
      {
        name: 'files',
        command: 'mcp-files',
        args: ['--root', '/'],
        env: [{ name: 'A', value: 'b' }],
      },
      { type: 'http', name: 'web', url: 'https://example.com/mcp', headers: [] },
    ],
  };
  expect(agentEntries.parse([entry])).toEqual([entry]);
});

test('[P56] an empty list means no agent', () => {
  expect(problems([])).toEqual([]);
});

test('the built-in agent', () => {
  expect(problems([{ id: 'demo', builtin: 'demo' }])).toEqual([]);
});

describe('[A3] what is wrong is named with its place', () => {
  test.each([
    ['an id', [{ id: 'a b', command: 'x' }], '0.id: must have 1 to 64 of A-Z a-z 0-9 _ -'],
    ['no command', [{ id: 'a' }], '0.command: an agent needs a command, or "builtin": "demo"'],
    ['an empty command', [{ id: 'a', command: '' }], '0.command: must not be empty'],
    [
      'a command with NUL',
      [{ id: 'a', command: 'a\0b' }],
      '0.command: must not contain a NUL character',
    ],
    [
      'both',
      [{ id: 'a', command: 'x', builtin: 'demo' }],
      '0.builtin: an agent has either a command or a builtin, not both',
    ],
    [
      'another builtin',
      [{ id: 'a', builtin: 'gpt' }],
      '0.builtin: the only built-in agent is "demo"',
    ],
    [
      'an id twice',
      [
        { id: 'a', command: 'x' },
        { id: 'a', command: 'y' },
      ],
      '1.id: the id "a" is taken by an earlier agent',
    ],
    [
      'args as text',
      [{ id: 'a', command: 'x', args: '--acp' }],
      '0.args: Invalid input: expected array, received string',
    ],
    [
      'a number in env',
      [{ id: 'a', command: 'x', env: { A: 1 } }],
      '0.env.A: Invalid input: expected string, received number',
    ],
    ['a misspelt field', [{ id: 'a', command: 'x', argz: [] }], '0: Unrecognized key: "argz"'],
  ])('%s', (_name, value, problem) => {
    expect(problems(value)).toContain(problem);
  });

  test('an MCP server that is none', () => {
    const [problem] = problems([{ id: 'a', command: 'x', mcpServers: [{ name: 'files' }] }]);
    expect(problem).toMatch(/^0\.mcpServers\.0: must be an ACP MCP server/);
  });
});
