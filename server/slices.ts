/** Work for thousands of readers in slices, so that nothing else on the event loop waits for all of them. */

/** Readers served in one go: about half a millisecond of writes to sockets. */
export const SLICE = 128;

/** Calls `each` with all items: the first slice at once, every further one in a turn of the event loop of its own. */
export function inSlices<T>(items: Iterable<T>, each: (item: T) => void): void {
  const rest = items[Symbol.iterator]();
  const slice = (): void => {
    for (let n = 0; n < SLICE; n += 1) {
      const next = rest.next();
      if (next.done === true) return;
      each(next.value);
    }
    setImmediate(slice);
  };
  slice();
}
