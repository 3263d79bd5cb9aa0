/** Prompts that wait for their turn (O10). */
import type { QueuedPrompt } from '../../shared/state.ts';
import type { SessionRef } from '../store/actions.ts';
import { useStore } from './store-context.ts';
import { promptText } from './words.ts';

interface Props {
  session: SessionRef;
  queue: QueuedPrompt[];
  /** A turn runs: a held prompt can't be started now. */
  busy: boolean;
}

export function Queue({ session, queue, busy }: Props) {
  const { actions } = useStore();
  if (queue.length === 0) return null;
  return (
    <ul class="queue" aria-label="Queue">
      {queue.map(({ turnId, prompt, held }) => (
        <li key={turnId} data-turn-id={turnId}>
          <span class="queue-text">{promptText(prompt)}</span>
          <span class="hint">{held ? 'waiting' : 'next'}</span>
          {held ? (
            <button
              type="button"
              class="button small"
              disabled={busy}
              onClick={() => void actions.startQueued(session, turnId)}
            >
              Send now
            </button>
          ) : null}
          <button
            type="button"
            class="button small quiet"
            onClick={() => void actions.removeQueued(session, turnId)}
          >
            Remove
          </button>
        </li>
      ))}
    </ul>
  );
}
