/** The rows of the sidebar in their groups. */
import type { VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { rowHasId, type Row } from '../../shared/row.ts';
import { groupRows, type RowGroup } from '../store/row-groups.ts';
import { Icon } from './icon.tsx';
import { RowItem } from './row-item.tsx';
import { useStore } from './store-context.ts';

/** So many rows are there at first, and so many more whenever the reader comes near their end. */
const STEP = 100;

interface Props {
  rows: readonly Row[];
  /** What they were searched by. */
  query: string;
  /** Shown where there is nothing that is not archived. */
  empty: string;
}

export function RowGroups({ rows, query, empty }: Props) {
  const { clock, router } = useStore();
  const [limit, setLimit] = useState(STEP);
  useEffect(() => setLimit(STEP), [query]);
  const route = router.route.value;
  const groups = groupRows(rows, clock.today.value);
  let left = limit;
  return (
    <>
      {groups.every(({ kind }) => kind === 'archived') ? <p class="empty">{empty}</p> : null}
      {groups.map((group) => {
        if (left <= 0) return null;
        const shown = group.rows.slice(0, left);
        left -= shown.length;
        const items = shown.map((row) => (
          <RowItem
            key={row.logId}
            row={row}
            current={route.kind === 'session' && rowHasId(row, route.id)}
          />
        ));
        const more = left > 0 ? null : <More onWanted={() => setLimit(limit + STEP)} />;
        return <Group key={group.key} group={group} items={items} more={more} />;
      })}
    </>
  );
}

interface GroupProps {
  group: RowGroup;
  items: VNode[];
  more: VNode | null;
}

function Group({ group, items, more }: GroupProps) {
  const id = useId();
  if (group.kind === 'archived') {
    return (
      <details class="fold archived" data-group={group.kind}>
        <summary>{archivedWords(group.rows)}</summary>
        <ul class="rows" aria-label="Archived">
          {items}
        </ul>
        {more}
      </details>
    );
  }
  return (
    <div class="rows-group" data-group={group.kind}>
      <h2 id={id}>
        {group.kind === 'pinned' ? <Icon name="pin" /> : null}
        {group.name}
      </h2>
      <ul class="rows" aria-labelledby={id}>
        {items}
      </ul>
      {more}
    </div>
  );
}

/** Wants more rows as soon as it comes near the view, and when it is clicked. */
function More({ onWanted }: { onWanted(): void }) {
  const button = useRef<HTMLButtonElement>(null);
  const wanted = useRef(onWanted);
  wanted.current = onWanted;
  useEffect(() => {
    const mine = button.current;
    if (mine === null) return undefined;
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) wanted.current();
      },
      { root: mine.closest('.side-list'), rootMargin: '600px' },
    );
    watch.observe(mine);
    return () => watch.disconnect();
  });
  return (
    <button type="button" class="button small quiet" ref={button} onClick={onWanted}>
      Show more
    </button>
  );
}

/** A group that is folded away must not hide that somebody is waited for. */
function archivedWords(rows: readonly Row[]): string {
  const asking = rows.filter(({ status }) => status === 'waiting').length;
  const needs = asking === 0 ? '' : `, ${asking} ${asking === 1 ? 'needs' : 'need'} you`;
  return `Archived (${rows.length})${needs}`;
}
