/** What the hub has for a watch, from whichever part of it knows. */
import type { Watch } from '../shared/hub-api.ts';
import type { Loader } from './loader.ts';
import type { PaneSource } from './pane.ts';
import type { Rows } from './rows.ts';
import type { Sessions } from './sessions.ts';
import type { Streams } from './streams.ts';

export interface PaneSourceDeps {
  rows: Rows;
  sessions: Sessions;
  loader: Loader;
  streams: Streams;
}

export function paneSourceOf(
  { rows, sessions, loader, streams }: PaneSourceDeps,
  { sessionId }: Watch,
): PaneSource {
  const row = rows.find(sessionId);
  const session = row === undefined ? undefined : sessions.get(row.logId);
  if (session?.log != null) return { kind: 'log', log: session.log };
  const loading = loader.status(sessionId);
  if (loading !== undefined && loading.kind !== 'loading') return loading;
  if (session?.refused != null) return { kind: 'failed', error: session.refused };
  const stream = row === undefined ? undefined : streams.stateOf(row.logId);
  if (stream?.name === 'backoff') return { kind: 'failed', error: stream.trouble.error };
  return { kind: 'loading' };
}
