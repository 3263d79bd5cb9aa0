/** All sessions; a row tells what its session does, wherever the tab looks. */
import { useState } from 'preact/hooks';
import { rowHasId, type Row } from '../../shared/row.ts';
import { AlertSwitches } from './alert-switches.tsx';
import { NewSession } from './new-session.tsx';
import { RowGroups } from './row-groups.tsx';
import { RowItem } from './row-item.tsx';
import { useStore } from './store-context.ts';

interface Props {
  /** On narrow screens the sidebar is a drawer. */
  open: boolean;
  onClose(): void;
}

export function Sidebar({ open, onClose }: Props) {
  const { rows, router } = useStore();
  const [wanted, setWanted] = useState('');
  const route = router.route.value;
  const words = wanted.trim().toLowerCase();
  const found = rows.sorted.value.filter((row) => row.title.toLowerCase().includes(words));
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
        aria-label="Search sessions"
        placeholder="Search sessions"
        value={wanted}
        onInput={(event) => setWanted(event.currentTarget.value)}
      />
      <RowGroups rows={found} item={item} empty={emptyWords(rows.known.value, words !== '')} />
      <AlertSwitches />
    </nav>
  );
}

function emptyWords(known: boolean, searching: boolean): string {
  if (!known) return 'Loading…';
  return searching ? 'No session has this in its title.' : 'No sessions yet.';
}
