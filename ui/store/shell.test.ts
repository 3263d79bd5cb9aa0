import { describe, expect, test } from 'vitest';
import { createFakeAlertsEnv } from '../testing/fake-alerts-env.ts';
import { createFakeFace, createFakeMedia } from '../testing/fake-env.ts';
import { createPreference } from './preference.ts';
import { createShell } from './shell.ts';

const NARROW = '(max-width: 52rem)';

function setUp(stored: Record<string, string> = {}) {
  const browser = createFakeAlertsEnv();
  for (const [key, value] of Object.entries(stored)) browser.values.set(key, value);
  const media = createFakeMedia();
  const face = createFakeFace();
  const { storage, onStorage } = browser;
  const env = { storage, onStorage, media: media.media, face };
  return { browser, media, face, env, shell: createShell(env) };
}

describe('[P1] the sidebar', () => {
  test('is docked on wide screens; hidden there it stays so, in all tabs and the next time', () => {
    const { shell, browser, env } = setUp();
    expect(shell.sidebar.value).toBe('docked');
    shell.hideSidebar();
    expect([shell.sidebar.value, shell.focus.value]).toEqual(['away', 'menu']);
    expect(createShell(env).sidebar.value).toBe('away');
    browser.changeElsewhere('tabcast.sidebar', 'shown');
    expect(shell.sidebar.value).toBe('docked');
    browser.changeElsewhere('tabcast.sidebar', 'nonsense');
    expect(shell.sidebar.value).toBe('docked');
  });

  test('is a drawer on narrow ones: it goes when a page is followed, and is no preference', () => {
    const { shell, media, browser } = setUp();
    media.match(NARROW, true);
    expect([shell.sidebar.value, shell.focus.value]).toEqual(['away', null]);
    shell.showSidebar();
    expect([shell.sidebar.value, shell.focus.value]).toEqual(['drawer', 'sidebar']);
    shell.hideSidebar();
    expect([shell.sidebar.value, shell.focus.value]).toEqual(['away', 'menu']);
    shell.showSidebar();
    shell.followed();
    expect([shell.sidebar.value, shell.focus.value]).toEqual(['away', 'main']);
    expect(browser.values.size).toBe(0);
  });

  test('a window that is resized moves no focus, and opens no drawer when it is narrow again', () => {
    const { shell, media } = setUp();
    media.match(NARROW, true);
    shell.showSidebar();
    media.match(NARROW, false);
    expect([shell.sidebar.value, shell.focus.value]).toEqual(['docked', null]);
    media.match(NARROW, true);
    expect(shell.sidebar.value).toBe('away');
  });
});

describe('[P6] the theme', () => {
  test('is the system’s until a person chooses; it holds at once, in every tab, and the next time', () => {
    const { shell, face, browser, env } = setUp();
    expect([shell.theme.value, face.theme]).toEqual(['system', 'system']);
    shell.chooseTheme('dark');
    expect([shell.theme.value, face.theme]).toEqual(['dark', 'dark']);
    expect(browser.values.get('tabcast.theme')).toBe('dark');
    browser.changeElsewhere('tabcast.theme', 'light');
    expect([shell.theme.value, face.theme]).toEqual(['light', 'light']);
    createShell(env);
    expect(face.theme).toBe('light');
  });

  test('holds for the tab where nothing can be stored', () => {
    const face = createFakeFace();
    const refuse = () => {
      throw new Error('quota');
    };
    const shell = createShell({
      storage: { getItem: refuse, setItem: refuse },
      onStorage: () => () => {},
      media: createFakeMedia().media,
      face,
    });
    shell.chooseTheme('dark');
    expect([shell.theme.value, face.theme]).toEqual(['dark', 'dark']);
    expect(
      createPreference({ storage: null, onStorage: () => () => {} }, 'k', ['a', 'b']).value.value,
    ).toBe('a');
  });
});

test('closed twice it listens to nothing', () => {
  const { shell, browser, media } = setUp();
  shell.close();
  shell.close();
  expect([browser.listeners, media.listeners]).toEqual([0, 0]);
});
