/** What was taken from an agent and is not stored yet. Beyond a bound the agent's output is left in its pipe. */

/** Per session. */
const MAX_BYTES = 1024 * 1024;
const MAX_APPENDS = 256;

export interface Backlog {
  /** @returns to be called when it is stored, or never will be; twice is a no-op */
  add(bytes: number): () => void;
  /** Null while there is room; else resolves when there is some again. */
  room(): Promise<void> | null;
}

export function createBacklog(): Backlog {
  let bytes = 0;
  let appends = 0;
  let waiting: { promise: Promise<void>; resolve: () => void } | null = null;
  const isFull = (): boolean => bytes > MAX_BYTES || appends > MAX_APPENDS;

  return {
    add(size) {
      let open = true;
      bytes += size;
      appends += 1;
      return () => {
        if (!open) return;
        open = false;
        bytes -= size;
        appends -= 1;
        if (isFull()) return;
        waiting?.resolve();
        waiting = null;
      };
    },
    room() {
      if (!isFull()) return null;
      if (waiting === null) {
        let resolve = (): void => {};
        const promise = new Promise<void>((settle) => (resolve = settle));
        waiting = { promise, resolve };
      }
      return waiting.promise;
    },
  };
}
