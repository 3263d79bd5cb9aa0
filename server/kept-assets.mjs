/**
 * Keeps the files of earlier builds beside those of the present one: a tab that is still open goes on with the page
 * and the worker it was loaded from, and both load files of their own later (T4). Plain JavaScript, as `bootstrap.mjs`.
 *
 * `dist/builds.json` lists the files of each build. A build empties `dist/client`, so before it the assets are put
 * aside, and after it those that are still listed come back.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** How many builds' files are served, the present one's included. */
export const KEPT_BUILDS = 5;

/** @param {string} dist */
const pathsOf = (dist) => ({
  assets: join(dist, 'client', 'assets'),
  aside: join(dist, 'assets-aside'),
  manifest: join(dist, 'builds.json'),
});

/**
 * Before a build. What an earlier build that broke off had put aside stays there.
 * @param {string} dist
 */
export function putAssetsAside(dist) {
  const { assets, aside, manifest } = pathsOf(dist);
  if (!existsSync(manifest) && existsSync(assets)) writeBuilds(manifest, [filesIn(assets)]);
  mkdirSync(aside, { recursive: true });
  for (const file of filesIn(assets)) renameSync(join(assets, file), join(aside, file));
}

/**
 * After a build: brings back what the builds before it need.
 * @param {string} dist
 */
export function bringAssetsBack(dist) {
  const { assets, aside, manifest } = pathsOf(dist);
  const builds = nextBuilds(filesIn(assets), readBuilds(manifest));
  const kept = new Set(builds.flat());
  mkdirSync(assets, { recursive: true });
  for (const file of filesIn(aside)) {
    const target = join(assets, file);
    // Nobody debugs an earlier build, and maps are most of the bytes.
    if (kept.has(file) && !file.endsWith('.map') && !existsSync(target)) {
      renameSync(join(aside, file), target);
    }
  }
  rmSync(aside, { recursive: true, force: true });
  writeBuilds(manifest, builds);
}

/**
 * The list after a build, the newest first; one that was built before moves to the front.
 * @param {readonly string[]} current
 * @param {readonly (readonly string[])[]} before
 */
export function nextBuilds(current, before) {
  const name = nameOf(current);
  return [current, ...before.filter((files) => nameOf(files) !== name)].slice(0, KEPT_BUILDS);
}

/** @param {readonly string[]} files */
function nameOf(files) {
  return files.toSorted().join();
}

/** @param {string} folder */
function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

/**
 * @param {string} manifest
 * @returns {string[][]}
 */
function readBuilds(manifest) {
  try {
    const builds = JSON.parse(readFileSync(manifest, 'utf8'));
    return Array.isArray(builds) ? builds.filter((files) => Array.isArray(files)) : [];
  } catch {
    // None yet, or half written: the next build begins the list anew.
    return [];
  }
}

/**
 * @param {string} manifest
 * @param {readonly (readonly string[])[]} builds
 */
function writeBuilds(manifest, builds) {
  writeFileSync(`${manifest}.new`, `${JSON.stringify(builds, null, 1)}\n`);
  renameSync(`${manifest}.new`, manifest);
}
