/** Which agent works in which folder, told in a line; a click changes it. For forms that begin a session. */
import { useState } from 'preact/hooks';
import { agentOf, type Beginning } from '../store/new-session.ts';
import { later } from './later.tsx';
import { useStore } from './store-context.ts';
import { baseName } from './words.ts';

const BeginningDialog = later(async () => (await import('./beginning-dialog.tsx')).BeginningDialog);

interface Props {
  value: Beginning;
  onChange(value: Beginning): void;
}

export function SessionPlace({ value, onChange }: Props) {
  const { agents } = useStore();
  const [open, setOpen] = useState(false);
  const agent = agentOf(agents.value, value.agent)?.title ?? 'No agent';
  const folder = value.cwd === null ? '' : ` in ${baseName(value.cwd)}`;
  return (
    <>
      <button
        type="button"
        class="button small quiet session-place"
        title={value.cwd ?? undefined}
        onClick={() => setOpen(true)}
      >
        <span class="unseen">Agent and folder: </span>
        {agent}
        {folder}
      </button>
      {open ? (
        <BeginningDialog
          title="Agent and folder"
          action="Use these"
          value={value}
          onSubmit={async (next) => {
            onChange(next);
            return null;
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}
