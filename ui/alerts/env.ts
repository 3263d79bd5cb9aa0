/** What alerts need of the browser, and the real thing. What shows and sounds is loaded when it is first needed. */
import type { KeyValue } from '../env.ts';
import type { Answers } from './answers.ts';
import type { TabAlertsDeps } from './tab-alerts.ts';

export type Permission = 'unsupported' | 'default' | 'granted' | 'denied';

export interface Note {
  /** The alert's id: a second notification with it replaces the first. */
  id: string;
  title: string;
  body: string;
  onClick(): void;
}

export type Tone = 'ask' | 'done';

export interface Teller {
  /** Whoever claims a key first in this browser may tell it; for good. */
  claim(key: string): Promise<boolean>;
  /** @returns close; null when the browser shows none from a page */
  show(note: Note): (() => void) | null;
  /** @returns false when this page may not play: nobody has clicked in it yet */
  mayPlay(): boolean;
  play(tone: Tone): void;
}

export interface AlertsEnv {
  permission(): Permission;
  requestPermission(): Promise<Permission>;
  readonly hasSound: boolean;
  storage: KeyValue | null;
  /** Another tab changed the storage. @returns unsubscribe */
  onStorage(run: () => void): () => void;
  /** The page's window has the keyboard. To be asked, not heard of: see `PageLife`. */
  focused(): boolean;
  /** Brings this page's window to the front, as far as the browser lets it: in a notification's click. */
  comeToFront(): void;
  /** @returns false when the browser would not open a tab now */
  openTab(path: string): boolean;
  now(): number;
  loadAnswers(deps: TabAlertsDeps): Promise<Answers>;
}

/** The real thing. */
export function browserAlertsEnv(storage: KeyValue | null): AlertsEnv {
  const permission = () => ('Notification' in window ? Notification.permission : 'unsupported');
  return {
    permission,
    async requestPermission() {
      if ('Notification' in window) await Notification.requestPermission();
      return permission();
    },
    hasSound: 'AudioContext' in window,
    storage,
    onStorage(run) {
      window.addEventListener('storage', run);
      return () => window.removeEventListener('storage', run);
    },
    focused: () => document.hasFocus(),
    comeToFront: () => window.focus(),
    openTab(path) {
      const { userActivation } = navigator as Partial<Navigator>;
      if (userActivation?.isActive === false) return false;
      // An opener would bar both pages from the back/forward cache (T2).
      window.open(path, '_blank', 'noopener');
      return true;
    },
    now: () => Date.now(),
    loadAnswers: async (deps) => (await import('./teller.ts')).createTellingAnswers(deps),
  };
}
