/**
 * The tab's side of the hub: hello, attach, deliveries and their acks, commands with deadlines.
 * It folds nothing and keeps nothing of a session; what arrives goes to the sink.
 */
import { transfer } from 'comlink';
import { fail, type ApiError } from '../../shared/errors.ts';
import {
  HUB_PROTOCOL,
  type Ack,
  type Batch,
  type Commands,
  type Connection,
  type DeliveryPort,
  type HubHello,
  type PaneDelta,
  type Watch,
} from '../../shared/hub-api.ts';
import type { DirectoryDelta } from '../../shared/directory.ts';
import type { Timers } from '../env.ts';
import { createCommands } from './commands.ts';
import type { ConnectHub, HubConnection } from './connect.ts';
import { createDeadlines, NoAnswer, type Deadlines } from './deadlines.ts';
import { createHubProxy, type HubProxy } from './hub-proxy.ts';
import { HELLO_MS, QUIET_MS, retryDelay, SILENCE_MS, type Link } from './link.ts';

/** Where deliveries go. Called in the order the hub sent them; the ack follows when the call returns. */
export interface HubSink {
  onLink(link: Link): void;
  onConnection(connection: Connection): void;
  onDirectory(delta: DirectoryDelta): void;
  onPane(delta: PaneDelta): void;
  /** What the tab wants to see from now on, with a new `watchId` each time: deliveries for earlier ones are stale. */
  watch(): Watch | null;
}

export interface HubClientDeps {
  connect: ConnectHub;
  createChannel(): MessageChannel;
  timers: Timers;
  tabId: string;
  build: string;
  sink: HubSink;
}

export interface HubClient {
  /** Values, never rejections. A command waits for the tab to be attached. */
  readonly commands: Commands;
  start(): void;
  /** The sink's watch changed: tells the hub. */
  rewatch(): void;
  /** Connect now: to the hub when it is not there, else the hub to the server. */
  retry(): void;
  /** When the hub was not heard for a while, as after a freeze: asks whether the tab is still attached; if not, attaches again. */
  probe(): void;
  /** Detaches by message and closes both ports, so that the page may enter the back/forward cache (T1). */
  suspend(): void;
  /** Attaches again after `suspend`, at the cursor that the sink's watch holds. */
  resume(): void;
  /** For good; twice is fine. Leaves no timer and no port. */
  close(): void;
}

/** One connection to a hub, told from later ones by identity. */
interface Attempt {
  readonly number: number;
  readonly deadlines: Deadlines;
  connection: HubConnection | null;
  proxy: HubProxy | null;
  hub: HubHello | null;
  deliveries: MessagePort | null;
}

/** @returns a client that does nothing before `start` */
export function createHubClient(deps: HubClientDeps): HubClient {
  const { sink, timers, tabId } = deps;
  let link: Link = { state: 'suspended' };
  let current: Attempt | null = null;
  let retryTimer: number | null = null;
  let silenceTimer: number | null = null;
  let heardAt = 0;
  /** The directory version belongs to one hub; another hub counts its own. */
  let directory = { hubId: '', version: 0 };
  let onAttached = new Set<(attempt: Attempt | null) => void>();

  const setLink = (next: Link) => {
    link = next;
    sink.onLink(next);
  };
  const clearTimers = () => {
    if (retryTimer !== null) timers.clearTimeout(retryTimer);
    if (silenceTimer !== null) timers.clearTimeout(silenceTimer);
    retryTimer = null;
    silenceTimer = null;
  };

  const drop = () => {
    const attempt = current;
    current = null;
    clearTimers();
    if (attempt === null) return;
    attempt.deadlines.close();
    if (attempt.deliveries !== null) {
      attempt.deliveries.onmessage = null;
      attempt.deliveries.close();
    }
    attempt.proxy?.release();
    attempt.connection?.close();
  };

  const lost = (attempt: Attempt, error: ApiError) => {
    if (attempt !== current) return;
    drop();
    setLink({ state: 'waiting', attempt: attempt.number, error });
    retryTimer = timers.setTimeout(() => open(attempt.number + 1), retryDelay(attempt.number));
  };

  const open = (number: number) => {
    drop();
    const attempt: Attempt = {
      number,
      deadlines: createDeadlines(timers),
      connection: null,
      proxy: null,
      hub: null,
      deliveries: null,
    };
    current = attempt;
    setLink({ state: 'connecting', attempt: number });
    attach(attempt).catch((error: unknown) => lost(attempt, explain(error)));
  };

  const attach = async (attempt: Attempt) => {
    const { within } = attempt.deadlines;
    const connecting = deps.connect((message) =>
      lost(attempt, { code: 'unavailable', message: `The hub does not run: ${message}.` }),
    );
    // The attempt may be given up before its connection exists, and between that and the next line of this.
    connecting.then(
      (made) => {
        if (attempt === current) attempt.connection = made;
        else made.close();
      },
      () => {},
    );
    const { port } = await within(HELLO_MS, connecting);
    if (attempt !== current) return;
    attempt.proxy = createHubProxy(port);
    const { api } = attempt.proxy;
    const hub = await within(HELLO_MS, api.hello({ protocol: HUB_PROTOCOL, build: deps.build }));
    if (attempt !== current) return;
    if (hub.protocol !== HUB_PROTOCOL) {
      drop();
      setLink({ state: 'outdated', hub });
      return;
    }
    attempt.hub = hub;
    if (directory.hubId !== hub.hubId) directory = { hubId: hub.hubId, version: 0 };
    const { port1, port2 } = deps.createChannel();
    attempt.deliveries = port1;
    port1.onmessage = (event: MessageEvent) => receive(attempt, event.data as Batch);
    const attached = api.attach(
      { tabId, directoryVersion: directory.version, watch: sink.watch() },
      transfer(port2, [port2]) as unknown as DeliveryPort,
    );
    await within(HELLO_MS, attached);
    if (attempt !== current) return;
    setLink({ state: 'attached', hub });
    heardAt = timers.now();
    listenForSilence(SILENCE_MS);
    const waiting = onAttached;
    onAttached = new Set();
    for (const run of waiting) run(attempt);
  };

  const receive = (attempt: Attempt, batch: Batch) => {
    if (attempt !== current || attempt.deliveries === null) return;
    if (batch.hubId !== attempt.hub?.hubId) {
      open(1);
      return;
    }
    heardAt = timers.now();
    if (batch.connection !== undefined) sink.onConnection(batch.connection);
    if (batch.directory !== undefined) {
      sink.onDirectory(batch.directory);
      directory.version = batch.directory.version;
    }
    if (batch.pane !== undefined) sink.onPane(batch.pane);
    const ack: Ack = { ack: batch.n };
    attempt.deliveries.postMessage(ack);
  };

  const listenForSilence = (ms: number) => {
    silenceTimer = timers.setTimeout(() => {
      const left = heardAt + SILENCE_MS - timers.now();
      if (left <= 0) heardAt = timers.now();
      listenForSilence(left > 0 ? left : SILENCE_MS);
      if (left <= 0 && current !== null) sendWatch(current);
    }, ms);
  };

  /** Tells the hub what to see; `false` or no answer means that this tab is no tab of that hub any more. */
  const sendWatch = (attempt: Attempt) => {
    if (attempt.proxy === null) return;
    attempt.deadlines.within(HELLO_MS, attempt.proxy.api.watch(tabId, sink.watch())).then(
      (known) => {
        if (!known && attempt === current) open(1);
      },
      (error: unknown) => lost(attempt, explain(error)),
    );
  };

  const whenAttached = (ms: number): Promise<Attempt | null> => {
    if (link.state === 'attached') return Promise.resolve(current);
    if (link.state === 'closed') return Promise.resolve(null);
    return new Promise((resolve) => {
      const settle = (attempt: Attempt | null) => {
        timers.clearTimeout(timer);
        onAttached.delete(settle);
        resolve(attempt);
      };
      const timer = timers.setTimeout(() => settle(null), ms);
      onAttached.add(settle);
    });
  };

  const commands = createCommands({
    async call(ms, invoke) {
      const attempt = await whenAttached(ms);
      if (attempt === null || attempt.proxy === null) {
        return fail('unavailable', 'The hub does not answer, so nothing was sent. Try again.');
      }
      try {
        return await attempt.deadlines.within(ms, invoke(attempt.proxy.api));
      } catch (error) {
        if (error instanceof NoAnswer) {
          return fail('timeout', 'No answer came, so it may or may not have happened.');
        }
        return fail('internal', `The hub failed: ${explain(error).message}`);
      }
    },
  });

  return {
    commands,
    start() {
      if (link.state === 'suspended') open(1);
    },
    rewatch() {
      // Before that, `attach` will read the watch itself.
      if (current !== null && current.deliveries !== null) sendWatch(current);
    },
    retry() {
      if (link.state === 'closed' || link.state === 'suspended') return;
      if (link.state !== 'attached' || current?.proxy == null) {
        open(1);
        return;
      }
      const attempt = current;
      attempt.deadlines
        .within(HELLO_MS, current.proxy.api.retry())
        .catch((error: unknown) => lost(attempt, explain(error)));
    },
    probe() {
      if (current === null || link.state !== 'attached') return;
      if (timers.now() - heardAt >= QUIET_MS) sendWatch(current);
    },
    suspend() {
      if (link.state === 'closed') return;
      // The port is closed right after: the message still arrives, an answer never does.
      current?.proxy?.api.detach(tabId).catch(() => {});
      drop();
      setLink({ state: 'suspended' });
    },
    resume() {
      if (link.state === 'suspended') open(1);
    },
    close() {
      if (link.state === 'closed') return;
      current?.proxy?.api.detach(tabId).catch(() => {});
      drop();
      setLink({ state: 'closed' });
      for (const run of onAttached) run(null);
    },
  };
}

function explain(error: unknown): ApiError {
  if (error instanceof NoAnswer) return { code: 'timeout', message: 'The hub does not answer.' };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
