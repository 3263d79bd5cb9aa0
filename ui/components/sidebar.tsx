/** All sessions; a row tells what its session does, wherever the tab looks. */
import { rowHasId, type Row } from '../../shared/row.ts';
import { Account } from './account.tsx';
import { AlertSwitches } from './alert-switches.tsx';
import { later } from './later.tsx';
import { NewSession } from './new-session.tsx';
import { RowGroups } from './row-groups.tsx';
import { RowItem } from './row-item.tsx';
import { useStore } from './store-context.ts';

const MessageHits = later(async () => (await import('./message-hits.tsx')).MessageHits);

interface Props {
  /** On narrow screens the sidebar is a drawer. */
  open: boolean;
  onClose(): void;
}

export function Sidebar({ open, onClose }: Props) {
  const { rows, router, search } = useStore();
  const wanted = search.wanted.value;
  const route = router.route.value;
  const words = plain(wanted).split(/\s+/u).filter(Boolean);
  const found = rows.sorted.value.filter(({ title }) =>
    words.every((word) => plain(title).includes(word)),
  );
  const item = (row: Row) => (
    <RowItem
      key={row.logId}
      row={row}
      current={route.kind === 'session' && rowHasId(row, route.id)}
      onFollow={onClose}
    />
  );
  return (
    <nav
      id="sessions"
      class={open ? 'sidebar open' : 'sidebar'}
      aria-label="Sessions"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <NewSession onCreated={onClose} />
      <input
        type="search"
        data-keeps-focus
        aria-label="Search sessions"
        placeholder="Search sessions"
        value={wanted}
        // As many as the server takes.
        maxLength={200}
        onInput={(event) => search.want(event.currentTarget.value)}
      />
      <RowGroups rows={found} item={item} empty={emptyWords(rows.known.value, words.length > 0)} />
      {search.findings.value.kind === 'none' ? null : <MessageHits onFollow={onClose} />}
      <AlertSwitches />
      <Account />
    </nav>
  );
}

/** Without case and diacritics, as the server searches. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function emptyWords(known: boolean, searching: boolean): string {
  if (!known) return 'Loading…';
  return searching ? 'No session has this in its title.' : 'No sessions yet.';
}
