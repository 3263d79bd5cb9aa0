/** What the Enter key does in a message: a preference of the browser, the same in all its tabs (P42). */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { KeyValue } from '../env.ts';

export type EnterKey = 'sends' | 'breaks';

export interface EnterSetting {
  readonly key: ReadonlySignal<EnterKey>;
  set(key: EnterKey): void;
  /** The page came into view: another tab may have changed it. */
  read(): void;
  /** Twice is fine. */
  close(): void;
}

export interface EnterEnv {
  storage: KeyValue | null;
  /** @returns unsubscribe */
  onStorage(run: () => void): () => void;
  /** People type on glass here: there is no Shift+Enter. */
  touch: boolean;
}

const KEY = 'tabcast.enter';

/** Without a choice Enter sends; on a touch screen it breaks the line, and the button sends. */
export function createEnterSetting({ storage, onStorage, touch }: EnterEnv): EnterSetting {
  /** What could not be stored holds for this tab. */
  let own: string | null = null;
  const stored = (): string | null => {
    try {
      return storage?.getItem(KEY) ?? own;
    } catch {
      return own;
    }
  };
  const now = (): EnterKey => {
    const value = stored();
    if (value === 'sends' || value === 'breaks') return value;
    return touch ? 'breaks' : 'sends';
  };
  const key = signal(now());
  const read = () => {
    key.value = now();
  };
  return {
    key,
    set(next) {
      own = next;
      try {
        storage?.setItem(KEY, next);
      } catch {
        // Full or refused.
      }
      read();
    },
    read,
    close: onStorage(read),
  };
}

/** Of a keyboard event, as far as it matters. */
export interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** Whether a press of a key sends the message. Shift+Enter always breaks, Ctrl+Enter and ⌘Enter always send. */
export function sendsMessage(setting: EnterKey, press: KeyPress): boolean {
  if (press.key !== 'Enter' || press.shiftKey) return false;
  return setting === 'sends' || press.ctrlKey || press.metaKey;
}

/** What always sends, as the keyboard has it. */
export const SEND_KEYS = /^(Mac|iP)/.test(globalThis.navigator?.platform ?? '')
  ? '⌘ Enter'
  : 'Ctrl+Enter';
