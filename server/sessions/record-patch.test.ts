import { expect, test } from 'vitest';
import type { PatchSessionInput } from '../../shared/commands.ts';
import { isUnread } from '../../shared/row.ts';
import { newSession } from '../store/testing/samples.ts';
import { createMemoryStore } from '../store/testing/memory.ts';
import type { SessionRecord } from '../store/store.ts';
import { decidePatch, decideSent } from './record-patch.ts';

async function record(over: Partial<SessionRecord> = {}): Promise<SessionRecord> {
  return { ...(await createMemoryStore().createSession(newSession('a'))), ...over };
}
const after = (before: SessionRecord, patch: PatchSessionInput): SessionRecord => ({
  ...before,
  ...decidePatch(before, patch),
});

test('[O8] reading only ever raises the mark', async () => {
  const read = after(await record({ endedSeq: 9 }), { readSeq: 9, readMark: 0 });
  expect(isUnread(read)).toBe(false);
  expect(decidePatch(read, { readSeq: 4 })).toEqual({});
});

test('[O8] marked unread stays so: what was read before that was known changes nothing', async () => {
  const read = await record({ endedSeq: 9, readSeq: 9 });
  const marked = after(read, { unread: true });
  expect(isUnread(marked)).toBe(true);
  // Two panes that saw the end, and whose word comes late.
  expect(decidePatch(marked, { readSeq: 9, readMark: read.readMark })).toEqual({});
  expect(isUnread(after(marked, { readSeq: 12, readMark: read.readMark }))).toBe(true);
  const again = after(marked, { unread: true });
  expect(decidePatch(again, { readSeq: 9, readMark: marked.readMark })).toEqual({});
  expect(isUnread(after(again, { readSeq: 9, readMark: again.readMark }))).toBe(false);
});

test('[O8] a session in which nothing has ended can be marked, too', async () => {
  const marked = after(await record(), { unread: true });
  expect(isUnread(marked)).toBe(true);
  expect(isUnread(after(marked, { readSeq: 0, readMark: marked.readMark }))).toBe(false);
});

test('[O13] a draft has a new revision whenever its text changes', async () => {
  const first = after(await record(), { draft: 'a', draftRev: 0 });
  expect(first).toMatchObject({ draft: 'a', draftRev: 1, draftFork: 0 });
  expect(decidePatch(first, { draft: 'a', draftRev: 1 })).toEqual({});
  const second = after(first, { draft: 'ab', draftRev: 1 });
  expect(second).toMatchObject({ draft: 'ab', draftRev: 2, draftFork: 0 });
  // A script names none: it means the present one.
  expect(after(second, { draft: 'c' })).toMatchObject({ draftRev: 3, draftFork: 0 });
});

test('[O13] who writes without having seen the last revision makes a fork, and those after it are of that fork', async () => {
  const seen = await record({ draft: 'mine', draftRev: 4 });
  const forked = after(seen, { draft: 'other', draftRev: 3 });
  expect(forked).toMatchObject({ draft: 'other', draftRev: 5, draftFork: 5 });
  expect(after(forked, { draft: 'others', draftRev: 5 })).toMatchObject({
    draftRev: 6,
    draftFork: 5,
  });
});

test('[O13] an empty box and a sent message take only the draft that they knew', async () => {
  const draft = await record({ draft: 'by another', draftRev: 4 });
  expect(decidePatch(draft, { draft: '', draftRev: 3 })).toEqual({});
  expect(decideSent(draft, 3)).toEqual({});
  expect(decideSent(draft, 4)).toMatchObject({ draft: '', draftRev: 5 });
  expect(decidePatch(draft, { draft: '', draftRev: 4 })).toMatchObject({ draft: '', draftRev: 5 });
});
