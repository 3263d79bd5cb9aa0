/** What is in a folder and below it, as an agent's person may name it: by git where there is a repository, else by a walk. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** More entries of a folder are not looked at. */
export const MAX_ENTRIES = 20_000;
/** Listing a folder takes at most this long, milliseconds. */
export const LIST_MS = 2_000;
/** What git may print. */
const MAX_OUTPUT = 16 * 1024 * 1024;

export interface FolderEntries {
  /** Files, relative to the folder, with `/`. */
  files: readonly string[];
  /** There are more. */
  more: boolean;
}

export interface ListLimits {
  entries: number;
  /** Milliseconds. */
  time: number;
}

const LIMITS: ListLimits = { entries: MAX_ENTRIES, time: LIST_MS };

/** Never throws: what can't be read is left out. @param folder absolute */
export async function listFolder(folder: string, limits = LIMITS): Promise<FolderEntries> {
  return (await listByGit(folder, limits)) ?? walk(folder, limits);
}

/** Null where git is missing, slow, or knows no repository. */
function listByGit(folder: string, { entries, time }: ListLimits): Promise<FolderEntries | null> {
  return new Promise((resolve) => {
    execFile(
      'git',
      // What a repository's own settings would run for this is not run.
      ['-c', 'core.fsmonitor=false', 'ls-files', '-z', '-c', '-o', '--exclude-standard'],
      {
        cwd: folder,
        timeout: time,
        maxBuffer: MAX_OUTPUT,
        // Nothing else of the environment: it may name another repository (GIT_DIR).
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], GIT_OPTIONAL_LOCKS: '0' },
      },
      (error, stdout) => {
        if (error !== null) return resolve(null);
        // One in conflict is named several times.
        const files = [...new Set(stdout.split('\0'))].filter((path) => path !== '');
        resolve({ files: files.slice(0, entries), more: files.length > entries });
      },
    );
  });
}

/** Folders that hold what was made or fetched, not written. Hidden ones are skipped besides. */
const SKIPPED = new Set(['node_modules', '__pycache__', 'venv', 'target', 'dist', 'build']);

/** The nearest first. Symbolic links to folders are not followed. */
async function walk(folder: string, { entries, time }: ListLimits): Promise<FolderEntries> {
  const until = performance.now() + time;
  const files: string[] = [];
  const folders = [''];
  let seen = 0;
  for (const at of folders) {
    const found = await readdir(join(folder, at), { withFileTypes: true }).catch(() => []);
    for (const entry of found) {
      seen += 1;
      if (seen > entries || performance.now() > until) return { files, more: true };
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isFile() || entry.isSymbolicLink()) files.push(path);
      else if (entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name)) {
        folders.push(path);
      }
    }
  }
  return { files, more: false };
}
