import { PageLink } from './page-link.tsx';

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
      <p>
        <PageLink href="/">Back to all sessions</PageLink>
      </p>
    </section>
  );
}
