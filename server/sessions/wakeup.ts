/** Tells readers that there is something to read, without data: what it is, they read at their cursor. */
import { SLICE } from '../slices.ts';

export interface Wakeup {
  /** @param reader a function of its own for each. @returns the unsubscribe; twice is a no-op */
  subscribe(reader: () => void): () => void;
  /**
   * Calls every reader: a slice of them now, the others in the next turns of the event loop. One that comes
   * while others still wait begins no second round: the round goes on until everybody was called once more.
   */
  wake(): void;
}

export function createWakeup(): Wakeup {
  const readers = new Set<() => void>();
  // Goes around for ever, so that who waited longest is next, also when wakes come faster than rounds end.
  let next = readers.values();
  /** How many are still to be called. Who left may be counted; a call too many does no harm. */
  let due = 0;
  let scheduled = false;
  let calling = false;

  const slice = (): void => {
    calling = true;
    for (let n = 0; n < SLICE && due > 0; n += 1) {
      let { value: reader } = next.next();
      if (reader === undefined) {
        next = readers.values();
        ({ value: reader } = next.next());
      }
      due = reader === undefined ? 0 : due - 1;
      reader?.();
    }
    calling = false;
    if (due === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      slice();
    });
  };

  return {
    subscribe(reader) {
      readers.add(reader);
      // The round may meet it before others that it was begun for.
      if (due > 0) due += 1;
      return () => {
        readers.delete(reader);
      };
    },
    wake() {
      due = readers.size;
      if (!scheduled && !calling) slice();
    },
  };
}
