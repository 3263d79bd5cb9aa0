/** Where the sidebar is not beside the page: the way to it, and what the page shows. */
import { Glyph } from './glyph.tsx';
import { Icon, Mark } from './icon.tsx';
import { PageLink } from './page-link.tsx';
import { useStore } from './store-context.ts';
import { titleOf } from './words.ts';

/** @param covered by the drawer */
export function TopBar({ covered }: { covered: boolean }) {
  const { shell, rows, paneRow } = useStore();
  const row = paneRow.value;
  const glyph = rows.asking.value > 0 ? 'waiting' : rows.running.value > 0 ? 'running' : null;
  return (
    <header class="top" inert={covered}>
      <button
        type="button"
        class="button quiet icon-button"
        data-focus="menu"
        aria-label="Sessions"
        aria-expanded={covered}
        aria-controls="sidebar"
        onClick={shell.showSidebar}
      >
        <Icon name="sidebar" />
        {glyph === null ? null : <Glyph name={glyph} />}
      </button>
      {row === undefined ? (
        <PageLink href="/" class="brand">
          <Mark /> tabcast
        </PageLink>
      ) : (
        // The page's heading says it to those who listen.
        <p class="top-title" aria-hidden="true">
          {titleOf(row)}
        </p>
      )}
    </header>
  );
}
