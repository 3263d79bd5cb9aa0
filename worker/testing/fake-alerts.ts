/** What a page does about alerts, in a test: the claims that a browser's tabs share, and each tab's part. */
import { stands, type AlertOffer, type AlertReply, type Presence } from '../../shared/alerts.ts';
import type { DirectoryDelta } from '../../shared/directory.ts';
import type { Aside, Attach, Batch } from '../../shared/hub-api.ts';
import { createRowMemory } from '../../shared/row-memory.ts';
import type { Row } from '../../shared/row.ts';
import type { FakeClock } from './fake-clock.ts';

export interface FakeBrowser {
  /** Notifications that were shown and sounds that were played, in order. */
  readonly told: { id: string; how: 'notify' | 'sound'; tabId: string }[];
  /** What a tab was asked to tell although it had been told: only two hubs that don't know of each other do that. */
  readonly refused: string[];
  /** Alerts that somebody looked at when they came. */
  readonly looked: Set<string>;
  /** As the real ones: kept beyond the life of any hub or tab. */
  claim(key: string): boolean;
}

export function createFakeBrowser(): FakeBrowser {
  const claims = new Set<string>();
  return {
    told: [],
    refused: [],
    looked: new Set(),
    claim(key) {
      if (claims.has(key)) return false;
      claims.add(key);
      return true;
    },
  };
}

export interface FakeAlerts {
  presence: Presence;
  /** Of the page's window. */
  focused: boolean;
  /** A person has clicked in it: it may play sounds. */
  activated: boolean;
  /** Offers that came. */
  readonly offers: AlertOffer[];
  /** What to say when attaching. */
  about(): Pick<Attach, 'presence' | 'known'>;
  onDirectory(delta: DirectoryDelta): void;
  onBatch(batch: Batch, send: (aside: Aside) => void): void;
  /** A new page in the same tab. */
  reset(): void;
}

export interface FakeAlertsDeps {
  browser: FakeBrowser;
  clock: Pick<FakeClock, 'now'>;
  tabId: string;
  rows(): ReadonlyMap<string, Row>;
  /** The log in the pane. */
  shows(): string | undefined;
}

/** A page in the background that may tell. */
export function createFakeAlerts({ browser, clock, tabId, rows, shows }: FakeAlertsDeps) {
  let memory = createRowMemory(clock.now);
  const tell = (id: string, how: 'notify' | 'sound'): boolean => {
    if (browser.claim(`${id}:${how}`)) browser.told.push({ id, how, tabId });
    else browser.refused.push(`${id} ${how} ${tabId}`);
    return true;
  };
  const answer = ({ alert, notify, sound, until }: AlertOffer): AlertReply => {
    const { id, logId } = alert;
    const reply = { id, late: false, over: false, notified: false, sounded: false };
    if (clock.now() >= until) return { ...reply, late: true };
    if (!stands(alert, rows().get(logId))) return { ...reply, over: true };
    if (fake.presence.visible && fake.focused && shows() === logId) {
      browser.claim(`${id}:notify`);
      browser.claim(`${id}:sound`);
      browser.looked.add(id);
      return { ...reply, over: true };
    }
    return {
      ...reply,
      notified: notify && tell(id, 'notify'),
      sounded: sound && fake.activated && tell(id, 'sound'),
    };
  };
  const fake: FakeAlerts = {
    presence: { visible: false, notify: true, sound: false },
    focused: true,
    activated: true,
    offers: [],
    about() {
      const known = memory.known();
      return { presence: fake.presence, ...(known === undefined ? {} : { known }) };
    },
    onDirectory: (delta) => memory.apply(delta),
    onBatch({ alerts = [] }, send) {
      for (const offer of alerts) {
        fake.offers.push(offer);
        send({ reply: answer(offer) });
      }
    },
    reset() {
      memory = createRowMemory(clock.now);
    },
  };
  return fake;
}
