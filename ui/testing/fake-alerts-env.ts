/** A browser's notifications and sounds as lists; permission, focus and storage are what a test says. */
import { createAnswers } from '../alerts/answers.ts';
import type { AlertsEnv, Note, Permission, Tone } from '../alerts/env.ts';

export interface FakeAlertsEnv extends AlertsEnv {
  state: {
    permission: Permission;
    /** What a person says when the browser asks. */
    answer: Permission;
    focused: boolean;
    mayPlay: boolean;
    mayOpen: boolean;
    now: number;
  };
  readonly values: Map<string, string>;
  readonly claims: Set<string>;
  /** Open notifications. */
  readonly notes: Note[];
  readonly tones: Tone[];
  readonly opened: string[];
  readonly fronts: number;
  readonly listeners: number;
  /** Another tab changed the storage. */
  changeElsewhere(key: string, value: string): void;
}

export function createFakeAlertsEnv(): FakeAlertsEnv {
  const state: FakeAlertsEnv['state'] = {
    permission: 'default',
    answer: 'granted',
    focused: true,
    mayPlay: true,
    mayOpen: true,
    now: 1_700_000_000_000,
  };
  const values = new Map<string, string>();
  const claims = new Set<string>();
  const notes: Note[] = [];
  const tones: Tone[] = [];
  const opened: string[] = [];
  const runs = new Set<() => void>();
  let fronts = 0;
  return {
    state,
    values,
    claims,
    notes,
    tones,
    opened,
    get fronts() {
      return fronts;
    },
    get listeners() {
      return runs.size;
    },
    changeElsewhere(key, value) {
      values.set(key, value);
      for (const run of runs) run();
    },
    permission: () => state.permission,
    async requestPermission() {
      state.permission = state.answer;
      return state.permission;
    },
    hasSound: true,
    storage: {
      getItem: (key) => values.get(key) ?? null,
      setItem: (key, value) => void values.set(key, value),
    },
    onStorage(run) {
      runs.add(run);
      return () => void runs.delete(run);
    },
    focused: () => state.focused,
    comeToFront: () => void (fronts += 1),
    openTab(path) {
      if (state.mayOpen) opened.push(path);
      return state.mayOpen;
    },
    now: () => state.now,
    loadAnswers: async (deps) =>
      createAnswers(deps, {
        async claim(key) {
          if (claims.has(key)) return false;
          claims.add(key);
          return true;
        },
        show(note) {
          notes.push(note);
          return () => void notes.splice(notes.indexOf(note), 1);
        },
        mayPlay: () => state.mayPlay,
        play: (tone) => void tones.push(tone),
      }),
  };
}
