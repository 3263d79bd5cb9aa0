/** The agents that the server offers. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { AgentInfo } from '../../shared/api.ts';
import type { Commands } from '../../shared/hub-api.ts';

export interface Agents {
  /** Empty also while they are not known. */
  readonly list: ReadonlySignal<AgentInfo[]>;
  readonly known: ReadonlySignal<boolean>;
  /** Asks the server, unless it is being asked. Resolves when it has told, or can't. */
  load(): Promise<void>;
}

/** Asks nothing by itself. */
export function createAgents(commands: () => Pick<Commands, 'agents'>): Agents {
  const list = signal<AgentInfo[]>([]);
  const known = signal(false);
  let asking = false;
  return {
    list,
    known,
    async load() {
      if (asking) return;
      asking = true;
      const result = await commands().agents();
      asking = false;
      // Else it is asked again when the connection is live again.
      if (!result.ok) return;
      // With no news nothing that shows them is rendered again.
      if (JSON.stringify(result.value) !== JSON.stringify(list.peek())) list.value = result.value;
      known.value = true;
    },
  };
}
