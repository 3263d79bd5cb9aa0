/** A store whose writes can be made to fail, as on a full disk. */
import { StorageError, type StorageProblem, type Store } from '../store.ts';

export interface FaultyStore {
  readonly store: Store;
  /** What every write fails with; null: none does. */
  problem: StorageProblem | null;
  /** How many writes failed. */
  readonly refused: number;
}

export function createFaultyStore(real: Store): FaultyStore {
  let refused = 0;
  const write = async <T>(work: () => Promise<T>): Promise<T> => {
    if (faulty.problem === null) return work();
    refused += 1;
    throw new StorageError(faulty.problem);
  };
  const faulty: FaultyStore = {
    problem: null,
    get refused() {
      return refused;
    },
    store: {
      ...real,
      createSession: (session) => write(() => real.createSession(session)),
      patch: (logId, patch) => write(() => real.patch(logId, patch)),
      deleteSession: (logId) => write(() => real.deleteSession(logId)),
      append: (append) => write(() => real.append(append)),
      check: () => write(() => real.check()),
    },
  };
  return faulty;
}
