/** What Enter does in a message: a line of the settings. */
import { SEND_KEYS } from '../store/enter.ts';
import { useStore } from './store-context.ts';

export function EnterOption() {
  const { enter } = useStore();
  const sends = enter.key.value === 'sends';
  return (
    <label class="enter-option">
      <input
        type="checkbox"
        checked={sends}
        onChange={(event) => enter.set(event.currentTarget.checked ? 'sends' : 'breaks')}
      />
      <span>
        Enter sends a message
        <span class="hint">
          {sends
            ? 'Shift+Enter begins a new line.'
            : `${SEND_KEYS} sends; Enter begins a new line.`}
        </span>
      </span>
    </label>
  );
}
