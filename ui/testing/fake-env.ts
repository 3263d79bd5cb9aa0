/** The browser as explicit pumps: time, frames, address bar and page life move only when a test says so. */
import type { AddressBar, Face, Media, PageLife, Theme, Timers } from '../env.ts';
import type { Frames } from '../frames.ts';

export interface FakeTimers extends Timers {
  /** Runs what is due, in order. */
  advance(ms: number): void;
  readonly count: number;
}

export function createFakeTimers(): FakeTimers {
  let now = 1_700_000_000_000;
  let ids = 0;
  const timers = new Map<number, { at: number; run: () => void }>();
  return {
    setTimeout(run, ms) {
      ids += 1;
      timers.set(ids, { at: now + ms, run });
      return ids;
    },
    clearTimeout: (id) => void timers.delete(id),
    now: () => now,
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const due = [...timers]
          .filter(([, { at }]) => at <= until)
          .sort(([, a], [, b]) => a.at - b.at);
        const next = due[0];
        if (next === undefined) break;
        timers.delete(next[0]);
        now = Math.max(now, next[1].at);
        next[1].run();
      }
      now = until;
    },
    get count() {
      return timers.size;
    },
  };
}

export interface FakeFrames extends Frames {
  /** One frame: runs what was requested before it. */
  paint(): void;
  readonly count: number;
}

export function createFakeFrames(): FakeFrames {
  let ids = 0;
  let waiting = new Map<number, () => void>();
  return {
    request(run) {
      ids += 1;
      waiting.set(ids, run);
      return ids;
    },
    cancel: (id) => void waiting.delete(id),
    paint() {
      const due = waiting;
      waiting = new Map();
      for (const run of due.values()) run();
    },
    get count() {
      return waiting.size;
    },
  };
}

export interface FakeAddressBar extends AddressBar {
  /** Every address since the start, the present one last; `replace` replaces. */
  readonly entries: string[];
  /** What it was left for. */
  readonly left: string[];
  /** The back button. */
  back(): void;
  readonly listeners: number;
}

export function createFakeAddressBar(path: string): FakeAddressBar {
  const entries = [path];
  const left: string[] = [];
  const listeners = new Set<() => void>();
  return {
    entries,
    path: () => entries.at(-1) ?? '/',
    push: (next) => void entries.push(next),
    replace: (next) => void entries.splice(-1, 1, next),
    leave: (next) => void left.push(next),
    left,
    onPop(run) {
      listeners.add(run);
      return () => listeners.delete(run);
    },
    back() {
      entries.pop();
      for (const run of listeners) run();
    },
    get listeners() {
      return listeners.size;
    },
  };
}

export interface FakePageLife extends PageLife {
  setVisible(visible: boolean): void;
  hide(): void;
  show(): void;
  readonly listeners: number;
}

export function createFakePageLife(): FakePageLife {
  let visible = true;
  const onVisibility = new Set<(visible: boolean) => void>();
  const onHide = new Set<() => void>();
  const onShow = new Set<() => void>();
  const add =
    <T>(set: Set<T>) =>
    (run: T) => {
      set.add(run);
      return () => void set.delete(run);
    };
  return {
    visible: () => visible,
    onVisibility: add(onVisibility),
    onHide: add(onHide),
    onShow: add(onShow),
    setVisible(next) {
      visible = next;
      for (const run of onVisibility) run(next);
    },
    hide() {
      for (const run of onHide) run();
    },
    show() {
      for (const run of onShow) run();
    },
    get listeners() {
      return onVisibility.size + onHide.size + onShow.size;
    },
  };
}

export interface FakeFace extends Face {
  readonly title: string;
  readonly icon: string;
  readonly theme: Theme;
}

export function createFakeFace(): FakeFace {
  const shown = { title: '', icon: '', theme: 'system' as Theme };
  return {
    setTitle: (title) => void (shown.title = title),
    setIcon: (svg) => void (shown.icon = svg),
    setTheme: (theme) => void (shown.theme = theme),
    get title() {
      return shown.title;
    },
    get icon() {
      return shown.icon;
    },
    get theme() {
      return shown.theme;
    },
  };
}

export interface FakeMedia {
  media(query: string): Media;
  /** Queries that match. */
  match(query: string, matches: boolean): void;
  readonly listeners: number;
}

export function createFakeMedia(): FakeMedia {
  const matching = new Set<string>();
  const runs = new Set<() => void>();
  return {
    media: (query) => ({
      matches: () => matching.has(query),
      onChange(run) {
        runs.add(run);
        return () => void runs.delete(run);
      },
    }),
    match(query, matches) {
      if (matches) matching.add(query);
      else matching.delete(query);
      for (const run of runs) run();
    },
    get listeners() {
      return runs.size;
    },
  };
}
