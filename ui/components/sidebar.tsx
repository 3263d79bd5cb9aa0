/** All sessions; a row tells what its session does, wherever the tab looks. */
import { Icon, Mark } from './icon.tsx';
import { later } from './later.tsx';
import { NewSession } from './new-session.tsx';
import { PageLink } from './page-link.tsx';
import { PaletteButton } from './palette-button.tsx';
import { RowGroups } from './row-groups.tsx';
import { useStore } from './store-context.ts';

const MessageHits = later(async () => (await import('./message-hits.tsx')).MessageHits);

export function Sidebar() {
  const { rows, search, shell } = useStore();
  const wanted = search.wanted.value;
  const words = plain(wanted).split(/\s+/u).filter(Boolean);
  const place = shell.sidebar.value;
  const sorted = rows.sorted.value;
  const found =
    words.length === 0
      ? sorted
      : sorted.filter(({ title }) => {
          const folded = plain(title);
          return words.every((word) => folded.includes(word));
        });
  return (
    <div id="sidebar" class="sidebar" hidden={place === 'away'}>
      <header class="side-head">
        <PageLink href="/" class="brand" onFollow={shell.followed}>
          <Mark /> tabcast
        </PageLink>
        <button
          type="button"
          class="button quiet icon-button"
          data-focus="sidebar"
          aria-label={place === 'drawer' ? 'Close' : 'Hide sidebar'}
          onClick={shell.hideSidebar}
        >
          <Icon name={place === 'drawer' ? 'close' : 'sidebar'} />
        </button>
      </header>
      <nav aria-label="Sessions">
        <NewSession onCreated={shell.followed} />
        <div class="search">
          <Icon name="search" />
          <input
            type="search"
            data-keeps-focus
            aria-label="Search sessions"
            placeholder="Search"
            value={wanted}
            // As many as the server takes.
            maxLength={200}
            onInput={(event) => search.want(event.currentTarget.value)}
          />
          <PaletteButton />
        </div>
        <div class="side-list">
          <RowGroups
            rows={found}
            query={words.join(' ')}
            empty={emptyWords(rows.known.value, words.length > 0)}
          />
          {search.findings.value.kind === 'none' ? null : <MessageHits onFollow={shell.followed} />}
        </div>
      </nav>
    </div>
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
