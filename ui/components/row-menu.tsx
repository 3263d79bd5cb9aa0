/** What can be done with a session, shown or not. Opens below its row. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PatchSessionInput } from '../../shared/commands.ts';
import { unreachable } from '../../shared/errors.ts';
import { isUnread, rowHasId, type Row } from '../../shared/row.ts';
import { ExportLinks } from './export-links.tsx';
import { useStore } from './store-context.ts';
import { titleOf } from './words.ts';

type Step = 'choose' | 'rename' | 'export' | 'delete';

export function RowMenu({ row, onClose }: { row: Row; onClose(): void }) {
  const { actions } = useStore();
  const [step, setStep] = useState<Step>('choose');
  const box = useRef<HTMLDivElement>(null);
  const session = { sessionId: row.id, logId: row.logId };

  useEffect(() => {
    box.current?.querySelector<HTMLElement>('input, button, a')?.focus();
  }, [step]);

  const unread = isUnread(row);
  const change = (patch: PatchSessionInput) => {
    void actions.patch(session, patch);
    onClose();
  };
  const { readMark, endedSeq: readSeq } = row;
  const body = () => {
    switch (step) {
      case 'choose':
        return (
          <>
            <button type="button" class="button quiet" onClick={() => setStep('rename')}>
              Rename
            </button>
            <button
              type="button"
              class="button quiet"
              onClick={() => change({ pinned: !row.pinned })}
            >
              {row.pinned ? 'Unpin' : 'Pin'}
            </button>
            <button
              type="button"
              class="button quiet"
              onClick={() => change(unread ? { readSeq, readMark } : { unread: true })}
            >
              {unread ? 'Mark read' : 'Mark unread'}
            </button>
            <button
              type="button"
              class="button quiet"
              onClick={() => change({ archived: !row.archived })}
            >
              {row.archived ? 'Bring back' : 'Archive'}
            </button>
            <button type="button" class="button quiet" onClick={() => setStep('export')}>
              Export…
            </button>
            <button type="button" class="button quiet danger" onClick={() => setStep('delete')}>
              Delete…
            </button>
          </>
        );
      case 'rename':
        return <Rename row={row} onClose={onClose} />;
      case 'export':
        return <ExportLinks sessionId={row.id} onFollow={onClose} />;
      case 'delete':
        return <Delete row={row} onClose={onClose} />;
      default:
        return unreachable(step);
    }
  };
  return (
    <div
      class="row-menu"
      role="group"
      aria-label={`Actions for ${titleOf(row)}`}
      ref={box}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      {body()}
    </div>
  );
}

function Rename({ row, onClose }: { row: Row; onClose(): void }) {
  const { actions } = useStore();
  const [title, setTitle] = useState(row.title);
  const save = async (event: Event) => {
    event.preventDefault();
    const trimmed = title.trim();
    if (trimmed === '') return;
    const saved = await actions.patch({ sessionId: row.id, logId: row.logId }, { title: trimmed });
    if (saved) onClose();
  };
  return (
    <form class="row-form" onSubmit={(event) => void save(event)}>
      <input
        aria-label="Title"
        maxLength={200}
        value={title}
        onInput={(event) => setTitle(event.currentTarget.value)}
      />
      <button type="submit" class="button small primary" disabled={title.trim() === ''}>
        Save
      </button>
      <button type="button" class="button small quiet" onClick={onClose}>
        Keep
      </button>
    </form>
  );
}

function Delete({ row, onClose }: { row: Row; onClose(): void }) {
  const { actions, router } = useStore();
  const remove = async () => {
    const gone = await actions.remove({ sessionId: row.id, logId: row.logId });
    const route = router.route.value;
    if (gone && route.kind === 'session' && rowHasId(row, route.id)) router.replace('/');
    onClose();
  };
  return (
    <div class="row-form">
      <p>
        {row.status === 'idle' ? '' : 'It is running, and is stopped first. '}
        Delete this session and its transcript? This can’t be undone.
      </p>
      <button type="button" class="button small" onClick={onClose}>
        Keep
      </button>
      <button type="button" class="button small danger" onClick={() => void remove()}>
        Delete
      </button>
    </div>
  );
}
