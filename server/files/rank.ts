/** Which of many paths somebody means who has typed a part of one. */

/** The folders that the files are in, with a `/` at their end. */
export function foldersOf(files: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = file.indexOf('/'); at >= 0; at = file.indexOf('/', at + 1)) {
      folders.add(file.slice(0, at + 1));
    }
  }
  return [...folders];
}

/**
 * The best first: a name before a place in the path, a beginning before a middle, letters in order last; of equal ones
 * the shorter, then by the alphabet. Case means nothing.
 */
export function rankPaths(paths: readonly string[], query: string, limit: number): string[] {
  const wanted = query.toLowerCase();
  const found: { path: string; rank: number }[] = [];
  for (const path of paths) {
    const rank = rankOf(path.toLowerCase(), wanted);
    if (rank !== null) found.push({ path, rank });
  }
  return found
    .sort((a, b) => a.rank - b.rank || a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
    .slice(0, limit)
    .map(({ path }) => path);
}

/** Lower is better; null: it does not fit. */
function rankOf(path: string, wanted: string): number | null {
  // Nothing is typed yet: what lies on top.
  if (wanted === '') return path.replace(/\/$/, '').split('/').length;
  if (path === wanted) return 0;
  const name = nameOf(path);
  if (name === wanted || name === `${wanted}/`) return 1;
  if (path.startsWith(wanted)) return 2;
  if (name.startsWith(wanted)) return 3;
  const inName = name.indexOf(wanted);
  if (inName > 0) return isBoundary(name, inName) ? 4 : 5;
  if (path.includes(wanted)) return 6;
  return inOrder(name, wanted) ? 7 : inOrder(path, wanted) ? 8 : null;
}

/** With the `/` of a folder. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/', path.length - 2) + 1);
}

const isBoundary = (name: string, at: number): boolean => /[^\p{L}\p{N}]/u.test(name[at - 1] ?? '');

function inOrder(text: string, wanted: string): boolean {
  let at = -1;
  for (const letter of wanted) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}
