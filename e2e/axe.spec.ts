/** Every view in every look, by axe (https://github.com/dequelabs/axe-core): what it finds is wrong. */
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

testViews(
  VIEWS,
  ({ name }) => `[P81] axe finds nothing: ${name} @needs-cdp`,
  async (_, page) => {
    await page.evaluate(SCRIPT);
    // Each colour in one width: what axe finds depends on the one or on the other.
    for (const each of LOOKS.filter(({ scheme, width }) => (scheme === 'light') === width > 1000)) {
      await look(page, each);
      expect(await violations(page), `${each.scheme}, ${each.width} px`).toEqual([]);
    }
  },
);
