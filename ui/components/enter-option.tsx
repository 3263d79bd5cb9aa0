/** Tells what Enter does in a message, and changes it. */
import { SEND_KEYS } from '../store/enter.ts';
import { useStore } from './store-context.ts';

export function EnterOption() {
  const { enter } = useStore();
  const sends = enter.key.value === 'sends';
  return (
    <button
      type="button"
      class="enter-option"
      title={
        sends
          ? `Shift+Enter begins a new line. Press to have it the other way: ${SEND_KEYS} sends.`
          : `${SEND_KEYS} sends. Press to have it the other way: Shift+Enter begins a new line.`
      }
      onClick={() => enter.set(sends ? 'breaks' : 'sends')}
    >
      {sends ? 'Enter sends' : 'Enter breaks the line'}
    </button>
  );
}
