/** What not every page needs: home, and for a session transcripts, markdown, the composer. */
import { later } from './later.tsx';

export const Home = later(async () => (await import('./home.tsx')).Home);
export const SessionPane = later(async () => (await import('./session-pane.tsx')).SessionPane);
