/** What Enter does in a message: a line of the settings. */
import { SEND_KEYS } from '../store/enter.ts';
import { useStore } from './store-context.ts';
import { Switch } from './switch.tsx';

export function EnterOption() {
  const { enter } = useStore();
  const sends = enter.value.value === 'sends';
  return (
    <>
      <Switch
        name="Enter sends"
        setting={sends ? 'on' : 'off'}
        onToggle={() => enter.set(sends ? 'breaks' : 'sends')}
      />
      <p class="hint">
        {sends ? 'Shift+Enter begins a new line.' : `Enter begins a new line, ${SEND_KEYS} sends.`}
      </p>
    </>
  );
}
