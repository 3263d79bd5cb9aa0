/** The `agents` of `tabcast.config.json`. */
import type { McpServer } from '@agentclientprotocol/sdk';
import { z } from 'zod';

const text = (max: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(max)
    .refine((value) => !value.includes('\0'), 'must not contain a NUL character');

const pair = z.strictObject({ name: text(200), value: z.string().max(32_768) });
const remoteServer = {
  name: text(200),
  url: z.url('must be a URL'),
  headers: z.array(pair).default([]),
};
/** ACP's `McpServer`. https://agentclientprotocol.com/protocol/v1/session-setup#mcp-servers */
const mcpServer: z.ZodType<McpServer> = z.union(
  [
    z.strictObject({
      name: text(200),
      command: text(4096),
      args: z.array(z.string()).default([]),
      env: z.array(pair).default([]),
    }),
    z.strictObject({ type: z.literal('http'), ...remoteServer }),
    z.strictObject({ type: z.literal('sse'), ...remoteServer }),
  ],
  'must be an ACP MCP server: {name, command, args, env: [{name, value}]} or {type: "http" | "sse", name, url, headers: [{name, value}]}',
);

/**
 * One agent as it is configured: a command that speaks ACP on stdio, or `{"id": "demo", "builtin": "demo"}`.
 * `authMethod` is the id of the ACP auth method to sign in with; `cwd` the folder the process itself starts in
 * (each session names its own).
 */
export const agentEntry = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must have 1 to 64 of A-Z a-z 0-9 _ -'),
    title: text(200).optional(),
    command: text(4096).optional(),
    builtin: z.literal('demo', 'the only built-in agent is "demo"').optional(),
    args: z
      .array(z.string().refine((arg) => !arg.includes('\0'), 'must not contain a NUL character'))
      .default([]),
    env: z
      .record(z.string().regex(/^[^=\0]+$/, 'is not a name of a variable'), z.string())
      .default({}),
    cwd: text(4096).optional(),
    authMethod: text(200).optional(),
    mcpServers: z.array(mcpServer).default([]),
  })
  .superRefine((entry, context) => {
    if (entry.command === undefined && entry.builtin === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['command'],
        message: 'an agent needs a command, or "builtin": "demo"',
      });
    }
    if (entry.command !== undefined && entry.builtin !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['builtin'],
        message: 'an agent has either a command or a builtin, not both',
      });
    }
  });

/** The whole list, ids unique. Empty: there is no agent. */
export const agentEntries = z.array(agentEntry).superRefine((entries, context) => {
  const seen = new Set<string>();
  for (const [index, { id }] of entries.entries()) {
    if (seen.has(id)) {
      context.addIssue({
        code: 'custom',
        path: [index, 'id'],
        message: `the id "${id}" is taken by an earlier agent`,
      });
    }
    seen.add(id);
  }
});

export type AgentEntry = z.output<typeof agentEntry>;

/** An agent that can be run: defaults filled in, the built-in one given its command. */
export interface AgentSpec {
  id: string;
  title: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Null: the server's own. */
  cwd: string | null;
  authMethod: string | null;
  mcpServers: McpServer[];
}
