/** A hub client in a test: a hub that does what it is told, time that stands still, and everything that came. */
import { vi, expect } from 'vitest';
import type { DirectoryDelta } from '../../shared/directory.ts';
import type { Connection, PaneDelta } from '../../shared/hub-api.ts';
import { createHubClient, type HubClient } from '../hub/client.ts';
import { createGenerations, type Generations } from '../hub/generation.ts';
import type { Link } from '../hub/link.ts';
import { createFakeTimers, type FakeTimers } from './fake-env.ts';
import { createFakeHub, type FakeHub } from './fake-hub.ts';

export interface ClientWorld {
  readonly hub: FakeHub;
  readonly timers: FakeTimers;
  readonly generations: Generations;
  readonly client: HubClient;
  /** What the sink was told, in order. */
  readonly links: Link[];
  readonly got: (Connection | DirectoryDelta | PaneDelta)[];
  readonly builds: string[];
  readonly principals: string[];
  /** The tab's side of each deliveries port. */
  readonly ports: MessagePort[];
  /** Whether somebody looks at the page. */
  visible: boolean;
  /** Where the pane's fold stands. */
  cursor: string | null;
  /** How many watches there were. */
  readonly watchId: number;
  state(): Link['state'] | undefined;
  attached(): Promise<void>;
  /** Starts the client and waits until it is attached. */
  start(): Promise<void>;
  close(): void;
}

/** A page in view that shows session `s1`. */
export function createClientWorld(): ClientWorld {
  const hub = createFakeHub();
  const timers = createFakeTimers();
  const generations = createGenerations(null);
  const links: Link[] = [];
  const got: ClientWorld['got'] = [];
  const builds: string[] = [];
  const principals: string[] = [];
  const ports: MessagePort[] = [];
  let watchId = 0;
  const client = createHubClient({
    connect: (place, onError) => hub.connect(place, onError),
    generations,
    visible: () => world.visible,
    createChannel() {
      const channel = new MessageChannel();
      ports.push(channel.port1);
      return channel;
    },
    timers,
    tabId: 'tab-1',
    build: 'page-build',
    sink: {
      onLink: (link) => links.push(link),
      onConnection: (connection) => got.push(connection),
      onPrincipal: (principal) => principals.push(principal),
      onDirectory: (delta) => got.push(delta),
      onPane: (delta) => got.push(delta),
      onServerBuild: (build) => builds.push(build),
      onAlerts() {},
      about: () => ({}),
      watch() {
        watchId += 1;
        return { watchId, sessionId: 's1', cursor: world.cursor };
      },
    },
  });
  const world: ClientWorld = {
    hub,
    timers,
    generations,
    client,
    links,
    got,
    builds,
    principals,
    ports,
    visible: true,
    cursor: null,
    get watchId() {
      return watchId;
    },
    state: () => links.at(-1)?.state,
    attached: () => vi.waitFor(() => expect(world.state()).toBe('attached')),
    async start() {
      client.start();
      await world.attached();
    },
    close() {
      client.close();
      hub.close();
      for (const port of ports) port.close();
    },
  };
  return world;
}
