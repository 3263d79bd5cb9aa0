/** A pair of message ports without an event loop: what is posted is cloned and waits until it is taken. */
import type { Batch, DeliveryPort } from '../../shared/hub-api.ts';

export interface FakePort extends DeliveryPort {
  /** What the hub posted and nobody took, oldest first. */
  readonly inbox: Batch[];
  readonly closed: boolean;
  /** Posts to it after it was closed: the hub holds what is gone. */
  readonly late: number;
  /** The other side died: nothing passes, in no direction, and nobody is told. */
  die(): void;
  /** From now on posting throws. */
  broken: boolean;
  /** Called after each post; not while the port is closed. */
  onPosted: () => void;
  /** The tab's side posts to the hub. */
  send(data: unknown): void;
}

export function createFakePort(): FakePort {
  let closed = false;
  let late = 0;
  let dead = false;
  const port: FakePort = {
    inbox: [],
    onmessage: null,
    broken: false,
    onPosted: () => {},
    get late() {
      return late;
    },
    get closed() {
      return closed;
    },
    postMessage(batch) {
      if (dead) return;
      if (port.broken) throw new DOMException('could not be cloned', 'DataCloneError');
      // A closed port swallows what is posted to it, as the real ones do.
      if (closed) {
        late += 1;
        return;
      }
      port.inbox.push(structuredClone(batch));
      port.onPosted();
    },
    send(data) {
      if (!closed) port.onmessage?.({ data: structuredClone(data) });
    },
    die() {
      dead = true;
      closed = true;
    },
    close() {
      closed = true;
    },
  };
  return port;
}
