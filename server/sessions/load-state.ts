import type { SessionEvent } from '../../shared/events.ts';
import { applyEvent } from '../../shared/reducer.ts';
import { emptyState, lastPage, PAGE_TURNS, type SessionState } from '../../shared/state.ts';
import type { Store } from '../store/store.ts';

/** Entries read at once: each may have a megabyte (L12). */
const READ_PAGE = 64;

/** The state of a stored session: the last checkpoint, the last page of turns, and the events after it. */
export async function loadState(store: Store, logId: string): Promise<SessionState> {
  const checkpoint = await store.checkpoint(logId);
  let state = checkpoint ?? emptyState(logId);
  if (checkpoint !== null) {
    state = { ...checkpoint, turns: await store.turns(logId, null, PAGE_TURNS) };
  }
  for (;;) {
    const entries = await store.entriesAfter(logId, state.seq, READ_PAGE);
    if (entries.length === 0) return lastPage(state);
    for (const entry of entries) {
      const applied = applyEvent(state, JSON.parse(entry.json) as SessionEvent);
      if (applied.kind !== 'applied') throw new Error(`log ${logId} is damaged at ${entry.seq}`);
      state = applied.state;
    }
  }
}
