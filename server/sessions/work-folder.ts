/** The folder an agent works in must lie under a root that the config names. */
import { realpath, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { ServiceError } from './service.ts';

/**
 * @param wanted absolute, or relative to the first root; without it the first root
 * @returns the folder, absolute, symbolic links resolved
 * @throws ServiceError `bad_request` when it is no folder, or lies under no root
 */
export async function workFolder(
  wanted: string | undefined,
  roots: readonly string[],
): Promise<string> {
  const [first] = roots;
  if (first === undefined) {
    throw new ServiceError('bad_request', "No folder is configured: add one to 'roots'.");
  }
  const folder = await realFolder(resolve(first, wanted ?? '.'));
  if (folder === null) {
    throw new ServiceError('bad_request', `'${wanted ?? first}' is not a folder.`);
  }
  const allowed = await Promise.all(roots.map(realFolder));
  if (allowed.some((root) => root !== null && contains(root, folder))) return folder;
  throw new ServiceError(
    'bad_request',
    `'${folder}' is outside the folders that agents may work in. Add it to 'roots' in tabcast.config.json.`,
  );
}

/** Both absolute and real. */
export function contains(root: string, folder: string): boolean {
  return folder === root || folder.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** @returns it with symbolic links resolved; null when it is no folder */
export async function realFolder(path: string): Promise<string | null> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isDirectory() ? real : null;
  } catch {
    return null;
  }
}
