/** One click makes a session with the chosen agent; where there is one agent there is nothing to choose. */
import { useId, useState } from 'preact/hooks';
import type { AgentInfo } from '../../shared/api.ts';
import { sessionPath } from '../store/route.ts';
import { useStore } from './store-context.ts';

export function NewSession({ onCreated }: { onCreated(): void }) {
  const { agents, actions, router } = useStore();
  const [agent, setAgent] = useState<string | null>(null);
  const [making, setMaking] = useState(false);
  const make = async () => {
    setMaking(true);
    const row = await actions.create(agent === null ? {} : { agent });
    setMaking(false);
    if (row === null) return;
    router.navigate(sessionPath(row.id));
    onCreated();
  };
  return (
    <div class="new-session">
      <button type="button" class="button primary" disabled={making} onClick={() => void make()}>
        New session
      </button>
      <AgentChoice agents={agents.value} value={agent} onChange={setAgent} />
    </div>
  );
}

interface ChoiceProps {
  agents: AgentInfo[];
  /** Null: the server's default. */
  value: string | null;
  onChange(agent: string): void;
}

/** Nothing unless there are several agents. */
export function AgentChoice({ agents, value, onChange }: ChoiceProps) {
  const id = useId();
  if (agents.length < 2) return null;
  const chosen = value ?? agents.find((agent) => agent.default)?.id ?? agents[0]?.id ?? '';
  return (
    <span class="agent-choice">
      <label for={id}>Agent</label>
      <select id={id} value={chosen} onChange={(event) => onChange(event.currentTarget.value)}>
        {agents.map((agent) => (
          <option key={agent.id} value={agent.id}>
            {agent.title}
          </option>
        ))}
      </select>
    </span>
  );
}
