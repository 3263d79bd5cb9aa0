/** The connection in words, and what can be done about it. */
import { statusWords } from '../store/status-words.ts';
import { useStore } from './store-context.ts';

export function ConnectionStatus() {
  const { link, connection, retry } = useStore();
  const { word, detail, tone, action } = statusWords(link.value, connection.value);
  return (
    <div class="connection" data-tone={tone}>
      <p role="status">
        <span class="dot" aria-hidden="true" />
        <span class="connection-word">{word}</span>
        {detail === '' ? null : <span class="connection-detail"> {detail}</span>}
      </p>
      {action === 'retry' ? (
        <button type="button" class="button small" onClick={retry}>
          Try now
        </button>
      ) : null}
      {action === 'reload' ? (
        <button type="button" class="button small" onClick={() => location.reload()}>
          Reload
        </button>
      ) : null}
    </div>
  );
}
