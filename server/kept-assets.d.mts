/** Types of `kept-assets.mjs`, which is plain JavaScript because it runs before anything is built. */
export const KEPT_BUILDS: number;
export function putAssetsAside(dist: string): void;
export function bringAssetsBack(dist: string): void;
export function nextBuilds(
  current: readonly string[],
  before: readonly (readonly string[])[],
): (readonly string[])[];
