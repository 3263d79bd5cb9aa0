/** One principal's directory on the server: rows as they are committed, and a wake-up for its readers. */
import { createDirectory } from '../../shared/directory.ts';
import type { Row } from '../../shared/row.ts';
import type { SessionRecord } from '../store/store.ts';
import type { DirectoryFeed } from './service.ts';
import { createWakeup } from './wakeup.ts';

export interface OwnDirectory extends DirectoryFeed {
  publish(record: SessionRecord): void;
  remove(logId: string): void;
}

/** @param stored the principal's sessions as the store has them */
export function createDirectoryFeed(stored: readonly SessionRecord[]): OwnDirectory {
  const directory = createDirectory();
  const { subscribe, wake } = createWakeup();
  directory.replace(stored.map(toRow));

  return {
    directory,
    publish(record) {
      const row = toRow(record);
      const before = directory.get(row.logId);
      if (before !== undefined && row.status !== 'idle' && sameButProgress(before, row)) return;
      if (directory.upsert(row)) wake();
    },
    remove(logId) {
      if (directory.remove(logId)) wake();
    },
    subscribe,
  };
}

/** A row is what the page may know of a record. */
export function toRow(record: SessionRecord): Row {
  const {
    owner: _owner,
    titleSource: _source,
    agentSessionId: _id,
    draft: _draft,
    draftFork: _fork,
    ...row
  } = record;
  return row;
}

/** A running session's `lastSeq` moves with every token; its own stream tells that, the directory need not. */
function sameButProgress(a: Row, b: Row): boolean {
  const names = Object.keys(b) as (keyof Row)[];
  return names.every((name) => {
    if (name === 'lastSeq' || name === 'updatedAt') return true;
    if (name === 'aliases') return a.aliases.length === b.aliases.length;
    if (name === 'asks' || name === 'lastEnd') {
      return a[name] === b[name] || JSON.stringify(a[name]) === JSON.stringify(b[name]);
    }
    return a[name] === b[name];
  });
}
