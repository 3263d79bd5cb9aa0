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
  type HubApi,
  type HubHello,
  type PaneDelta,
  type Watch,
} from '../../shared/hub-api.ts';
import type { DirectoryDelta } from '../../shared/directory.ts';
import type { Timers } from '../env.ts';
import { createCommands } from './commands.ts';
import type { ConnectHub, HubConnection, Place } from './connect.ts';
import { createDeadlines, NoAnswer, type Deadlines } from './deadlines.ts';
import type { Generations } from './generation.ts';
import { createHubProxy, type HubProxy } from './hub-proxy.ts';
import { countFailure, IN_PAGE, rungOf } from './ladder.ts';
import { ASK_MS, HELLO_MS, retryDelay, type Link } from './link.ts';
import { createSilence, type Question } from './silence.ts';

/** Where deliveries go. Called in the order the hub sent them; the ack follows when the call returns. */
export interface HubSink {
  onLink(link: Link): void;
  onConnection(connection: Connection): void;
  onDirectory(delta: DirectoryDelta): void;
  onPane(delta: PaneDelta): void;
  /** The build that the server runs, as the hub last heard. */
  onServerBuild(build: string): void;
  /** What the tab wants to see from now on, with a new `watchId` each time: deliveries for earlier ones are stale. */
  watch(): Watch | null;
}

export interface HubClientDeps {
  connect: ConnectHub;
  generations: Generations;
  /** Whether somebody may be looking at the page. */
  visible(): boolean;
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
  /** The page is looked at: asks a hub that was not heard just now; one that does not answer is replaced (T4). */
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
  readonly place: Place;
  readonly deadlines: Deadlines;
  connection: HubConnection | null;
  proxy: HubProxy | null;
  hub: HubHello | null;
  deliveries: MessagePort | null;
  attachedAt: number | null;
}

/** @returns a client that does nothing before `start` */
export function createHubClient(deps: HubClientDeps): HubClient {
  const { sink, timers, tabId } = deps;
  let link: Link = { state: 'suspended' };
  let current: Attempt | null = null;
  let retryTimer: number | null = null;
  /** Up the ladder, in a row. */
  let failures = 0;
  let lastGeneration = 0;
  /** The directory version belongs to one hub; another hub counts its own. */
  let directory = { hubId: '', version: 0 };
  let onAttached = new Set<(attempt: Attempt | null) => void>();

  const setLink = (next: Link) => {
    link = next;
    sink.onLink(next);
  };

  const drop = () => {
    const attempt = current;
    current = null;
    silence.stop();
    if (retryTimer !== null) timers.clearTimeout(retryTimer);
    retryTimer = null;
    if (attempt === null) return;
    attempt.deadlines.close();
    closeDeliveries(attempt);
    attempt.proxy?.release();
    attempt.connection?.close();
  };

  const detach = () => {
    // The port is closed right after: the message still arrives, an answer never does.
    current?.proxy?.api.detach(tabId).catch(() => {});
  };

  const lost = (attempt: Attempt, error: ApiError) => {
    if (attempt !== current) return;
    const { attachedAt } = attempt;
    failures = countFailure(failures, attachedAt === null ? null : timers.now() - attachedAt);
    drop();
    if (rungOf(failures) === 'none') {
      setLink({ state: 'failed', error });
      return;
    }
    setLink({ state: 'waiting', attempt: failures, error });
    retryTimer = timers.setTimeout(open, retryDelay(failures));
  };

  const placeOf = (): Place => {
    const { generations } = deps;
    const generation = generations.current();
    switch (rungOf(failures)) {
      case 'worker':
        return { kind: 'worker', generation };
      case 'next-worker':
        return { kind: 'worker', generation: generations.after(lastGeneration) };
      case 'page':
      case 'none':
        return { kind: 'page' };
    }
  };

  const open = () => {
    drop();
    const attempt: Attempt = {
      place: placeOf(),
      deadlines: createDeadlines(timers),
      connection: null,
      proxy: null,
      hub: null,
      deliveries: null,
      attachedAt: null,
    };
    if (attempt.place.kind === 'worker') lastGeneration = attempt.place.generation;
    current = attempt;
    setLink({ state: 'connecting', attempt: failures + 1 });
    attach(attempt).catch((error: unknown) => lost(attempt, explain(error)));
  };

  const attach = async (attempt: Attempt) => {
    const { within } = attempt.deadlines;
    const connecting = deps.connect(attempt.place, (message) =>
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
    const { port, inPage } = await within(HELLO_MS, connecting);
    if (attempt !== current) return;
    attempt.proxy = createHubProxy(port);
    const { api } = attempt.proxy;
    const hub = await within(HELLO_MS, api.hello({ protocol: HUB_PROTOCOL, build: deps.build }));
    if (attempt !== current) return;
    if (hub.protocol !== HUB_PROTOCOL) {
      if (inPage) {
        drop();
        setLink({ state: 'outdated', hub });
      } else {
        failures = IN_PAGE;
        open();
      }
      return;
    }
    attempt.hub = hub;
    // The same hub as before: it was slow, not gone.
    if (directory.hubId === hub.hubId) failures = inPage ? Math.min(failures, IN_PAGE) : 0;
    else directory = { hubId: hub.hubId, version: 0 };
    await within(HELLO_MS, subscribe(attempt, api));
    if (attempt !== current) return;
    attempt.attachedAt = timers.now();
    setLink({ state: 'attached', hub, inPage });
    // A hub in the page is there as long as the page is.
    if (!inPage) silence.start();
    const waiting = onAttached;
    onAttached = new Set();
    for (const run of waiting) run(attempt);
  };

  /** Attaches on a new deliveries port, in the place of the one before. */
  const subscribe = (attempt: Attempt, api: HubApi): Promise<void> => {
    closeDeliveries(attempt);
    const { port1, port2 } = deps.createChannel();
    attempt.deliveries = port1;
    port1.onmessage = (event: MessageEvent) => receive(attempt, event.data as Batch);
    return api.attach(
      { tabId, directoryVersion: directory.version, watch: sink.watch() },
      transfer(port2, [port2]) as unknown as DeliveryPort,
    );
  };

  const receive = (attempt: Attempt, batch: Batch) => {
    if (attempt !== current || attempt.deliveries === null) return;
    if (batch.hubId !== attempt.hub?.hubId) {
      open();
      return;
    }
    if (batch.serverBuild !== undefined) sink.onServerBuild(batch.serverBuild);
    if (batch.connection !== undefined) sink.onConnection(batch.connection);
    if (batch.directory !== undefined) {
      sink.onDirectory(batch.directory);
      directory.version = batch.directory.version;
    }
    if (batch.pane !== undefined) sink.onPane(batch.pane);
    // What it may ask goes before the ack: the hub's next batch is then for the watch that the question names.
    silence.heard();
    const ack: Ack = { ack: batch.n };
    attempt.deliveries.postMessage(ack);
  };

  /**
   * Tells the hub what to see. When it does not know this tab any more (its lease ran out), the tab attaches again
   * where it stands: the page shows no difference.
   */
  const sendWatch = (attempt: Attempt, ms: number) => {
    if (attempt.proxy === null) return;
    const { api } = attempt.proxy;
    const { within } = attempt.deadlines;
    const told = async () => {
      const known = await within(ms, api.watch(tabId, sink.watch()));
      if (attempt !== current) return;
      if (!known) await within(HELLO_MS, subscribe(attempt, api));
      if (attempt === current) silence.answered();
    };
    told().catch((error: unknown) => lost(attempt, explain(error)));
  };

  const sendHello = (attempt: Attempt) => {
    if (attempt.proxy === null) return;
    const hello = attempt.proxy.api.hello({ protocol: HUB_PROTOCOL, build: deps.build });
    attempt.deadlines.within(ASK_MS, hello).then(
      () => {
        if (attempt === current) silence.answered();
      },
      (error: unknown) => lost(attempt, explain(error)),
    );
  };

  const silence = createSilence({
    timers,
    visible: deps.visible,
    ask(question: Question) {
      if (current === null) return;
      const { place } = current;
      // Other tabs gave up this worker: with them there is one hub, not two (H1).
      if (place.kind === 'worker' && place.generation < deps.generations.current()) {
        detach();
        open();
      } else if (question === 'alive') {
        sendHello(current);
      } else {
        sendWatch(current, ASK_MS);
      }
    },
  });

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
      if (link.state === 'suspended') open();
    },
    rewatch() {
      // Before that, `attach` will read the watch itself.
      if (current !== null && current.deliveries !== null) sendWatch(current, HELLO_MS);
    },
    retry() {
      if (link.state === 'closed' || link.state === 'suspended') return;
      if (link.state !== 'attached' || current?.proxy == null) {
        failures = 0;
        open();
        return;
      }
      const attempt = current;
      attempt.deadlines
        .within(HELLO_MS, current.proxy.api.retry())
        .catch((error: unknown) => lost(attempt, explain(error)));
    },
    probe: silence.look,
    suspend() {
      if (link.state === 'closed') return;
      detach();
      drop();
      setLink({ state: 'suspended' });
    },
    resume() {
      if (link.state !== 'suspended') return;
      failures = Math.min(failures, IN_PAGE);
      open();
    },
    close() {
      if (link.state === 'closed') return;
      detach();
      drop();
      setLink({ state: 'closed' });
      for (const run of onAttached) run(null);
    },
  };
}

function closeDeliveries({ deliveries }: Attempt): void {
  if (deliveries === null) return;
  deliveries.onmessage = null;
  deliveries.close();
}

function explain(error: unknown): ApiError {
  if (error instanceof NoAnswer) return { code: 'timeout', message: 'The hub does not answer.' };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
