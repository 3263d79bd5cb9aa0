/** A hub with a scripted server and model tabs around it. */
import { expect } from 'vitest';
import { lastPage, type SessionState } from '../../shared/state.ts';
import { createHub, type Hub, type HubOptions } from '../hub.ts';
import { createFakeClock, settled, type FakeClock, type Timers } from './fake-clock.ts';
import { envAt } from './fake-env.ts';
import { createFakeServer, type FakeServer } from './fake-server.ts';
import { createFakeTab, type FakeTab } from './fake-tab.ts';

export interface World {
  clock: FakeClock;
  server: FakeServer;
  hub: Hub;
  /** Of the hub. */
  timers: Timers;
  /** The browser tells how it reached the server. From now on the server allows as many streams as fit to it. */
  speak(protocol: string): void;
  tabs: FakeTab[];
  /** Opens a tab on `/session/<sessionId>`, or on `/`. */
  open(sessionId: string | null): Promise<FakeTab>;
  /** Logs that any connection of the hub carries, one entry per connection. */
  upstreams(): string[];
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
  const { env, timers, tellProtocol } = envAt(clock, server.fetch, seed);
  const hub = createHub(env, options);
  const tabs: FakeTab[] = [];
  return {
    clock,
    server,
    hub,
    timers,
    speak(protocol) {
      server.budget = /^h[23]/.test(protocol) ? 65 : 4;
      tellProtocol(protocol);
    },
    tabs,
    async open(sessionId) {
      const tab = createFakeTab(hub.api, `tab-${tabs.length + 1}`, sessionId);
      tabs.push(tab);
      await tab.attach();
      await settled();
      return tab;
    },
    upstreams: () => server.streams().flatMap(({ logIds }) => logIds),
  };
}

/** What a pane shows, without what a snapshot leaves out: a tab keeps the older turns that it has seen. */
export function shown(state: SessionState | null): SessionState | null {
  return state === null ? null : lastPage(state);
}

/** Every tab that shows one of these sessions shows the fold of the server's log. */
export function expectPanes({ tabs, server }: World, sessionIds: readonly string[]): void {
  for (const { watching, state } of tabs) {
    if (watching === null || !sessionIds.includes(watching)) continue;
    expect(shown(state)).toEqual(shown(server.state(watching)));
  }
}

/** Ends a world: nothing was promised in vain, and nothing is left. */
export function expectClean({ hub, server, tabs, timers }: World): void {
  hub.close();
  server.close();
  expect(tabs.flatMap(({ broken }) => broken)).toEqual([]);
  expect(server.violations).toEqual([]);
  expect(timers.pending).toBe(0);
  expect(server.streams()).toEqual([]);
}
