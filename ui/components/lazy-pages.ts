/** What the pages need by themselves: home has no transcript, markdown and composer, a session has no home. */
import { later } from './later.tsx';

export const Home = later(async () => (await import('./home.tsx')).Home);
export const SessionPane = later(async () => (await import('./session-pane.tsx')).SessionPane);
export const HubPage = later(async () => (await import('./inspector-page.tsx')).HubPage);
export const NotFound = later(async () => (await import('./not-found.tsx')).NotFound);
export const Deleted = later(async () => (await import('./not-found.tsx')).Deleted);
