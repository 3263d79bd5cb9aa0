/** A session in the sidebar. Its actions take their ids from the row (O3). */
import { useId, useRef, useState } from 'preact/hooks';
import { isUnread, type Row } from '../../shared/row.ts';
import type { AgentInfo } from '../../shared/api.ts';
import { memo } from '../memo.ts';
import { sessionPath } from '../store/route.ts';
import { rowTime } from '../store/row-groups.ts';
import { Glyph } from './glyph.tsx';
import { Icon } from './icon.tsx';
import { later } from './later.tsx';
import { PageLink } from './page-link.tsx';
import { useStore } from './store-context.ts';
import { rowGlyph, rowWords, titleOf } from './words.ts';

const RowMenu = later(async () => (await import('./row-menu.tsx')).RowMenu);

interface Props {
  row: Row;
  current: boolean;
}

/** Rendered again only when it changed: one row's news leaves the others alone. */
export const RowItem = memo(function Item({ row, current }: Props) {
  const { actions, agents, shell } = useStore();
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
      class={classes({
        row: true,
        current,
        busy: stoppable,
        asks: row.status === 'waiting',
        open: menu,
      })}
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
        title={titleOf(row)}
        onFollow={shell.followed}
      >
        {titleOf(row)}
      </PageLink>
      <span class="row-meta">
        <span class="row-words" id={`${id}-words`} data-words={words.replace(/\W.*/, '')}>
          {words === '' ? null : <Glyph name={rowGlyph(row)} />}
          {words}
        </span>
        {/* Where there is one agent, it is the one. */}
        {agents.value.length > 1 ? (
          <span class="row-agent">{agentName(agents.value, row)}</span>
        ) : null}
      </span>
      {stoppable ? null : <RowTime at={row.updatedAt} />}
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
          class="button small quiet icon-button"
          ref={more}
          aria-label="More"
          aria-describedby={`${id}-title`}
          aria-expanded={menu}
          onClick={() => setMenu(!menu)}
        >
          <Icon name="more" />
        </button>
      </span>
      {menu ? <RowMenu row={row} onClose={closeMenu} /> : null}
    </li>
  );
});

/** When it last changed. Of its own, so that a minute that passes renders a few words. */
function RowTime({ at }: { at: number }) {
  const { clock } = useStore();
  return (
    <time class="row-time" dateTime={new Date(at).toISOString()}>
      {rowTime(at, clock.now.value)}
    </time>
  );
}

const agentName = (agents: readonly AgentInfo[], { agentId }: Row): string =>
  agents.find(({ id }) => id === agentId)?.title ?? agentId;

const classes = (all: Record<string, boolean>): string =>
  Object.keys(all)
    .filter((name) => all[name])
    .join(' ');
