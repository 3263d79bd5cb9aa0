/** What the palette lists: sessions and commands, the best first, and never more than a page can draw at once. */
import type { Row } from '../../shared/row.ts';
import { distance, folded, wordsOf, type Findable } from './fuzzy.ts';

/** A command as the palette lists it. */
export interface Listed {
  readonly id: string;
  readonly title: string;
}

export interface Found<C extends Listed> {
  sessions: Row[];
  commands: C[];
  /** Sessions that fit and are not listed. */
  more: number;
  /** Which of the two has the best. */
  first: 'sessions' | 'commands';
}

export interface Wanted<C extends Listed> {
  query: string;
  /** The one changed last first. */
  rows: readonly Row[];
  commands: readonly C[];
  /** The session that is shown: nobody goes to it. */
  current: string | null;
  /** What else a row is found by. */
  about(row: Row): string;
}

/** How many sessions are listed at most; without words, only the latest. */
export const MOST_SESSIONS = 50;
export const RECENT_SESSIONS = 7;

export function find<C extends Listed>({
  query,
  rows,
  commands,
  current,
  about,
}: Wanted<C>): Found<C> {
  const words = wordsOf(query);
  if (words.length === 0) {
    const recent = rows.filter((row) => row.logId !== current && !row.archived);
    const sessions = recent.slice(0, RECENT_SESSIONS);
    return {
      sessions,
      commands: [...commands],
      more: rows.length - sessions.length - Number(rows.some((row) => row.logId === current)),
      first: 'sessions',
    };
  }
  const own = best(rows, words, (row) => ({
    name: nameOf(row),
    rest: folded(about(row)),
    // After others that fit as well.
    late: row.archived,
  }));
  const done = best(commands, words, ({ title }) => ({
    name: folded(title),
    rest: '',
    late: false,
  }));
  const sessions = own.slice(0, MOST_SESSIONS);
  return {
    sessions: sessions.map(({ item }) => item),
    commands: done.map(({ item }) => item),
    more: own.length - sessions.length,
    first: (done[0]?.far ?? Infinity) < (own[0]?.far ?? Infinity) ? 'commands' : 'sessions',
  };
}

function best<T>(
  items: readonly T[],
  words: readonly string[],
  of: (item: T) => Findable & { late: boolean },
): { item: T; far: number }[] {
  return items
    .flatMap((item) => {
      const found = of(item);
      const far = distance(words, found);
      return far === null ? [] : [{ item, far: far + (found.late ? 0.5 : 0) }];
    })
    .sort((a, b) => a.far - b.far);
}

// A row is replaced when it changes.
const names = new WeakMap<Row, string>();

function nameOf(row: Row): string {
  const known = names.get(row);
  if (known !== undefined) return known;
  const name = folded(row.title);
  names.set(row, name);
  return name;
}
