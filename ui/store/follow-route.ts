/** The pane is that of the session in the address (O2). */
import { effect } from '@preact/signals';
import type { Panes } from './panes.ts';
import { sessionPath, type Router } from './route.ts';
import type { Rows } from './rows.ts';

/** @returns stops it */
export function followRoute(
  router: Router,
  rows: Pick<Rows, 'find'>,
  panes: Pick<Panes, 'open'>,
): () => void {
  return effect(() => {
    const route = router.route.value;
    const sessionId = route.kind === 'session' ? route.id : null;
    // Rotation (O9): an earlier id in the address becomes the canonical one.
    const canonical = sessionId === null ? undefined : rows.find(sessionId)?.id;
    if (canonical !== undefined && canonical !== sessionId) {
      router.replace(sessionPath(canonical, route.kind === 'session' ? route.turn : null));
    } else {
      panes.open(sessionId);
    }
  });
}
