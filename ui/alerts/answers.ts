/** Answers what a hub asks about alerts, and tells them. Loaded with the first question. */
import { stands, type Alert, type AlertOffer, type AlertReply } from '../../shared/alerts.ts';
import type { Teller } from './env.ts';
import type { TabAlertsDeps } from './tab-alerts.ts';
import { alertWords } from './words.ts';

export interface Answers {
  answer(offer: AlertOffer): Promise<AlertReply>;
  /** The rows changed: closes what is seen, answered or gone. */
  tidy(): void;
  /** Plays what there is to hear. */
  sample(): void;
  /** Closes every notification of this tab. */
  close(): void;
}

/** Shows nothing before a hub asks for it. */
export function createAnswers(deps: TabAlertsDeps, teller: Teller): Answers {
  const { env, settings } = deps;
  const shown = new Map<string, { alert: Alert; close: () => void }>();

  const open = (alert: Alert) => {
    env.comeToFront();
    const row = deps.row(alert.logId);
    if (row === undefined || deps.pane()?.logId === alert.logId) return;
    const path = deps.pathOf(row);
    // What is shown in this tab stays, where the browser lets us.
    if (deps.idle() || !env.openTab(path)) deps.navigate(path);
  };

  const notify = async (alert: Alert): Promise<boolean> => {
    if (!(await teller.claim(`${alert.id}:notify`))) return true;
    const row = deps.row(alert.logId);
    // Seen, while the claim was made.
    if (row === undefined || !stands(alert, row)) return true;
    const title = row.title === '' ? 'Untitled' : row.title;
    const note = { id: alert.id, title, body: alertWords(alert), onClick: () => open(alert) };
    const close = teller.show(note);
    if (close !== null) shown.set(alert.id, { alert, close });
    return close !== null;
  };

  const sound = async (alert: Alert): Promise<boolean> => {
    if (!teller.mayPlay()) return false;
    if (await teller.claim(`${alert.id}:sound`))
      teller.play(alert.kind === 'request' ? 'ask' : 'done');
    return true;
  };

  const answer = async (offer: AlertOffer): Promise<AlertReply> => {
    const { alert, until } = offer;
    const reply = { id: alert.id, late: false, over: false, notified: false, sounded: false };
    if (env.now() >= until) return { ...reply, late: true };
    if (!stands(alert, deps.row(alert.logId))) return { ...reply, over: true };
    const pane = deps.pane();
    const looking = deps.visible() && env.focused() && pane?.logId === alert.logId && pane.atEnd;
    if (looking) {
      // Another hub of this browser must not tell it either.
      await Promise.all(['notify', 'sound'].map((how) => teller.claim(`${alert.id}:${how}`)));
      return { ...reply, over: true };
    }
    const { notifications } = settings;
    return {
      ...reply,
      notified: offer.notify && notifications.value === 'on' && (await notify(alert)),
      sounded: offer.sound && settings.sound.value === 'on' && (await sound(alert)),
    };
  };

  return {
    answer,
    tidy() {
      for (const [id, { alert, close }] of shown) {
        if (stands(alert, deps.row(alert.logId))) continue;
        close();
        shown.delete(id);
      }
    },
    sample: () => teller.play('done'),
    close() {
      for (const { close } of shown.values()) close();
      shown.clear();
    },
  };
}
