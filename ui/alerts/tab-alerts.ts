/** A tab's part in alerts: it says what its page allows and knew; what the hub asks, `answers.ts` answers. */
import type { AlertOffer, AlertReply, KnownRows, Presence } from '../../shared/alerts.ts';
import type { DirectoryDelta } from '../../shared/directory.ts';
import { createRowMemory } from '../../shared/row-memory.ts';
import type { Row } from '../../shared/row.ts';
import type { Answers } from './answers.ts';
import type { AlertsEnv } from './env.ts';
import type { AlertSettings } from './settings.ts';

export interface TabAlertsDeps {
  env: Pick<AlertsEnv, 'focused' | 'comeToFront' | 'openTab' | 'now' | 'loadAnswers'>;
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
  let answers: Answers | null = null;
  let loading: Promise<Answers> | null = null;
  let closed = false;

  const load = (): Promise<Answers> => {
    loading ??= env.loadAnswers(deps).then((loaded) => {
      if (closed) loaded.close();
      else answers = loaded;
      return loaded;
    });
    loading.catch(() => {
      loading = null;
    });
    return loading;
  };
  const presence = (): Presence => ({
    visible: deps.visible(),
    notify: settings.notifications.value === 'on',
    sound: settings.sound.value === 'on',
  });

  return {
    presence,
    known: memory.known,
    onDirectory: memory.apply,
    onOffers(offers) {
      for (const offer of offers) {
        // A script that can't be loaded: another tab may have it.
        load()
          .then(({ answer }) => answer(offer))
          .then(deps.reply, () => {});
      }
    },
    tidy: () => answers?.tidy(),
    sample: () =>
      load().then(
        ({ sample }) => sample(),
        () => {},
      ),
    close() {
      closed = true;
      answers?.close();
    },
  };
}
