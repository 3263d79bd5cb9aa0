/** What stands under the transcript of a session: what waits, and where the next message is written. */
import type { QueuedPrompt } from '../../shared/state.ts';
import { memo } from '../memo.ts';
import { AgentState } from './agent-state.tsx';
import { Composer, type ComposerProps } from './composer.tsx';
import { later } from './later.tsx';
import { NoticesList } from './notices-list.tsx';
import { useStore } from './store-context.ts';

const Queue = later(async () => (await import('./queue.tsx')).Queue, null);
const SendingLines = later(async () => (await import('./cards.ts')).SendingLines, null);

interface Props extends ComposerProps {
  queue: QueuedPrompt[];
}

/** A token changes the transcript only (T5). */
export const PaneFoot = memo(function Foot({ queue, ...composer }: Props) {
  const { session, status } = composer;
  return (
    <div class="foot">
      <div class="column">
        <NoticesList logId={session.logId} />
        <Sending logId={session.logId} />
        <AgentState />
        {queue.length === 0 ? null : (
          <Queue session={session} queue={queue} busy={status !== 'idle'} />
        )}
        <Composer {...composer} />
      </div>
    </div>
  );
});

function Sending({ logId }: { logId: string }) {
  const isSending = useStore().prompts.sending.value.some((one) => one.logId === logId);
  return isSending ? <SendingLines logId={logId} /> : null;
}
