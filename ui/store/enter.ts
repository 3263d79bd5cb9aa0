/** What the Enter key does in a message: a preference of the browser (P42). */
import { createPreference, type Preference, type PreferenceEnv } from './preference.ts';

export type EnterKey = 'sends' | 'breaks';

/**
 * Without a choice Enter sends; on a touch screen it breaks the line, and the button sends.
 * @param touch people type on glass here: there is no Shift+Enter
 */
export function createEnterKey(env: PreferenceEnv, touch: boolean): Preference<EnterKey> {
  return createPreference(env, 'tabcast.enter', touch ? ['breaks', 'sends'] : ['sends', 'breaks']);
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
