/** Keys as they stand on the keyboard. */
import { isMac } from '../palette/mac.ts';
import { keyNames } from '../palette/shortcuts.ts';

export function Keys({ keys }: { keys: string }) {
  return (
    <span class="keys">
      {keyNames(keys, isMac()).map((chord, at) => (
        <span key={at}>
          {at === 0 ? null : <span class="keys-then"> then </span>}
          {chord.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      ))}
    </span>
  );
}
