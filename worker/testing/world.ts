/** A hub with a scripted server and model tabs around it. */
import type { HubApi } from '../../shared/hub-api.ts';
import { lastPage, type SessionState } from '../../shared/state.ts';
import { createHub, type Hub, type HubOptions } from '../hub.ts';
import { hold, same } from './check.ts';
import { createFakeBrowser, type FakeBrowser } from './fake-alerts.ts';
import { createFakeClock, settled, type FakeClock, type Timers } from './fake-clock.ts';
import { envAt } from './fake-env.ts';
import { createFakeServer, type FakeServer } from './fake-server.ts';
import { createFakeTab, type FakeTab } from './fake-tab.ts';

export interface World {
  clock: FakeClock;
  server: FakeServer;
  /** The one that there is now. */
  readonly hub: Hub;
  /** Of the hub. */
  readonly timers: Timers;
  /** The browser tells how it reached the server. From now on the server allows as many streams as fit to it. */
  speak(protocol: string): void;
  tabs: FakeTab[];
  readonly browser: FakeBrowser;
  /** Opens a tab on `/session/<sessionId>`, or on `/`. */
  open(sessionId: string | null): Promise<FakeTab>;
  /** Logs that any connection of the hub carries, one entry per connection. */
  upstreams(): string[];
  /** The worker dies silently, with everything it had; the next one to ask gets a new one. */
  kill(): void;
}

/** A world in which these sessions exist. */
export function createWorld(
  sessionIds: readonly string[] = [],
  options: HubOptions = {},
  seed = 1,
): World {
  const clock = createFakeClock();
  const server = createFakeServer(clock);
  for (const sessionId of sessionIds) server.create(sessionId);
  const tabs: FakeTab[] = [];
  const browser = createFakeBrowser();
  let hubs = 0;

  const createLife = () => {
    const life = new AbortController();
    // As the browser does: what a dead worker asked for is aborted, and it asks for nothing more.
    const fetch: typeof globalThis.fetch = (input, init) => {
      if (life.signal.aborted) return new Promise(() => {});
      const signals = init?.signal == null ? [life.signal] : [life.signal, init.signal];
      return server.fetch(input, { ...init, signal: AbortSignal.any(signals) });
    };
    hubs += 1;
    const { env, timers, tellProtocol } = envAt(clock, fetch, seed + 1_000_003 * (hubs - 1));
    // What was said to an earlier hub, this one does not know.
    server.floors.admit();
    const made = createHub(env, options);
    const retry = async (): Promise<void> => {
      server.floors.admit();
      await made.api.retry();
    };
    return { life, timers, tellProtocol, hub: { ...made, api: { ...made.api, retry } } };
  };
  let now = createLife();

  /** Somebody looks: what panes lack is asked for at once. What nobody asked for keeps to its floor (H8). */
  const looked = (): void => server.floors.lift(/^\/api\/sessions\/[^/]+$/);
  const tabApi = (): HubApi => ({
    ...now.hub.api,
    attach(attach, port) {
      looked();
      server.floors.admit();
      return now.hub.api.attach(attach, port);
    },
    watch(tabId, attachment, watch) {
      looked();
      return now.hub.api.watch(tabId, attachment, watch);
    },
  });

  return {
    clock,
    server,
    get hub() {
      return now.hub;
    },
    get timers() {
      return now.timers;
    },
    speak(protocol) {
      server.budget = /^h[23]/.test(protocol) ? 65 : 4;
      now.tellProtocol(protocol);
    },
    tabs,
    browser,
    async open(sessionId) {
      const tab = createFakeTab(tabApi, clock, `tab-${tabs.length + 1}`, sessionId, browser);
      tabs.push(tab);
      await tab.attach();
      await settled();
      return tab;
    },
    upstreams: () => server.streams().flatMap(({ logIds }) => logIds),
    kill() {
      now.timers.kill();
      for (const { port } of tabs) port.die();
      now.life.abort();
      now = createLife();
    },
  };
}

/** What a pane shows, without what a snapshot leaves out: a tab keeps the older turns that it has seen. */
export function shown(state: SessionState | null): SessionState | null {
  return state === null ? null : lastPage(state);
}

/** Every tab that shows one of these sessions shows the fold of the server's log. */
export function expectPanes({ tabs, server }: World, sessionIds: readonly string[]): void {
  for (const { tabId, watching, state } of tabs) {
    if (watching === null || !sessionIds.includes(watching)) continue;
    same(shown(state), shown(server.state(watching)), `${tabId} on ${watching}`);
  }
}

/** Ends a world: nothing was promised in vain, and nothing is left. */
export function expectClean({ hub, server, tabs, timers }: World): void {
  hub.close();
  hub.close();
  same(server.streams().length, 0, 'streams after close');
  same(server.requests.filter(({ pending }) => pending).length, 0, 'requests after close');
  same(timers.pending, 0, 'timers after close');
  for (const { tabId, port } of tabs) hold(port.closed, `${tabId} has a port after close`);
  server.close();
  same(
    tabs.flatMap(({ broken }) => broken),
    [],
    'promises to tabs',
  );
  same(server.violations, [], 'streams');
}
