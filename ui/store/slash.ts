/** Completion of the agent's slash commands in the textbox. */
import type { AvailableCommand } from '@agentclientprotocol/sdk';

/** The commands that fit what is typed, exact ones first; empty unless the text is `/` and a part of a name. */
export function matchCommands(
  commands: readonly AvailableCommand[],
  typed: string,
): AvailableCommand[] {
  const part = /^\/(\S*)$/.exec(typed)?.[1]?.toLowerCase();
  if (part === undefined) return [];
  const rank = ({ name }: AvailableCommand) => (name.toLowerCase() === part ? 0 : 1);
  return commands
    .filter(({ name }) => name.toLowerCase().startsWith(part))
    .sort((a, b) => rank(a) - rank(b));
}

/** The text after a command was chosen: ready for its input if it takes one. */
export function completeCommand(command: AvailableCommand): string {
  return command.input == null ? `/${command.name}` : `/${command.name} `;
}

/** True when Enter should send what is typed and not complete it. */
export function isWhole(command: AvailableCommand, typed: string): boolean {
  return typed.toLowerCase() === `/${command.name.toLowerCase()}`;
}
