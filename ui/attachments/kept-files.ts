/**
 * The browser's database of attached files. Facts stand beside the data, so that what has to go is known without
 * reading any of it. A connection is closed after each use: an open one would hold up the deletion at sign-out.
 */
import type { Attachment } from '../store/attachments.ts';
import { KEPT_FILES } from '../env.ts';
import { goneFor, type Box, type Kept, type KeptFiles } from './keeping.ts';

const FACTS = 'facts';
const DATA = 'data';

/** With its place in the order in which they came. */
type Fact = Kept & { n: number };

/** The real thing. */
export const keptFiles: KeptFiles = {
  read: ({ who, logId }) =>
    use(async (facts, data) => {
      const all = await done<Fact[]>(facts.getAll());
      for (const other of all.filter((one) => one.who !== who)) {
        facts.delete(other.n);
        data.delete(other.id);
      }
      const mine = all.filter((one) => one.who === who && one.logId === logId);
      const lost = mine.filter(({ gone }) => gone);
      for (const { n } of lost) facts.delete(n);
      const reads = mine
        .filter(({ gone }) => !gone)
        .map(({ id }) => done<Attachment | undefined>(data.get(id)));
      const files = (await Promise.all(reads)).filter((file) => file !== undefined);
      return { files, gone: lost.map(({ name }) => name) };
    }),
  put: (box: Box, attachment, bytes) =>
    use(async (facts, data) => {
      const all = await done<Fact[]>(facts.getAll());
      for (const old of goneFor(all, { ...box, bytes })) {
        facts.put({ ...old, gone: true, bytes: 0 });
        data.delete(old.id);
      }
      const { id, name } = attachment;
      facts.add({ ...box, id, name, bytes, gone: false } satisfies Kept);
      data.put(attachment, id);
    }),
  remove: (ids) =>
    use(async (facts, data) => {
      const keys = ids.map((id) => done<IDBValidKey | undefined>(facts.index('id').getKey(id)));
      for (const key of await Promise.all(keys)) if (key !== undefined) facts.delete(key);
      for (const id of ids) data.delete(id);
    }),
  forget: (logId) =>
    use(async (facts, data) => {
      const all = await done<Fact[]>(facts.getAll());
      for (const one of all.filter((each) => each.logId === logId)) {
        facts.delete(one.n);
        data.delete(one.id);
      }
    }),
};

/** One transaction: what it did is kept when this resolves. Others wait, in all tabs. */
async function use<T>(
  run: (facts: IDBObjectStore, data: IDBObjectStore) => Promise<T>,
): Promise<T> {
  const opening = indexedDB.open(KEPT_FILES, 1);
  opening.onupgradeneeded = () => {
    const facts = opening.result.createObjectStore(FACTS, { keyPath: 'n', autoIncrement: true });
    facts.createIndex('id', 'id');
    opening.result.createObjectStore(DATA);
  };
  const database = await done(opening);
  try {
    database.onversionchange = () => database.close();
    const transaction = database.transaction([FACTS, DATA], 'readwrite');
    const whole = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
    });
    const [result] = await Promise.all([
      run(transaction.objectStore(FACTS), transaction.objectStore(DATA)),
      whole,
    ]);
    return result;
  } finally {
    database.close();
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('refused'));
  });
}
