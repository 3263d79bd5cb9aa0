/** The rows of the sidebar in their groups: pinned, all others, archived. */
import type { ComponentChild } from 'preact';
import type { Row } from '../../shared/row.ts';

interface Props {
  rows: Row[];
  item(row: Row): ComponentChild;
  /** Shown where there is nothing that is not archived. */
  empty: string;
}

export function RowGroups({ rows, item, empty }: Props) {
  const current = rows.filter((row) => !row.archived);
  const pinned = current.filter((row) => row.pinned);
  const others = current.filter((row) => !row.pinned);
  const archived = rows.filter((row) => row.archived);
  return (
    <>
      {pinned.length === 0 ? null : (
        <div class="rows-group">
          <h2>
            <Pin /> Pinned
          </h2>
          <ul class="rows" aria-label="Pinned">
            {pinned.map(item)}
          </ul>
        </div>
      )}
      <ul class="rows">{others.map(item)}</ul>
      {current.length > 0 ? null : <p class="empty">{empty}</p>}
      {archived.length === 0 ? null : (
        <details class="fold archived">
          <summary>{archivedWords(archived)}</summary>
          <ul class="rows">{archived.map(item)}</ul>
        </details>
      )}
    </>
  );
}

function Pin() {
  return (
    <svg class="pin" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M5.5 1.5h5l-.8 5 2.8 2.5v1.2H8.8L8 14.5l-.8-4.3H3.5V9l2.8-2.5z" />
    </svg>
  );
}

/** A group that is folded away must not hide that somebody is waited for. */
function archivedWords(rows: readonly Row[]): string {
  const asking = rows.filter(({ status }) => status === 'waiting').length;
  const needs = asking === 0 ? '' : `, ${asking} ${asking === 1 ? 'needs' : 'need'} you`;
  return `Archived (${rows.length})${needs}`;
}
