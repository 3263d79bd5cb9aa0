/** Every view, light and wide as well as dark and narrow, by axe (https://github.com/dequelabs/axe-core): what it finds is wrong. */
import type { Page } from 'playwright/test';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import { expect } from './fixtures/test.ts';
import { VIEWS } from './views/all.ts';
import { look, LOOKS, testViews } from './views/view.ts';

const SCRIPT = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page: Page): Promise<string[]> {
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes
        // An agent's answer has the headings that the agent gave it.
        .filter(({ html }) => id !== 'heading-order' || !/^<h[3-6]/.test(html))
        .map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`),
    );
  });
  return found;
}

/** What is told when something is wrong: compared with the pictures in states/, too. */
const STATES = new Set([
  'signed-out',
  'hub-replaced',
  'server-gone',
  'agent-gone',
  'agent-missing-home',
  'no-agent',
]);

testViews(
  VIEWS,
  ({ name }) =>
    `[P81] axe finds nothing: ${name}${STATES.has(name) ? ', [P66] [P54] and it looks as it was designed' : ''} @needs-cdp`,
  async (view, page) => {
    const { name } = view;
    if (STATES.has(name)) {
      await look(page, view, { scheme: 'light', width: 390, height: 844 });
      await expect(page).toHaveScreenshot(`${name}.png`, {
        // What tells the time, or the name of this run's folder, is another each time.
        mask: [
          page.locator(
            '.state-count, .pane-head, .working, .hint, [role=log], .agent-note .buttons',
          ),
        ],
        // Letters are not drawn alike by every version of the browser; a state that is not there is a tenth of the page.
        maxDiffPixelRatio: 0.05,
      });
    }
    await page.evaluate(SCRIPT);
    // Each colour in one width: what axe finds depends on the one or on the other.
    for (const each of LOOKS.filter(({ scheme, width }) => (scheme === 'light') === width > 1000)) {
      await look(page, view, each);
      expect(await violations(page), `${each.scheme}, ${each.width} px`).toEqual([]);
    }
  },
);
