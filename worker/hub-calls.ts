/** What a tab may call: everything a person does, and how a tab comes, looks and goes. */
import { HUB_PROTOCOL, type HubApi } from '../shared/hub-api.ts';
import type { HubSnapshot } from '../shared/hub-snapshot.ts';
import type { Alerts } from './alerts.ts';
import type { ApiClient } from './api-client.ts';
import { createCommands } from './commands.ts';
import type { Loader } from './loader.ts';
import type { PrincipalWatch } from './principal.ts';
import type { Rows } from './rows.ts';
import type { Streams } from './streams.ts';
import type { Tab } from './tab.ts';
import type { Tabs } from './tabs.ts';

export interface CallDeps {
  hubId: string;
  build: string;
  client: ApiClient;
  rows: Rows;
  tabs: Tabs;
  alerts: Pick<Alerts<Tab>, 'learn'>;
  loader: Loader;
  streams: Streams;
  whose: PrincipalWatch;
  closed(): boolean;
  /** Connects, or goes on being connected. */
  connect(): void;
  /** By this browser's own wish. */
  signOut(): void;
  report(asker: Tab): HubSnapshot;
  /** Draws the conclusions. */
  settle(): void;
}

export function createCalls(deps: CallDeps): HubApi {
  const { hubId, build, client, rows, tabs, alerts, loader, streams, whose } = deps;
  const { closed, connect, settle } = deps;
  return {
    ...createCommands({
      client,
      onCreated(row) {
        rows.offer(row);
        settle();
      },
      onSignedIn() {
        if (tabs.size > 0) connect();
        settle();
      },
      onSignedOut: deps.signOut,
      logIdOf: (sessionId) => rows.find(sessionId)?.logId,
    }),
    async hello() {
      return { protocol: HUB_PROTOCOL, build, hubId };
    },
    async attach(attach, port) {
      if (closed()) return port.close();
      const { signedInAs = attach.principal ?? null } = attach;
      const here = whose.current();
      if (here !== null && here !== signedInAs) whose.become(signedInAs);
      if (!tabs.attach(attach, port)) return;
      if (attach.known !== undefined) alerts.learn(attach.known);
      if (attach.watch !== null) loader.retry(attach.watch.sessionId);
      connect();
      // Somebody came to look: not the time to wait out a backoff.
      streams.wake();
      settle();
    },
    async watch(tabId, attachment, watch) {
      if (!tabs.watch(tabId, attachment, watch)) return false;
      if (watch !== null) loader.retry(watch.sessionId);
      settle();
      return true;
    },
    async detach(tabId, attachment) {
      tabs.detach(tabId, attachment);
      settle();
    },
    async look() {
      streams.look();
    },
    async retry() {
      if (closed() || tabs.size === 0) return;
      connect();
      streams.retry();
      loader.retry();
      settle();
    },
    async inspect(tabId, attachment) {
      const asker = tabs.find(tabId, attachment);
      const here = whose.current();
      // Whoever was here before has to load anew, and hears nothing (A4).
      if (asker === undefined || (here !== null && asker.principal !== here)) return null;
      return deps.report(asker);
    },
  };
}
