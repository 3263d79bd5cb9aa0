/** What is told when something is wrong looks as it was designed: compared with the pictures in states/. */
import { expect } from './fixtures/test.ts';
import { VIEWS } from './views/all.ts';
import { look, testViews } from './views/view.ts';

const STATES = [
  'signed-out',
  'hub-replaced',
  'server-gone',
  'agent-gone',
  'agent-missing-home',
  'no-agent',
];

testViews(
  VIEWS.filter(({ name }) => STATES.includes(name)),
  ({ name }) => `[P66] [P54] looks as it was designed: ${name} @needs-cdp`,
  async ({ name }, page) => {
    await look(page, { scheme: 'light', width: 390, height: 844 });
    await expect(page).toHaveScreenshot(`${name}.png`, {
      // What tells the time, or the name of this run's folder, is another each time.
      mask: [
        page.locator('.state-count, .pane-head, .working, .hint, [role=log], .agent-note .buttons'),
      ],
      // Letters are not drawn alike by every version of the browser; a state that is not there is a tenth of the page.
      maxDiffPixelRatio: 0.05,
    });
  },
);
