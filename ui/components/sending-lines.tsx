import { attachedWords } from './prompt-words.ts';
import { useStore } from './store-context.ts';

/** Messages that are on their way to the server. */
export function SendingLines({ logId }: { logId: string }) {
  const { prompts, pane } = useStore();
  const sending = prompts.sending.value.filter((one) => one.logId === logId);
  // The pane changes with every token: it is read only where something is on its way.
  if (sending.length === 0) return null;
  const view = pane.value?.view;
  const state = view?.kind === 'shown' && view.state.logId === logId ? view.state : null;
  // The log may have a message before its sender has the answer: shown twice, it would look sent twice.
  const arrived = new Set(
    state === null ? [] : [...state.turns, state.live, ...state.queue].map((one) => one?.key),
  );
  return sending
    .filter(({ key }) => !arrived.has(key))
    .map(({ key, text, attachments }) => (
      <p key={key} class="sending">
        <span class="spinner" aria-hidden="true" /> Sending:{' '}
        {[text, attachedWords(attachments.map(({ block }) => block))]
          .filter((words) => words !== '')
          .join(' · ')}
      </p>
    ));
}
