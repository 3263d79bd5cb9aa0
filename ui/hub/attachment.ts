/** One connection to one hub, from hello to its end: told from later ones by identity. */
import { transfer } from 'comlink';
import type { ApiError } from '../../shared/errors.ts';
import {
  HUB_PROTOCOL,
  type Ack,
  type Aside,
  type Batch,
  type DeliveryPort,
  type HubApi,
  type HubHello,
} from '../../shared/hub-api.ts';
import type { Timers } from '../env.ts';
import type { ConnectHub, HubConnection, Place } from './connect.ts';
import { createDeadlines, NoAnswer } from './deadlines.ts';
import { createHubProxy, type HubProxy } from './hub-proxy.ts';
import { HELLO_MS } from './link.ts';
import type { HubSink } from './sink.ts';

export interface Attachment {
  /** See `Attach`. */
  readonly number: number;
  readonly place: Place;
  /** Milliseconds since the epoch; null before the hub took the tab. */
  readonly attachedAt: number | null;
  /** The hub was told what to see, or is about to be. */
  readonly watching: boolean;
  /** Connects; once. */
  open(): void;
  /**
   * The hub's answer, if it comes within `ms` milliseconds.
   * @throws NoAnswer also when there is no hub yet, or no more
   */
  call<T>(ms: number, invoke: (api: HubApi) => Promise<T>): Promise<T>;
  /**
   * Attaches again on the connection that is there, with a new deliveries port in the place of the one before.
   * @param directoryVersion of this hub's directory, as the tab holds it
   * @throws NoAnswer also when there is no hub yet, or no more
   */
  subscribe(directoryVersion: number): Promise<void>;
  /** On the deliveries port, when there is one: nothing waits for an answer. */
  say(aside: Aside): void;
  /** By message, of which no answer is waited for. */
  detach(): void;
  /** Closes both ports and fails what is waited for. Twice is fine; nothing is told after it. */
  close(): void;
}

export interface AttachmentDeps {
  connect: ConnectHub;
  createChannel(): MessageChannel;
  timers: Timers;
  tabId: string;
  build: string;
  sink: Pick<HubSink, 'watch' | 'about'>;
}

/** Called until it is closed. */
export interface AttachmentHandlers {
  /** The hub answered. @returns the version of its directory that the tab holds; null: go no further */
  onHello(hub: HubHello, inPage: boolean): number | null;
  onAttached(hub: HubHello, inPage: boolean): void;
  /** Of this hub; it is acknowledged when the call returns. */
  onBatch(batch: Batch): void;
  /** A batch of another hub came: attach again (H12). */
  onOtherHub(): void;
  onLost(error: ApiError): void;
}

/** @returns an attachment that does nothing before `open` */
export function createAttachment(
  deps: AttachmentDeps,
  number: number,
  place: Place,
  handlers: AttachmentHandlers,
): Attachment {
  const { timers, tabId, build } = deps;
  const deadlines = createDeadlines(timers);
  let closed = false;
  let connection: HubConnection | null = null;
  let proxy: HubProxy | null = null;
  let deliveries: MessagePort | null = null;
  let attachedAt: number | null = null;
  let hubId: string | null = null;

  const lost = (error: ApiError) => {
    if (!closed) handlers.onLost(error);
  };

  const receive = (port: MessagePort, batch: Batch) => {
    if (closed) return;
    if (batch.hubId !== hubId) {
      handlers.onOtherHub();
      return;
    }
    handlers.onBatch(batch);
    const ack: Ack = { ack: batch.n };
    port.postMessage(ack);
  };

  const closeDeliveries = () => {
    if (deliveries === null) return;
    deliveries.onmessage = null;
    deliveries.close();
  };

  const subscribe = (directoryVersion: number): Promise<void> => {
    if (proxy === null || closed) return Promise.reject(new NoAnswer('there is no hub yet'));
    closeDeliveries();
    const { port1, port2 } = deps.createChannel();
    deliveries = port1;
    port1.onmessage = (event: MessageEvent) => receive(port1, event.data as Batch);
    const attached = proxy.api.attach(
      {
        tabId,
        attachment: number,
        directoryVersion,
        watch: deps.sink.watch(),
        ...deps.sink.about(),
      },
      transfer(port2, [port2]) as unknown as DeliveryPort,
    );
    return deadlines.within(HELLO_MS, attached);
  };

  const attach = async () => {
    const connecting = deps.connect(place, (message) =>
      lost({ code: 'unavailable', message: `The hub does not run: ${message}.` }),
    );
    // The attempt may be given up before its connection exists, and between that and the next line of this.
    connecting.then(
      (made) => {
        if (closed) made.close();
        else connection = made;
      },
      () => {},
    );
    const { port, inPage } = await deadlines.within(HELLO_MS, connecting);
    if (closed) return;
    proxy = createHubProxy(port);
    const { api } = proxy;
    const hub = await deadlines.within(HELLO_MS, api.hello({ protocol: HUB_PROTOCOL, build }));
    if (closed) return;
    const directoryVersion = handlers.onHello(hub, inPage);
    if (directoryVersion === null) return;
    hubId = hub.hubId;
    await subscribe(directoryVersion);
    if (closed) return;
    attachedAt = timers.now();
    handlers.onAttached(hub, inPage);
  };

  return {
    number,
    place,
    get attachedAt() {
      return attachedAt;
    },
    get watching() {
      return deliveries !== null;
    },
    open() {
      if (!closed) attach().catch((error: unknown) => lost(explain(error)));
    },
    call(ms, invoke) {
      if (proxy === null) return Promise.reject(new NoAnswer('there is no hub yet'));
      return deadlines.within(ms, invoke(proxy.api));
    },
    subscribe,
    say(aside) {
      if (!closed) deliveries?.postMessage(aside);
    },
    detach() {
      // The port is closed right after: the message still arrives, an answer never does.
      proxy?.api.detach(tabId, number).catch(() => {});
    },
    close() {
      if (closed) return;
      closed = true;
      deadlines.close();
      closeDeliveries();
      proxy?.release();
      connection?.close();
    },
  };
}

/** What to tell of a call that failed. */
export function explain(error: unknown): ApiError {
  if (error instanceof NoAnswer) return { code: 'timeout', message: 'The hub does not answer.' };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
