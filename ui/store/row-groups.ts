/** The sidebar's rows in groups: pinned, by day, archived. */
import type { Row } from '../../shared/row.ts';
import { dayOf } from './clock.ts';

export interface RowGroup {
  kind: 'pinned' | 'day' | 'archived';
  /** Stays the same while the group does. */
  key: string;
  name: string;
  rows: Row[];
}

const DAYS_OF_A_WEEK = 7;

/** @param rows in the order they are shown in; @param today when it began, in the reader's time zone */
export function groupRows(rows: readonly Row[], today: number): RowGroup[] {
  const groups = new Map<string, RowGroup>();
  const add = (row: Row, kind: RowGroup['kind'], key: string, name: () => string) => {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { kind, key, name: name(), rows: [row] });
    else group.rows.push(row);
  };
  const yesterday = dayOf(today, -1);
  const week = dayOf(today, -DAYS_OF_A_WEEK);
  const current = rows.filter(({ archived }) => !archived);
  for (const row of current) if (row.pinned) add(row, 'pinned', 'pinned', () => 'Pinned');
  for (const row of current) {
    const { updatedAt: at } = row;
    if (row.pinned) continue;
    if (at >= today) add(row, 'day', 'today', () => 'Today');
    else if (at >= yesterday) add(row, 'day', 'yesterday', () => 'Yesterday');
    else if (at >= week) add(row, 'day', 'week', () => 'Previous 7 days');
    else {
      const date = new Date(at);
      const key = `${date.getFullYear()}-${date.getMonth()}`;
      add(row, 'day', key, () => monthName(date, new Date(today)));
    }
  }
  for (const row of rows) if (row.archived) add(row, 'archived', 'archived', () => 'Archived');
  return [...groups.values()];
}

const MONTH = new Intl.DateTimeFormat('en', { month: 'long' });

function monthName(date: Date, today: Date): string {
  const thisYear = date.getFullYear() === today.getFullYear();
  return thisYear ? MONTH.format(date) : `${MONTH.format(date)} ${date.getFullYear()}`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** As the reader's system writes it: 14:05 or 2:05 PM. */
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const WEEKDAY = new Intl.DateTimeFormat('en', { weekday: 'short' });

/** When a row last changed, as short as it can be told. */
export function rowTime(at: number, now: number): string {
  const ago = now - at;
  if (ago < MINUTE_MS) return 'now';
  if (ago < HOUR_MS) return `${Math.floor(ago / MINUTE_MS)} min`;
  const today = dayOf(now);
  if (at >= dayOf(today, -1)) return CLOCK.format(at);
  if (at >= dayOf(today, -DAYS_OF_A_WEEK)) return WEEKDAY.format(at);
  return `${new Date(at).getDate()} ${MONTH.format(at).slice(0, 3)}`;
}
