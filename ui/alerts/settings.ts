/** Whether this browser notifies and sounds: a preference of the browser, the same in all its tabs. Off at first. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { AlertsEnv } from './env.ts';

export type Setting = 'on' | 'off' | 'blocked' | 'unsupported';

export interface AlertSettings {
  /** `blocked`: the browser refuses, and only a person can change that, in its settings. */
  readonly notifications: ReadonlySignal<Setting>;
  readonly sound: ReadonlySignal<Setting>;
  /** Asks the browser for its permission where it is needed: to be called in a click. */
  toggleNotifications(): Promise<void>;
  /** @returns what it is now */
  toggleSound(): Setting;
  /** The page came into view: the browser's permission may have changed meanwhile. */
  read(): void;
  /** Twice is fine. */
  close(): void;
}

const NOTIFICATIONS = 'tabcast.notifications';
const SOUND = 'tabcast.sound';

export type SettingsEnv = Pick<
  AlertsEnv,
  'permission' | 'requestPermission' | 'hasSound' | 'storage' | 'onStorage'
>;

export function createAlertSettings(env: SettingsEnv): AlertSettings {
  /** What could not be stored holds for this tab. */
  const own = new Map<string, string>();
  const get = (key: string): boolean => {
    try {
      return (env.storage?.getItem(key) ?? own.get(key)) === 'on';
    } catch {
      return own.get(key) === 'on';
    }
  };
  const set = (key: string, on: boolean) => {
    own.set(key, on ? 'on' : 'off');
    try {
      env.storage?.setItem(key, on ? 'on' : 'off');
    } catch {
      // Full or refused.
    }
  };
  const notificationsNow = (): Setting => {
    const permission = env.permission();
    if (permission === 'unsupported') return 'unsupported';
    if (permission === 'denied') return 'blocked';
    return permission === 'granted' && get(NOTIFICATIONS) ? 'on' : 'off';
  };
  const soundNow = (): Setting => {
    if (!env.hasSound) return 'unsupported';
    return get(SOUND) ? 'on' : 'off';
  };
  const notifications = signal(notificationsNow());
  const sound = signal(soundNow());
  const read = () => {
    notifications.value = notificationsNow();
    sound.value = soundNow();
  };

  return {
    notifications,
    sound,
    async toggleNotifications() {
      const on = notifications.value !== 'on';
      if (on && env.permission() === 'default') await env.requestPermission();
      set(NOTIFICATIONS, on && env.permission() === 'granted');
      read();
    },
    toggleSound() {
      set(SOUND, sound.value !== 'on');
      read();
      return sound.value;
    },
    read,
    close: env.onStorage(read),
  };
}
