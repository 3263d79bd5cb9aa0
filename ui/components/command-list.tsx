import type { AvailableCommand } from '@agentclientprotocol/sdk';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  id: string;
  commands: AvailableCommand[];
  active: number;
  onChoose(command: AvailableCommand): void;
}

/** The agent's slash commands that fit. The focus stays in the textbox, which names the active one. */
export function CommandList({ id, commands, active, onChoose }: Props) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <ul class="commands" id={id} role="listbox" aria-label="Commands" ref={list}>
      {commands.map((command, at) => (
        <li
          key={command.name}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === active}
          onMouseDown={(event) => {
            event.preventDefault(); // the textbox keeps the focus
            onChoose(command);
          }}
        >
          <code>
            /{command.name}
            {command.input == null ? '' : ` ${command.input.hint}`}
          </code>
          <span class="hint">{command.description}</span>
        </li>
      ))}
    </ul>
  );
}
