/** A tab's part in alerts: it says whether somebody looks, tells what the hub asks it to, and takes it back when seen. */
import {
  stands,
  type Alert,
  type AlertOffer,
  type AlertReply,
  type KnownRows,
  type Presence,
} from '../../shared/alerts.ts';
import type { DirectoryDelta } from '../../shared/directory.ts';
import { createRowMemory } from '../../shared/row-memory.ts';
import type { Row } from '../../shared/row.ts';
import type { AlertsEnv, Teller } from './env.ts';
import type { AlertSettings } from './settings.ts';
import { alertWords } from './words.ts';

export interface TabAlertsDeps {
  env: Pick<AlertsEnv, 'focused' | 'comeToFront' | 'openTab' | 'now' | 'loadTeller'>;
  settings: AlertSettings;
  visible(): boolean;
  row(logId: string): Row | undefined;
  /** The log in the pane, and whether its end is in view. */
  pane(): { logId: string; atEnd: boolean } | null;
  /** True on pages that show no session: another page may take their place. */
  idle(): boolean;
  pathOf(row: Row): string;
  navigate(path: string): void;
  reply(reply: AlertReply): void;
}

export interface TabAlerts {
  presence(): Presence;
  known(): KnownRows | undefined;
  /** Before the offers that came with it. */
  onDirectory(delta: DirectoryDelta): void;
  onOffers(offers: readonly AlertOffer[]): void;
  /** The rows changed: closes what is seen, answered or gone. */
  tidy(): void;
  /** Plays what there is to hear, for a person who switched it on. */
  sample(): Promise<void>;
  /** Closes every notification of this tab. */
  close(): void;
}

export function createTabAlerts(deps: TabAlertsDeps): TabAlerts {
  const { env, settings } = deps;
  const memory = createRowMemory(env.now);
  const shown = new Map<string, { alert: Alert; close: () => void }>();
  let teller: Promise<Teller> | null = null;

  const load = () => {
    teller ??= env.loadTeller();
    teller.catch(() => {
      teller = null;
    });
    return teller;
  };
  const presence = (): Presence => ({
    visible: deps.visible(),
    notify: settings.notifications.value === 'on',
    sound: settings.sound.value === 'on',
  });

  const open = (alert: Alert) => {
    env.comeToFront();
    const row = deps.row(alert.logId);
    if (row === undefined || deps.pane()?.logId === alert.logId) return;
    const path = deps.pathOf(row);
    // What is shown in this tab stays, where the browser lets us.
    if (deps.idle() || !env.openTab(path)) deps.navigate(path);
  };

  const notify = async ({ claim, show }: Teller, alert: Alert): Promise<boolean> => {
    if (!(await claim(`${alert.id}:notify`))) return true;
    const row = deps.row(alert.logId);
    // Seen, while the claim was made.
    if (row === undefined || !stands(alert, row)) return true;
    const title = row.title === '' ? 'Untitled' : row.title;
    const note = { id: alert.id, title, body: alertWords(alert), onClick: () => open(alert) };
    const close = show(note);
    if (close !== null) shown.set(alert.id, { alert, close });
    return close !== null;
  };

  const sound = async ({ claim, mayPlay, play }: Teller, alert: Alert): Promise<boolean> => {
    if (!mayPlay()) return false;
    if (await claim(`${alert.id}:sound`)) play(alert.kind === 'request' ? 'ask' : 'done');
    return true;
  };

  const answer = async (offer: AlertOffer): Promise<AlertReply> => {
    const { alert, until } = offer;
    const reply = { id: alert.id, late: false, over: false, notified: false, sounded: false };
    if (env.now() >= until) return { ...reply, late: true };
    if (!stands(alert, deps.row(alert.logId))) return { ...reply, over: true };
    const pane = deps.pane();
    const looking = deps.visible() && env.focused() && pane?.logId === alert.logId && pane.atEnd;
    if (!looking && !offer.notify && !offer.sound) return reply;
    const telling = await load();
    if (looking) {
      // Another hub of this browser must not tell it either.
      await Promise.all(['notify', 'sound'].map((how) => telling.claim(`${alert.id}:${how}`)));
      return { ...reply, over: true };
    }
    const { notifications } = settings;
    return {
      ...reply,
      notified: offer.notify && notifications.value === 'on' && (await notify(telling, alert)),
      sounded: offer.sound && settings.sound.value === 'on' && (await sound(telling, alert)),
    };
  };

  return {
    presence,
    known: memory.known,
    onDirectory: memory.apply,
    onOffers(offers) {
      for (const offer of offers) {
        // A script that can't be loaded: another tab may have it.
        answer(offer).then(deps.reply, () => {});
      }
    },
    tidy() {
      for (const [id, { alert, close }] of shown) {
        if (stands(alert, deps.row(alert.logId))) continue;
        close();
        shown.delete(id);
      }
    },
    async sample() {
      (await load()).play('done');
    },
    close() {
      for (const { close } of shown.values()) close();
      shown.clear();
    },
  };
}
