import { useSignalEffect } from '@preact/signals';
import { useState } from 'preact/hooks';
import { unreachable } from '../../shared/errors.ts';
import type { Store } from '../store/store.ts';
import { ConnectionStatus } from './connection-status.tsx';
import { Home } from './home.tsx';
import { SessionPane } from './lazy-pane.ts';
import { NotFound } from './not-found.tsx';
import { NoticesList } from './notices-list.tsx';
import { PageLink } from './page-link.tsx';
import { Sidebar } from './sidebar.tsx';
import { StoreContext, useStore } from './store-context.ts';
import { pageTitle } from './words.ts';

/** The whole page over a store. */
export function App({ store }: { store: Store }) {
  const [drawer, setDrawer] = useState(false);
  useSignalEffect(() => {
    document.title = pageTitle(store.paneRow.value, store.rows.asking.value);
  });
  return (
    <StoreContext value={store}>
      <div class="app">
        <header class="top">
          <button
            type="button"
            class="button small quiet menu-button"
            aria-expanded={drawer}
            aria-controls="sessions"
            onClick={() => setDrawer(!drawer)}
          >
            Sessions
          </button>
          <PageLink href="/" class="brand" onFollow={() => setDrawer(false)}>
            tabcast
          </PageLink>
          <ConnectionStatus />
        </header>
        <Sidebar open={drawer} onClose={() => setDrawer(false)} />
        {drawer ? <div class="shade" aria-hidden="true" onClick={() => setDrawer(false)} /> : null}
        <main tabIndex={-1} data-keeps-focus>
          <NoticesList logId={null} />
          <Page />
        </main>
      </div>
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
    case 'unknown':
      return <NotFound what="page" />;
    default:
      return unreachable(route);
  }
}
