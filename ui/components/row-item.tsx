/** A session in the sidebar. Its actions take their ids from the row (O3). */
import { useId, useRef, useState } from 'preact/hooks';
import { isUnread, type Row } from '../../shared/row.ts';
import { sessionPath } from '../store/route.ts';
import { Glyph } from './glyph.tsx';
import { later } from './later.tsx';
import { PageLink } from './page-link.tsx';
import { useStore } from './store-context.ts';
import { rowGlyph, rowWords, titleOf } from './words.ts';

const RowMenu = later(async () => (await import('./row-menu.tsx')).RowMenu);

interface Props {
  row: Row;
  current: boolean;
  onFollow(): void;
}

export function RowItem({ row, current, onFollow }: Props) {
  const { actions } = useStore();
  const [menu, setMenu] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  const id = useId();
  const words = rowWords(row);
  const session = { sessionId: row.id, logId: row.logId };
  const { activeTurnId } = row;
  const closeMenu = () => {
    setMenu(false);
    more.current?.focus();
  };
  const stoppable = row.status === 'running' || row.status === 'waiting';
  return (
    <li
      class={current ? 'row current' : 'row'}
      data-unread={isUnread(row)}
      data-queue={row.status === 'idle' && row.queued > 0 ? 'held' : undefined}
    >
      <PageLink
        href={sessionPath(row.id)}
        class="row-link"
        id={`${id}-title`}
        aria-current={current ? 'page' : 'false'}
        aria-describedby={`${id}-words`}
        data-session-id={row.id}
        data-status={row.status}
        onFollow={onFollow}
      >
        {titleOf(row)}
      </PageLink>
      <span class="row-words" id={`${id}-words`} data-words={words.replace(/\W.*/, '')}>
        {words === '' ? null : <Glyph name={rowGlyph(row)} />}
        {words}
      </span>
      <span class="row-actions">
        {stoppable && activeTurnId !== null ? (
          <button
            type="button"
            class="button small danger"
            aria-describedby={`${id}-title`}
            onClick={() => void actions.cancel(session, activeTurnId)}
          >
            Stop
          </button>
        ) : null}
        <button
          type="button"
          class="button small quiet icon"
          ref={more}
          aria-label="More"
          aria-describedby={`${id}-title`}
          aria-expanded={menu}
          onClick={() => setMenu(!menu)}
        >
          <span aria-hidden="true">⋯</span>
        </button>
      </span>
      {menu ? <RowMenu row={row} onClose={closeMenu} /> : null}
    </li>
  );
}
