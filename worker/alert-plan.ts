/**
 * Which tab is asked next about an alert: first whether anybody looks, then one tab after the other to tell it, until
 * one did. Pure; the driver is `alerts.ts`.
 */
import type { Alert, AlertOffer, AlertReply, Presence } from '../shared/alerts.ts';

/** For the answer whether somebody looks, milliseconds. */
export const LOOK_MS = 1_000;
/** For telling. A frozen or dead page does not answer; the next one is asked. */
export const TELL_MS = 2_000;

/** A tab, as far as alerts go. Told from a later attachment of the same page by identity. */
export interface Hearer {
  readonly presence: Presence;
  /** Rises with each time it came into view or left it. */
  readonly seen: number;
}

/** An alert on its way. `H` is the tab's own identity. */
export interface Telling<H> {
  alert: Alert;
  /** When it is given up, milliseconds since the epoch. */
  until: number;
  /** What nobody has done yet. */
  notify: boolean;
  sound: boolean;
  asked: ReadonlySet<H>;
  told: ReadonlySet<H>;
  /** Who has not answered yet, and until when that is waited for. */
  waiting: ReadonlyMap<H, number>;
}

export function startTelling<H>(alert: Alert, until: number): Telling<H> {
  return {
    alert,
    until,
    notify: true,
    sound: true,
    asked: new Set(),
    told: new Set(),
    waiting: new Map(),
  };
}

export interface Plan<H> {
  telling: Telling<H>;
  offers: { to: H; offer: AlertOffer }[];
}

/**
 * What to ask now.
 * @param tabs those that are attached
 * @param shows true when that tab's pane is of the alert's session
 */
export function plan<H extends Hearer>(
  telling: Telling<H>,
  tabs: readonly H[],
  shows: (tab: H) => boolean,
  now: number,
): Plan<H> {
  const here = new Set(tabs);
  const waiting = [...telling.waiting].filter(([tab, late]) => late > now && here.has(tab));
  const still: Telling<H> = { ...telling, waiting: new Map(waiting) };
  const able = tabs.filter(
    ({ presence }) => (telling.notify && presence.notify) || (telling.sound && presence.sound),
  );
  if (waiting.length > 0 || able.length === 0) return { telling: still, offers: [] };
  const { alert } = telling;

  const lookers = tabs.filter(
    (tab) => tab.presence.visible && shows(tab) && !telling.asked.has(tab),
  );
  if (lookers.length > 0) {
    const offer: AlertOffer = { alert, until: now + LOOK_MS, notify: false, sound: false };
    return {
      telling: {
        ...still,
        asked: new Set([...telling.asked, ...lookers]),
        waiting: new Map(lookers.map((tab) => [tab, now + LOOK_MS])),
      },
      offers: lookers.map((to) => ({ to, offer })),
    };
  }

  // One that shows the session comes first: a click can bring nothing but its own page to the front.
  const rank = (tab: H): number => (shows(tab) ? 0 : tab.presence.visible ? 1 : 2);
  const [to] = able
    .filter((tab) => !telling.told.has(tab))
    .toSorted((a, b) => rank(a) - rank(b) || b.seen - a.seen);
  if (to === undefined) return { telling: still, offers: [] };
  const notify = telling.notify && to.presence.notify;
  const sound = telling.sound && to.presence.sound;
  return {
    telling: {
      ...still,
      told: new Set([...telling.told, to]),
      waiting: new Map([[to, now + TELL_MS]]),
    },
    offers: [{ to, offer: { alert, until: now + TELL_MS, notify, sound } }],
  };
}

/** @returns null when nothing is left to do */
export function heard<H>(telling: Telling<H>, from: H, reply: AlertReply): Telling<H> | null {
  if (reply.late) return again(telling, from);
  const notify = telling.notify && !reply.notified;
  const sound = telling.sound && !reply.sounded;
  if (reply.over || (!notify && !sound)) return null;
  const waiting = new Map(telling.waiting);
  waiting.delete(from);
  return { ...telling, notify, sound, waiting };
}

function again<H>(telling: Telling<H>, tab: H): Telling<H> {
  const [asked, told] = [new Set(telling.asked), new Set(telling.told)];
  const waiting = new Map(telling.waiting);
  for (const each of [asked, told, waiting]) each.delete(tab);
  return { ...telling, asked, told, waiting };
}
