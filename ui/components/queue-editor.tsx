/** A queued prompt while its text is changed, in its place. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SessionRef } from '../store/actions.ts';
import { sendsMessage } from '../store/enter.ts';
import { canSave, type QueueEdit } from '../store/queue-edits.ts';
import { attachedWords } from './prompt-words.ts';
import { useStore } from './store-context.ts';
import { useGrowing } from './use-growing.ts';

export function QueueEditor({ session, edit }: { session: SessionRef; edit: QueueEdit }) {
  const { queueEdits, enter } = useStore();
  const box = useRef<HTMLTextAreaElement>(null);
  const { logId } = session;

  useLayoutEffect(() => {
    const element = box.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);
  useGrowing(box, edit.text);

  const save = () => void queueEdits.save(session);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') queueEdits.giveUp(logId);
    if (!sendsMessage(enter.value.value, event)) return;
    event.preventDefault();
    save();
  };
  return (
    <form
      class="queue-editor"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        ref={box}
        rows={1}
        aria-label="Queued message"
        value={edit.text}
        onInput={(event) => queueEdits.write(logId, event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {edit.rest.length === 0 ? null : (
        <span class="hint">{attachedWords(edit.rest)} stay with it</span>
      )}
      <span class="queue-actions">
        <button type="submit" class="button small primary" disabled={!canSave(edit)}>
          Save
        </button>
        <button type="button" class="button small quiet" onClick={() => queueEdits.giveUp(logId)}>
          Keep as it was
        </button>
      </span>
    </form>
  );
}
