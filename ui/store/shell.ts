/** How the page is laid out: where the sidebar is, and what this browser prefers. Free of the DOM. */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Env, Face, Theme } from '../env.ts';
import { createPreference, type PreferenceEnv } from './preference.ts';

/** `docked`: beside the page; `drawer`: over it; `away`: neither, and a bar at the top leads to it. */
export type SidebarPlace = 'docked' | 'drawer' | 'away';

export const THEMES = ['system', 'light', 'dark'] as const satisfies readonly Theme[];

export interface Shell {
  readonly sidebar: ReadonlySignal<SidebarPlace>;
  /** Where the keyboard goes when the sidebar has moved; null when the window was resized: then it stays. */
  readonly focus: ReadonlySignal<'sidebar' | 'menu' | 'main' | null>;
  readonly theme: ReadonlySignal<Theme>;
  /** As a drawer where the window is narrow, else docked, also the next time. */
  showSidebar(): void;
  hideSidebar(): void;
  /** Somebody went to a page from the sidebar: a drawer has done its work. */
  followed(): void;
  chooseTheme(theme: Theme): void;
  /** Twice is fine. */
  close(): void;
}

/** Below it the sidebar is a drawer. */
const NARROW = '(max-width: 52rem)';
/** `ui/public/theme.js` reads it before the first paint. */
const THEME = 'tabcast.theme';
const SIDEBAR = 'tabcast.sidebar';

export type ShellEnv = PreferenceEnv & Pick<Env, 'media'> & { face: Pick<Face, 'setTheme'> };

/** Takes the browser's theme at once. */
export function createShell(env: ShellEnv): Shell {
  const theme = createPreference(env, THEME, THEMES);
  const docked = createPreference(env, SIDEBAR, ['shown', 'hidden']);
  const narrowness = env.media(NARROW);
  const narrow = signal(narrowness.matches());
  const drawer = signal(false);
  const focus = signal<'sidebar' | 'menu' | 'main' | null>(null);
  const sidebar = computed((): SidebarPlace => {
    if (narrow.value) return drawer.value ? 'drawer' : 'away';
    return docked.value.value === 'shown' ? 'docked' : 'away';
  });
  const stops = [
    narrowness.onChange(() => {
      focus.value = null;
      drawer.value = false;
      narrow.value = narrowness.matches();
    }),
    effect(() => env.face.setTheme(theme.value.value)),
    theme.close,
    docked.close,
  ];
  return {
    sidebar,
    focus,
    theme: theme.value,
    showSidebar() {
      focus.value = 'sidebar';
      if (narrow.peek()) drawer.value = true;
      else docked.set('shown');
    },
    hideSidebar() {
      focus.value = 'menu';
      if (narrow.peek()) drawer.value = false;
      else docked.set('hidden');
    },
    followed() {
      focus.value = 'main';
      drawer.value = false;
    },
    chooseTheme: theme.set,
    close() {
      for (const stop of stops.splice(0)) stop();
    },
  };
}
