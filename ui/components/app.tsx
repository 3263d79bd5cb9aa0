/** The whole page over a store: a sidebar or a bar, a corner with the connection, and what the address names. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { unreachable } from '../../shared/errors.ts';
import type { Store } from '../store/store.ts';
import { Corner } from './corner.tsx';
import { DialogsLater } from './dialogs-later.tsx';
import { Home, HubPage, NotFound, SessionPane } from './lazy-pages.ts';

import { NoticesList } from './notices-list.tsx';
import { Sidebar } from './sidebar.tsx';
import { StateBanner } from './state-banner.tsx';
import { StoreContext, useStore } from './store-context.ts';
import { TopBar } from './top-bar.tsx';

export function App({ store }: { store: Store }) {
  const { shell } = store;
  const sidebar = shell.sidebar.value;
  const frame = useRef<HTMLDivElement>(null);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useLayoutEffect(() => {
    const to = shell.focus.peek();
    // Nobody has moved anything yet.
    if (first.current || to === null) first.current = false;
    else if (to === 'main') main.current?.focus();
    else frame.current?.querySelector<HTMLElement>(`[data-focus="${to}"]`)?.focus();
  }, [sidebar]);
  const covered = sidebar === 'drawer';
  return (
    <StoreContext value={store}>
      <div
        class="app"
        data-sidebar={sidebar}
        ref={frame}
        onKeyDown={(event) => {
          if (covered && event.key === 'Escape') shell.hideSidebar();
        }}
      >
        <a
          class="skip"
          href="#main"
          onClick={(event) => {
            // The address names the page, not a place in it.
            event.preventDefault();
            main.current?.focus();
          }}
        >
          Skip to the page
        </a>
        {sidebar === 'docked' ? null : <TopBar covered={covered} />}
        <Sidebar />
        {covered ? <div class="shade" aria-hidden="true" onClick={shell.hideSidebar} /> : null}
        <Corner covered={covered} />
        <main id="main" ref={main} tabIndex={-1} inert={covered} data-keeps-focus>
          <StateBanner />
          <NoticesList logId={null} />
          <Page />
        </main>
      </div>
      <DialogsLater />
    </StoreContext>
  );
}

function Page() {
  const { router, pane } = useStore();
  const route = router.route.value;
  switch (route.kind) {
    case 'home':
      return <Home />;
    case 'session':
      // The pane follows the address within the same step; a pane of another session is never shown (O4).
      return pane.value?.sessionId === route.id ? <SessionPane pane={pane.value} /> : null;
    case 'hub':
      return <HubPage />;
    case 'unknown':
      return <NotFound what="page" />;
    default:
      return unreachable(route);
  }
}
