/** The pure part of changing a session's row: from the record as it is and a wish to what is written. */
import type { PatchSessionInput } from '../../shared/commands.ts';
import type { RecordPatch, SessionRecord } from '../store/store.ts';

/** What a person's patch changes; empty when nothing. */
export function decidePatch(record: SessionRecord, patch: PatchSessionInput): RecordPatch {
  const next: RecordPatch = {};
  if (patch.title !== undefined) Object.assign(next, { title: patch.title, titleSource: 'user' });
  if (patch.pinned !== undefined) next.pinned = patch.pinned;
  if (patch.archived !== undefined) next.archived = patch.archived;
  return { ...next, ...decideRead(record, patch), ...decideDraft(record, patch) };
}

/**
 * A pane marks what it shows as read without being asked, so its word may be late: it counts only if it knew
 * of the last 'unread', which a person said on purpose (O8).
 */
function decideRead(record: SessionRecord, patch: PatchSessionInput): RecordPatch {
  const { endedSeq, readMark } = record;
  if (patch.unread === true) {
    return { readSeq: Math.min(record.readSeq, endedSeq - 1), readMark: readMark + 1 };
  }
  if (patch.readSeq === undefined || patch.readSeq <= record.readSeq) return {};
  return (patch.readMark ?? readMark) === readMark ? { readSeq: patch.readSeq } : {};
}

/** The last writer wins; but an empty box says nothing about a text that its writer has not seen (O13). */
function decideDraft(record: SessionRecord, patch: PatchSessionInput): RecordPatch {
  const { draft: text, draftRev: from = record.draftRev } = patch;
  if (text === undefined || text === record.draft) return {};
  const knew = from === record.draftRev;
  if (text === '' && !knew) return {};
  const draftRev = record.draftRev + 1;
  return { draft: text, draftRev, draftFork: knew ? record.draftFork : draftRev };
}

/** The draft of that revision was sent: nothing is left of it, unless somebody wrote since. */
export function decideSent(record: SessionRecord, draftRev: number): RecordPatch {
  return decideDraft(record, { draft: '', draftRev });
}
