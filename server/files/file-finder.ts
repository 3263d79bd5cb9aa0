/** The files of a session's folder, for whoever names one in a message (P43). */
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FileHit, FileHits } from '../../shared/api.ts';
import { workFolder } from '../sessions/work-folder.ts';
import { listFolder, type FolderEntries } from './folder-entries.ts';
import { foldersOf, rankPaths } from './rank.ts';

/** How long a list is good for, milliseconds: one is asked for with every letter. */
export const KEPT_MS = 5_000;
/** Of so many folders. */
const KEPT_FOLDERS = 8;

export interface FileFinder {
  /**
   * @param cwd a session's folder
   * @throws ServiceError `bad_request` when it is gone, or lies under no root any more
   */
  find(cwd: string, query: string, limit: number): Promise<FileHits>;
}

export interface FileFinderDeps {
  roots: readonly string[];
  /** Milliseconds. */
  now(): number;
  list?(folder: string): Promise<FolderEntries>;
}

interface Kept {
  at: number;
  list: Promise<{ paths: readonly string[]; more: boolean }>;
}

/** Keeps what it found for a while: a person types on. */
export function createFileFinder({ roots, now, list = listFolder }: FileFinderDeps): FileFinder {
  const kept = new Map<string, Kept>();

  const pathsOf = (folder: string): Kept['list'] => {
    const before = kept.get(folder);
    if (before !== undefined && now() - before.at < KEPT_MS) return before.list;
    kept.delete(folder);
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size >= KEPT_FOLDERS) kept.delete(oldest);
    const listed = list(folder).then(({ files, more }) => ({
      paths: [...foldersOf(files), ...files],
      more,
    }));
    kept.set(folder, { at: now(), list: listed });
    return listed;
  };

  return {
    async find(cwd, query, limit) {
      const folder = await workFolder(cwd, roots);
      const { paths, more } = await pathsOf(folder);
      // Some of the best may be gone, or lead out of the folder.
      const best = rankPaths(paths, query.replace(/^(\.?\/)+/, ''), limit * 2);
      const hits = await Promise.all(best.map((path) => look(folder, path)));
      return { folder, files: hits.filter((hit) => hit !== null).slice(0, limit), more };
    },
  };
}

/** Null when it is not there, is no file or folder, or is a link that leads out of the folder. */
async function look(folder: string, path: string): Promise<FileHit | null> {
  try {
    const real = await realpath(join(folder, path));
    if (real !== folder && !real.startsWith(folder.endsWith(sep) ? folder : folder + sep)) {
      return null;
    }
    const found = await stat(real);
    if (found.isDirectory()) return { path: path.endsWith('/') ? path : `${path}/`, size: null };
    return found.isFile() ? { path, size: found.size } : null;
  } catch {
    return null;
  }
}
