/** A state of the page that a person may meet: it is looked at, and checked for accessibility. */
import type { BrowserContext, Page } from 'playwright/test';
import { startServer, type ServerOptions, type TestServer } from '../fixtures/server.ts';
import { expect, openTab, test as base, type Tab } from '../fixtures/test.ts';

export interface Stage {
  readonly server: TestServer;
  readonly context: BrowserContext;
  /** A signed-in tab on a session, or on another path of the page. */
  tab(at?: { session?: { id: string }; path?: string }): Promise<Tab>;
}

export interface View {
  /** Of its pictures and its test, as `home-first`. */
  readonly name: string;
  readonly server?: ServerOptions;
  /** It is in the sidebar, which is a drawer where the page is narrow. */
  readonly inSidebar?: true;
  /** Resolves with a page that shows the state, and stays so. */
  arrange(stage: Stage): Promise<Page>;
}

/** What every look at a view goes through: colours and widths, in this order. */
export const LOOKS = [
  { scheme: 'light', width: 1440, height: 900 },
  { scheme: 'dark', width: 1440, height: 900 },
  { scheme: 'dark', width: 390, height: 844 },
  { scheme: 'light', width: 390, height: 844 },
] as const;
export type Look = (typeof LOOKS)[number];

/** What is out of view is not laid out, so nobody has seen yet that it scrolls: all of it is looked at, as if it were in view. */
const SHOW_ALL = (): void => {
  if (document.adoptedStyleSheets.length > 0) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { content-visibility: visible !important }');
  document.adoptedStyleSheets = [sheet];
};

/** Puts an arranged page into a look, and waits until it is drawn so. */
export async function look(page: Page, view: View, { scheme, width, height }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height });
  if (
    view.inSidebar === true &&
    (await page.getByRole('button', { name: 'Sessions' }).isVisible())
  ) {
    const sidebar = page.locator('#sidebar');
    if (!(await sidebar.isVisible())) await page.getByRole('button', { name: 'Sessions' }).click();
    await expect(sidebar).toBeVisible();
  }
  await page.evaluate(SHOW_ALL);
  // Code that has settled gets its button and its tab stop a second later.
  await expect(page.locator('[role=log] [data-code]:not(:has(.copy-code))')).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  });
}

/**
 * One test a view, on a server of its own.
 * @param each is given the arranged page, and goes through the looks itself
 */
export function testViews(
  views: readonly View[],
  title: (view: View) => string,
  each: (view: View, page: Page) => Promise<void>,
): void {
  for (const view of views) {
    base(title(view), async ({ context }) => {
      const server = await startServer(view.server ?? {});
      try {
        const stage: Stage = {
          server,
          context,
          async tab({ session, path } = {}) {
            const tab = await openTab(context, server.origin, server.link, session?.id);
            if (path !== undefined) await tab.page.goto(server.origin + path);
            return tab;
          },
        };
        await each(view, await view.arrange(stage));
      } finally {
        await server.stop();
      }
    });
  }
}
