/** What home does not need: transcripts, markdown, the composer. */
import { later } from './later.tsx';

export const SessionPane = later(async () => (await import('./session-pane.tsx')).SessionPane);
