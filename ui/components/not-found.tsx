import { PageLink } from './page-link.tsx';
import { useStore } from './store-context.ts';

/** With a way home (O6). */
export function NotFound({ what }: { what: 'session' | 'page' }) {
  return (
    <section class="center stack">
      <h1>{what === 'session' ? 'Session not found' : 'Page not found'}</h1>
      <p class="hint">
        {what === 'session'
          ? 'It was deleted, or it belongs to somebody else.'
          : 'There is nothing at this address.'}
      </p>
      <WayHome />
    </section>
  );
}

/** In the panes that showed a session when it was deleted, here or anywhere. What was half typed is not lost with it. */
export function Deleted({ logId }: { logId: string }) {
  const unsent = useStore().drafts.text(logId);
  return (
    <section class="center stack">
      <h1>This session was deleted</h1>
      <p class="hint">What ran in it was stopped, and its transcript is gone.</p>
      {unsent.trim() === '' ? null : (
        <div class="card unsent">
          <p class="hint">You had written, but not sent:</p>
          <p class="plain-text">{unsent}</p>
        </div>
      )}
      <WayHome />
    </section>
  );
}

function WayHome() {
  return (
    <p>
      <PageLink href="/">Back to all sessions</PageLink>
    </p>
  );
}
