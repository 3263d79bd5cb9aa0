/** The attached tabs: who they are, what they show, and when the last one has been gone for a while. */
import type { AlertReply } from '../shared/alerts.ts';
import type { Attach, DeliveryPort, Watch } from '../shared/hub-api.ts';
import type { Cancel, HubEnv } from './env.ts';
import { createTab, TICK_MS, type Tab, type TabSource } from './tab.ts';

/** Connections are kept this long after the last tab left, milliseconds: a reload finds them. */
export const PARK_MS = 20_000;

export interface Tabs {
  readonly size: number;
  all(): Iterable<Tab>;
  /** That attachment, if it is the present one of its tab. */
  find(tabId: string, attachment: number): Tab | undefined;
  /** What the tabs show, one entry per tab that shows anything. */
  watches(): Watch[];
  /** Replaces an earlier attachment of the same tab. @returns false when a later one is there: the port is closed */
  attach(attach: Attach, port: DeliveryPort): boolean;
  /** @returns false when there is no such attachment */
  watch(tabId: string, attachment: number, watch: Watch | null): boolean;
  detach(tabId: string, attachment: number): void;
  /** Sends each tab what it lacks. */
  flush(): void;
  /** Closes every port and leaves no timer. Twice is a no-op. */
  close(): void;
}

export interface TabsDeps {
  env: Pick<HubEnv, 'after' | 'now'>;
  source: TabSource;
  /** A session is shown by more or fewer tabs than before. */
  onWatch(sessionId: string): void;
  /** A tab left by itself: its lease ran out or its port throws. */
  onGone(): void;
  /** No tab for `PARK_MS`. */
  onDeserted(): void;
  onPresence(): void;
  onReply(tab: Tab, reply: AlertReply): void;
}

export function createTabs(deps: TabsDeps): Tabs {
  const { env, source, onWatch, onGone, onDeserted, onPresence, onReply } = deps;
  const tabs = new Map<string, Tab>();
  let seen = 0;
  let cancelTick: Cancel | null = null;
  let cancelPark: Cancel | null = null;

  const tick = (): void => {
    cancelTick = env.after(TICK_MS, tick);
    for (const tab of tabs.values()) tab.tick();
  };
  const stopTimers = (): void => {
    cancelTick?.();
    cancelPark?.();
    cancelTick = null;
    cancelPark = null;
  };
  const find = (tabId: string, attachment: number): Tab | undefined => {
    const tab = tabs.get(tabId);
    return tab?.attachment === attachment ? tab : undefined;
  };
  const told = (watch: Watch | null | undefined): void => {
    if (watch != null) onWatch(watch.sessionId);
  };
  const remove = (tab: Tab): void => {
    tabs.delete(tab.tabId);
    tab.close();
    told(tab.pane?.watch);
    if (tabs.size > 0) return;
    stopTimers();
    cancelPark = env.after(PARK_MS, () => {
      cancelPark = null;
      onDeserted();
    });
  };

  return {
    get size() {
      return tabs.size;
    },
    all: () => tabs.values(),
    find,
    watches: () => [...tabs.values()].flatMap(({ pane }) => (pane === null ? [] : [pane.watch])),
    attach(attach, port) {
      const before = tabs.get(attach.tabId);
      if (before !== undefined && before.attachment > attach.attachment) {
        port.close();
        return false;
      }
      before?.close();
      told(before?.pane?.watch);
      const tab = createTab(
        {
          source,
          port,
          now: env.now,
          onPresence,
          nextSeen: () => (seen += 1),
          onReply,
          onGone(gone) {
            if (tabs.get(gone.tabId) !== gone) return;
            remove(gone);
            onGone();
          },
        },
        attach,
      );
      tabs.set(attach.tabId, tab);
      told(attach.watch);
      cancelPark?.();
      cancelPark = null;
      cancelTick ??= env.after(TICK_MS, tick);
      return true;
    },
    watch(tabId, attachment, watch) {
      const tab = find(tabId, attachment);
      if (tab === undefined) return false;
      const before = tab.pane?.watch;
      tab.watch(watch);
      told(before);
      told(watch);
      return true;
    },
    detach(tabId, attachment) {
      const tab = find(tabId, attachment);
      if (tab !== undefined) remove(tab);
    },
    flush() {
      for (const tab of tabs.values()) tab.flush();
    },
    close() {
      stopTimers();
      for (const tab of tabs.values()) tab.close();
      tabs.clear();
    },
  };
}
