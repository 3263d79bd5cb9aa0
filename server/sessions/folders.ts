/** Folders that agents may work in, for who looks for one: under the roots only, symbolic links resolved (A3). */
import { opendir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { FolderList } from '../../shared/api.ts';
import { contains, realFolder } from './work-folder.ts';

/** How many are told at once. */
export const MOST_FOLDERS = 200;
/** How many entries of a folder are looked at: one of a million files must not hold others up. */
const MOST_ENTRIES = 20_000;

/**
 * What a half-typed path may become.
 * @param typed absolute, or relative to the first root: a folder up to its last separator, and how a name in it begins
 * @returns the roots that begin so, and sub-folders; none where agents may not work, or nothing is
 */
export async function findFolders(typed: string, roots: readonly string[]): Promise<FolderList> {
  const [first] = roots;
  if (first === undefined) return { roots: [], folders: [], more: false };
  const at = typed.lastIndexOf(sep) + 1;
  const parent = resolve(first, typed.slice(0, at));
  const begin = typed.slice(at);
  const whole = (parent.endsWith(sep) ? parent : parent + sep) + begin;
  const found = await subFolders(parent, begin, roots);
  const own = typed === '' ? roots : roots.filter((root) => root.startsWith(whole));
  const folders = [...new Set([...own, ...found])];
  return {
    roots: [...roots],
    folders: folders.slice(0, MOST_FOLDERS),
    more: folders.length > MOST_FOLDERS,
  };
}

/** One more than is told, so that it can be said that there are more. */
async function subFolders(
  parent: string,
  begin: string,
  roots: readonly string[],
): Promise<string[]> {
  const allowed = (await Promise.all(roots.map(realFolder))).filter((root) => root !== null);
  const real = await realFolder(parent);
  if (real === null || !allowed.some((root) => contains(root, real))) return [];
  const names = await namesIn(real, begin.toLowerCase());
  const folders: string[] = [];
  for (const { name, link } of names) {
    if (folders.length > MOST_FOLDERS) break;
    if (link && !(await leadsInside(join(real, name), allowed))) continue;
    folders.push(join(parent, name));
  }
  return folders;
}

interface Name {
  name: string;
  link: boolean;
}

/** Of folders, and of links that may lead to one; the hidden last. */
async function namesIn(folder: string, begin: string): Promise<Name[]> {
  const names: Name[] = [];
  let seen = 0;
  try {
    for await (const entry of await opendir(folder)) {
      seen += 1;
      if (seen > MOST_ENTRIES) break;
      if (!entry.name.toLowerCase().startsWith(begin)) continue;
      if (entry.isDirectory() || entry.isSymbolicLink()) {
        names.push({ name: entry.name, link: entry.isSymbolicLink() });
      }
    }
  } catch {
    // It may not be read, or went away.
    return [];
  }
  const hidden = ({ name }: Name) => Number(name.startsWith('.'));
  return names.sort((a, b) => hidden(a) - hidden(b) || order.compare(a.name, b.name));
}

const order = new Intl.Collator('en', { numeric: true });

async function leadsInside(path: string, allowed: readonly string[]): Promise<boolean> {
  try {
    const real = await realpath(path);
    return allowed.some((root) => contains(root, real)) && (await stat(real)).isDirectory();
  } catch {
    return false;
  }
}
