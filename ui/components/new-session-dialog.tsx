/** A session with an agent and a folder of one's choice: those of the session that is shown are filled in. */
import { DEFAULTS, inputOf } from '../store/new-session.ts';
import { sessionPath } from '../store/route.ts';
import { BeginningDialog } from './beginning-dialog.tsx';
import { pageDoings } from '../palette/doings.ts';
import { useStore } from './store-context.ts';

export function NewSessionDialog({ onClose }: { onClose(): void }) {
  const { actions, paneRow, router, shell } = useStore();
  const row = paneRow.peek();
  return (
    <BeginningDialog
      title="New session"
      action="Start session"
      value={row === undefined ? DEFAULTS : { agent: row.agentId, cwd: row.cwd }}
      onSubmit={async (beginning) => {
        const made = await actions.createWith(inputOf(beginning));
        if (!made.ok) return made.error;
        shell.followed();
        router.navigate(sessionPath(made.value.id));
        pageDoings.focusMessage();
        return null;
      }}
      onClose={onClose}
    />
  );
}
