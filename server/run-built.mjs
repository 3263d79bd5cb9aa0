/**
 * Makes the clone ready, then runs one of the built programs in this process.
 * Nothing else is imported before the version check.
 */
import { nodeTooOld } from './node-version.mjs';

/** @param {string} program its name in `dist/server`, without `.js` */
export async function runBuilt(program) {
  const tooOld = nodeTooOld();
  if (tooOld !== null) {
    console.error(tooOld);
    process.exitCode = 1;
    return;
  }
  try {
    const { ensureBuilt, ensureInstalled } = await import('./bootstrap.mjs');
    await ensureInstalled();
    await ensureBuilt();
    await import(String(new URL(`../dist/server/${program}.js`, import.meta.url)));
  } catch (error) {
    console.error(`tabcast: ${/** @type {Error} */ (error).message}`);
    process.exitCode = 1;
  }
}
