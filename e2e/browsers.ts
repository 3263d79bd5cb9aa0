/**
 * The browsers that the specs run in: Chromium always, Firefox and WebKit where they are installed. What a test needs
 * of a browser beyond the standards, it says by a tag in its title: `@needs-cdp`. Only the projects of browsers that can
 * do it have that test.
 */
import { join } from 'node:path';
import type {
  LaunchOptions,
  PlaywrightTestOptions,
  PlaywrightWorkerOptions,
  Project,
} from 'playwright/test';
import { unreachable } from '../shared/errors.ts';

/** Any Firefox, over WebDriver BiDi; Playwright's own build is driven by a protocol of its own. */
const STOCK_FIREFOX = join(import.meta.dirname, 'fixtures/stock-firefox.mjs');

const NAMES = ['chromium', 'firefox', 'webkit'] as const;
type BrowserName = (typeof NAMES)[number];

/** What not every browser can do, or not every driver can make it do: `@needs-<ability>` in a test's title. */
type Ability =
  /** The Chrome DevTools Protocol: a renderer that crashes on purpose, a frozen page, a heap's size. */
  | 'cdp'
  /**
   * Pages come back from the back/forward cache. Playwright's builds of Firefox and WebKit have none; a stock Firefox
   * has, but Playwright waits for ever for a page from it to load, so it is switched off there too.
   */
  | 'bfcache';

export const ABILITIES: Readonly<Record<BrowserName, Readonly<Record<Ability, boolean>>>> = {
  chromium: { cdp: true, bfcache: true },
  firefox: { cdp: false, bfcache: false },
  webkit: { cdp: false, bfcache: false },
};

interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  exists(path: string): boolean;
  /** Where Playwright would have installed its own build; it need not be there. */
  builtBy(playwright: BrowserName): string;
}

type BrowserProject = Project<PlaywrightTestOptions, PlaywrightWorkerOptions> & {
  name: BrowserName;
};

/** @throws a variable names a browser that is not there */
export function browserProjects(machine: Machine): BrowserProject[] {
  return NAMES.flatMap((name) => {
    const found = find(name, machine);
    return found === null ? [] : [projectOf(name, found)];
  });
}

function find(name: BrowserName, { env, exists, builtBy }: Machine): LaunchOptions | null {
  const variable = `TABCAST_${name.toUpperCase()}`;
  const named = env[variable] ?? '';
  if (named !== '' && !exists(named)) throw new Error(`${variable}: there is no ${named}`);
  const built = builtBy(name);
  switch (name) {
    case 'chromium': {
      // The system's where there is one: no download, and the browser people have. Else Playwright says what to do.
      const path = [named, '/usr/bin/chromium', '/usr/bin/chromium-browser', built].find(exists);
      return { ...CHROMIUM, ...(path === undefined ? {} : { executablePath: path }) };
    }
    case 'firefox':
      if (named === '' || named === built) return exists(built) ? { executablePath: built } : null;
      return {
        channel: 'moz-firefox',
        executablePath: STOCK_FIREFOX,
        env: { ...env },
        firefoxUserPrefs: { 'browser.sessionhistory.max_total_viewers': 0 },
      };
    case 'webkit': {
      const path = [named, built].find(exists);
      return path === undefined ? null : { executablePath: path };
    }
    default:
      return unreachable(name);
  }
}

function projectOf(name: BrowserName, launchOptions: LaunchOptions): BrowserProject {
  const lacking = Object.entries(ABILITIES[name]).filter(([, can]) => !can);
  return {
    name,
    grepInvert: lacking.map(([ability]) => new RegExp(`@needs-${ability}\\b`)),
    use: { browserName: name, launchOptions },
  };
}

/** The last list on a command line is the one that counts, so Playwright's (1.65) is said again in ours. */
const PLAYWRIGHT_DISABLES = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
];
/**
 * The address bar's suggestions are pages, and each window that a tab gets loads two of them: measured with Chromium
 * 156, a third of a second of a core each, before anything of ours is loaded. Nobody sees them here.
 */
const CHROME_OF_ITS_OWN = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'];

const CHROMIUM: LaunchOptions = {
  // Playwright turns the back/forward cache off; the page's life in it is half of what is tested here.
  ignoreDefaultArgs: ['--disable-back-forward-cache'],
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    `--disable-features=${[...PLAYWRIGHT_DISABLES, ...CHROME_OF_ITS_OWN].join(',')}`,
  ],
};
