/** `npm run shots`: a picture of every view in light and dark, wide and narrow. */
import { join } from 'node:path';
import { VIEWS } from './all.ts';
import { look, LOOKS, testViews } from './view.ts';

const FOLDER = join(import.meta.dirname, '../../shots');

testViews(
  VIEWS,
  ({ name }) => name,
  async (view, page) => {
    for (const each of LOOKS) {
      await look(page, view, each);
      await page.screenshot({
        path: join(FOLDER, `${view.name}-${each.scheme}-${each.width}.png`),
      });
    }
  },
);
