/** Which agent, in which folder. What was filled in stays when it is refused. */
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { AgentInfo } from '../../shared/api.ts';
import type { ApiError } from '../../shared/errors.ts';
import { agentOf, folderOf, type Beginning } from '../store/new-session.ts';
import { FolderField } from './folder-field.tsx';
import { useStore } from './store-context.ts';

interface Props {
  title: string;
  /** What its button says. */
  action: string;
  value: Beginning;
  /** @returns what is wrong; null: it is done */
  onSubmit(beginning: Beginning): Promise<ApiError | null>;
  onClose(): void;
}

export function BeginningDialog({ title, action, value, onSubmit, onClose }: Props) {
  const { agents } = useStore();
  const titleId = useId();
  const box = useRef<HTMLDialogElement>(null);
  const [agent, setAgent] = useState(value.agent);
  const [folder, setFolder] = useState(value.cwd ?? '');
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  useLayoutEffect(() => box.current?.showModal(), []);

  const chosen = agentOf(agents.value, agent);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const wrong = await onSubmit({ agent, cwd: folderOf(folder) });
    setBusy(false);
    setError(wrong);
    if (wrong === null) box.current?.close();
  };
  return (
    <dialog ref={box} class="beginning" aria-labelledby={titleId} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id={titleId}>{title}</h2>
        {error === null ? null : (
          <p class="problem" role="alert">
            {error.message}
          </p>
        )}
        <fieldset class="agents">
          <legend>Agent</legend>
          {agents.value.map((one) => (
            <AgentLine
              key={one.id}
              agent={one}
              chosen={one.id === chosen?.id}
              onChoose={() => setAgent(one.id)}
            />
          ))}
          {agents.value.length === 0 ? <p class="hint">No agent is configured.</p> : null}
        </fieldset>
        <FolderField value={folder} onChange={setFolder} />
        <div class="buttons">
          <button type="button" class="button quiet" onClick={() => box.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy || chosen === undefined}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}

interface LineProps {
  agent: AgentInfo;
  chosen: boolean;
  onChoose(): void;
}

function AgentLine({ agent, chosen, onChoose }: LineProps) {
  const id = useId();
  const { title, problem } = agent;
  // What else was wrong may be over: whoever tries it learns how it is now.
  const missing = problem?.code === 'agent_missing';
  return (
    <label class="agent-line" data-problem={problem !== undefined}>
      <input
        type="radio"
        name="agent"
        checked={chosen}
        disabled={missing}
        aria-describedby={id}
        onChange={onChoose}
      />
      <span>{title}</span>
      <span class="hint" id={id}>
        {problem?.message ?? (agent.default ? 'default' : '')}
      </span>
    </label>
  );
}
