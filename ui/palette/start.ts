/** The shortcuts over a store and the browser. */
import type { Store } from '../store/store.ts';
import { commandsOf } from './commands.ts';
import { pageDoings } from './doings.ts';
import { listenForShortcuts } from './listen.ts';
import { isMac } from './mac.ts';

/** @returns unsubscribe */
export function startShortcuts(store: Store): () => void {
  return listenForShortcuts({
    target: window,
    mac: isMac(),
    singles: () => store.singleKeys.value.peek() === 'on',
    run(id) {
      if (id === 'palette') {
        store.dialog.value = 'palette';
        return true;
      }
      const found = commandsOf(store, pageDoings).find((command) => command.id === id);
      found?.run();
      return found !== undefined;
    },
  });
}
