/** Everything a person can do with one session, as the HTTP layer calls it. */
import { formatCursor } from '../../shared/cursor.ts';
import type { PatchSessionInput } from '../../shared/commands.ts';
import type { RecordPatch, Store } from '../store/store.ts';
import { toRow } from './directory-feed.ts';
import type { OpenSession } from './open-session.ts';
import type { SessionHandle } from './service.ts';

interface Deps {
  session: OpenSession;
  store: Store;
  onDeleted: () => void;
}

export function createSessionHandle({ session, store, onDeleted }: Deps): SessionHandle {
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
      return { turns: found.slice(-limit), more: found.length > limit };
    },
    patch: async (patch) => toRow(await log.patch(recordPatch(patch))),
    async delete() {
      await runner.end('cancelled', null);
      await log.delete();
      runner.close();
      onDeleted();
    },
    prompt: (input) => session.prompt(input),
    startQueued: (turnId) => runner.startQueued(turnId),
    removeQueued: (turnId) => runner.removeQueued(turnId),
    cancel: (turnId) => runner.cancel(turnId),
    answer: (requestId, outcome) => runner.answer(requestId, outcome),
  };
}

function recordPatch(patch: PatchSessionInput): RecordPatch {
  const next: RecordPatch = {};
  if (patch.title !== undefined) Object.assign(next, { title: patch.title, titleSource: 'user' });
  if (patch.pinned !== undefined) next.pinned = patch.pinned;
  if (patch.archived !== undefined) next.archived = patch.archived;
  if (patch.readSeq !== undefined) next.readSeq = patch.readSeq;
  if (patch.draft !== undefined) next.draft = patch.draft;
  return next;
}
