/** A choice that is kept in this browser, the same in all its tabs. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { Env } from '../env.ts';

export interface Preference<T extends string> {
  readonly value: ReadonlySignal<T>;
  set(next: T): void;
  /** Twice is fine. */
  close(): void;
}

export type PreferenceEnv = Pick<Env, 'storage' | 'onStorage'>;

/** @param values all there are; the first holds until a person chooses, and in place of what is none of them */
export function createPreference<T extends string>(
  env: PreferenceEnv,
  key: string,
  values: readonly [T, ...T[]],
): Preference<T> {
  /** What could not be stored holds for this tab. */
  let own: T | null = null;
  const stored = (): string | null => {
    try {
      return env.storage?.getItem(key) ?? null;
    } catch {
      return null;
    }
  };
  const now = (): T => {
    const found = stored() ?? own;
    return values.find((value) => value === found) ?? values[0];
  };
  const value = signal(now());
  return {
    value,
    set(next) {
      own = next;
      try {
        env.storage?.setItem(key, next);
      } catch {
        // Full or refused.
      }
      value.value = next;
    },
    close: env.onStorage(() => {
      value.value = now();
    }),
  };
}
