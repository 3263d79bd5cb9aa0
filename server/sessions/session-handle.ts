/** Everything a person can do with one session, as the HTTP layer calls it. */
import { formatCursor } from '../../shared/cursor.ts';
import { newestTurns, PAGE_LENGTH } from '../../shared/state.ts';
import type { Store } from '../store/store.ts';
import { toRow } from './directory-feed.ts';
import type { OpenSession } from './open-session.ts';
import { decidePatch } from './record-patch.ts';
import { AgentError, type AgentHost } from '../agents/agent-host.ts';
import type { FileFinder } from '../files/file-finder.ts';
import { ServiceError, type SessionHandle } from './service.ts';

/** A page is asked for to have a certain turn in it: it may be longer than one that comes by itself. */
const TURNS_LENGTH = 8 * PAGE_LENGTH;

interface Deps {
  session: OpenSession;
  store: Store;
  host: Pick<AgentHost, 'takes'>;
  finder: FileFinder;
  onDeleted: () => void;
}

export function createSessionHandle({
  session,
  store,
  host,
  finder,
  onDeleted,
}: Deps): SessionHandle {
  const { log, runner } = session;
  const { logId } = log.feed;
  return {
    feed: log.feed,
    row: () => toRow(log.record),
    view() {
      const state = log.feed.snapshot();
      return { row: toRow(log.record), cursor: formatCursor({ logId, seq: state.seq }), state };
    },
    async turns(before, limit) {
      const found = await store.turns(logId, before, limit + 1);
      const turns = newestTurns(found, limit, TURNS_LENGTH);
      return { turns, more: turns.length < found.length };
    },
    patch: async (patch) => toRow(await log.patch((record) => decidePatch(record, patch))),
    draft() {
      const { draft: text, draftRev: rev, draftFork: fork } = log.record;
      return { text, rev, fork };
    },
    files: (query, limit) => finder.find(log.record.cwd, query, limit),
    async takes() {
      try {
        return await host.takes(log.record.agentId);
      } catch (error) {
        if (error instanceof AgentError) throw new ServiceError('unavailable', error.message);
        throw error;
      }
    },
    async delete() {
      // Asked for in one breath: between the two nothing can be queued or started.
      await Promise.all([runner.empty(), log.delete()]);
      runner.close();
      onDeleted();
    },
    prompt: (input) => session.prompt(input),
    changeQueued: (turnId, change) => runner.changeQueued(turnId, change),
    releaseQueue: () => runner.releaseQueue(),
    startQueued: (turnId) => runner.startQueued(turnId),
    removeQueued: (turnId) => runner.removeQueued(turnId),
    cancel: (turnId) => runner.cancel(turnId),
    configure: (choice) => runner.configure(choice),
    answer: (requestId, outcome) => runner.answer(requestId, outcome),
  };
}
