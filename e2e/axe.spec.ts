/** Every view, light and dark, wide and narrow, by axe (https://github.com/dequelabs/axe-core): what it finds is wrong. */
import type { Page } from 'playwright/test';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import { expect } from './fixtures/test.ts';
import { VIEWS } from './views/all.ts';
import { look, LOOKS, testViews } from './views/view.ts';

const SCRIPT = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @param rules all, or those that ask for colours */
async function violations(page: Page, rules: 'all' | 'colours'): Promise<string[]> {
  const found = await page.evaluate(async (rules) => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
      ...(rules === 'all' ? {} : { runOnly: ['color-contrast', 'link-in-text-block'] }),
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes
        // An agent's answer has the headings that the agent gave it.
        .filter(({ html }) => id !== 'heading-order' || !/^<h[3-6]/.test(html))
        .map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`),
    );
  }, rules);
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
      // A mask would be as high as what is counted by then, and lie on what stands before it.
      const transcript = page.locator('[role=log]');
      await transcript.evaluateAll((logs) => {
        for (const log of logs) log.style.visibility = 'hidden';
      });
      await expect(page).toHaveScreenshot(`${name}.png`, {
        // What tells the time, or the name of this run's folder, is another each time.
        mask: [page.locator('.state-count, .pane-head, .hint, .agent-note .buttons')],
        // Letters are not drawn alike by every version of the browser; a state that is not there is a tenth of the page.
        maxDiffPixelRatio: 0.05,
      });
      await transcript.evaluateAll((logs) => {
        for (const log of logs) log.style.visibility = '';
      });
    }
    await page.evaluate(SCRIPT);
    let width = 0;
    for (const each of LOOKS) {
      await look(page, view, each);
      // In the same width, another scheme changes the colours and nothing else.
      const rules = each.width === width ? 'colours' : 'all';
      ({ width } = each);
      expect(await violations(page, rules), `${each.scheme}, ${each.width} px`).toEqual([]);
    }
  },
);
