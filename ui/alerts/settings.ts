/** Whether this browser notifies and sounds: a preference of the browser, the same in all its tabs. Off at first. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { createPreference } from '../store/preference.ts';
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

/** Asks the browser for nothing until a person switches something on. */
export function createAlertSettings(env: SettingsEnv): AlertSettings {
  const wanted = createPreference(env, NOTIFICATIONS, ['off', 'on']);
  const sounding = createPreference(env, SOUND, ['off', 'on']);
  const permission = signal(env.permission());
  const notifications = computed((): Setting => {
    if (permission.value === 'unsupported') return 'unsupported';
    if (permission.value === 'denied') return 'blocked';
    return permission.value === 'granted' ? wanted.value.value : 'off';
  });
  const sound = computed((): Setting => (env.hasSound ? sounding.value.value : 'unsupported'));
  const read = () => {
    permission.value = env.permission();
  };

  return {
    notifications,
    sound,
    async toggleNotifications() {
      const on = notifications.value !== 'on';
      if (on && env.permission() === 'default') await env.requestPermission();
      read();
      wanted.set(on && permission.value === 'granted' ? 'on' : 'off');
    },
    toggleSound() {
      sounding.set(sound.value === 'on' ? 'off' : 'on');
      return sound.value;
    },
    read,
    close() {
      wanted.close();
      sounding.close();
    },
  };
}
