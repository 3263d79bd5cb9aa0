/** Everything a person can do with one session, as the HTTP layer calls it. */
import { formatCursor } from '../../shared/cursor.ts';
import type { AgentInfo } from '../../shared/api.ts';
import { newestTurns, PAGE_LENGTH, runOrder, type Turn } from '../../shared/state.ts';
import type { Store } from '../store/store.ts';
import { toRow } from './directory-feed.ts';
import type { OpenSession } from './open-session.ts';
import { decidePatch } from './record-patch.ts';
import type { AgentHost } from '../agents/agent-host.ts';
import type { FileFinder } from '../files/file-finder.ts';
import { ServiceError, type SessionHandle } from './service.ts';
import { takesOf } from './takes.ts';

/** A page is asked for to have a certain turn in it: it may be longer than one that comes by itself. */
const TURNS_LENGTH = 8 * PAGE_LENGTH;

/** Turns that an export reads at once: each may have megabytes. */
const EXPORT_PAGE = 4;

interface Deps {
  session: OpenSession;
  store: Store;
  host: Pick<AgentHost, 'takes'>;
  finder: FileFinder;
  agents: () => AgentInfo[];
  now: () => number;
  onDeleted: () => void;
}

export function createSessionHandle({
  session,
  store,
  host,
  finder,
  agents,
  now,
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
    takes: () => takesOf(host, log.record.agentId),
    export() {
      const { live, queue, started } = log.feed.snapshot();
      const row = toRow(log.record);
      return {
        row,
        agent: agents().find(({ id }) => id === row.agentId)?.title ?? row.agentId,
        at: now(),
        unfinished: live,
        queue: runOrder(queue),
        turns: settledTurns(store, logId, live?.ordinal ?? started),
      };
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

/** Those with an ordinal below `end`, the oldest first. @throws ServiceError when they went while they were read */
async function* settledTurns(store: Store, logId: string, end: number): AsyncGenerator<Turn> {
  for (let first = 0; first < end; first += EXPORT_PAGE) {
    const next = Math.min(first + EXPORT_PAGE, end);
    const page = await store.turns(logId, next, next - first);
    if (page[0]?.ordinal !== first || page.length !== next - first) {
      throw new ServiceError('not_found', 'The session was deleted while it was exported.');
    }
    yield* page;
  }
}
