/**
 * A process to be killed: appends to session `a` of the database named on its command line, one to five
 * entries at a time, and writes each acknowledged `lastSeq` as a line to stdout. Ends by itself only when
 * its parent is gone (the write fails).
 */
import { writeSync } from 'node:fs';
import { openSqliteStore } from '../sqlite.ts';
import { append, newSession, settledTurn, stateAt } from './samples.ts';

const [, , file] = process.argv;
if (file === undefined) throw new Error('usage: append-forever <file>');

const store = openSqliteStore({ file });
const session = (await store.session('ada', 'a')) ?? (await store.createSession(newSession('a')));
let after = session.lastSeq;
for (;;) {
  const count = 1 + (after % 5);
  const lastSeq = after + count;
  await store.append(
    append('log-a', after, count, {
      keys: [{ key: `key-${lastSeq}`, turnId: `turn-${lastSeq}` }],
      settled: [settledTurn(lastSeq)],
      checkpoint: stateAt('log-a', lastSeq),
    }),
  );
  after = lastSeq;
  // Synchronous, so that no line waits in this process when it dies.
  writeSync(1, `${after}\n`);
}
