/** What the page knows, as signals, and what it can do. Free of the DOM. */
import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { AgentInfo, Diagnostics } from '../../shared/api.ts';
import type { Result } from '../../shared/errors.ts';
import type { Connection } from '../../shared/hub-api.ts';
import type { HubSnapshot } from '../../shared/hub-snapshot.ts';
import type { Row } from '../../shared/row.ts';
import type { AlertsEnv } from '../alerts/env.ts';
import { createAlertSettings, type AlertSettings } from '../alerts/settings.ts';
import { createTabAlerts } from '../alerts/tab-alerts.ts';
import type { Env, Timers } from '../env.ts';
import type { HubClient } from '../hub/client.ts';
import type { Link } from '../hub/link.ts';
import type { HubSink } from '../hub/sink.ts';
import { createActions, type Actions } from './actions.ts';
import { createAgents } from './agents.ts';
import type { Aids } from './aids.ts';
import { createClock, type Clock } from './clock.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { createEnterKey, type EnterKey } from './enter.ts';
import { followRoute } from './follow-route.ts';
import { createNotices, type Notices } from './notices.ts';
import type { Pane } from './pane.ts';
import { createPanes } from './panes.ts';
import { createPreference, type Preference } from './preference.ts';
import { createPlaces, type Places } from './places.ts';
import { createPrincipal } from './principal.ts';
import { createPrompts, type Prompts } from './prompts.ts';
import { createQueueEdits, type QueueEdits } from './queue-edits.ts';
import { startReadMark } from './read-mark.ts';
import { createRouter, sessionPath, type Router } from './route.ts';
import { createRows, type Rows } from './rows.ts';
import { createSearch, type Search } from './search.ts';
import { createShell, type Shell } from './shell.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { createStanding, type Standing } from './standing.ts';
import { startTabTitle } from './tab-title.ts';
import { createTurnPages, type TurnPages } from './turn-pages.ts';

export interface StoreDeps {
  env: Omit<Env, 'SharedWorker' | 'createChannel'>;
  alerts: AlertsEnv;
  /** Called once; the client is started by the store. */
  createClient(sink: HubSink): HubClient;
  /** What this page was built from. */
  build: string;
}

/** Dialogs that can be called from anywhere. */
export type Dialog = 'palette' | 'shortcuts' | 'new-session' | 'export';

export interface Store {
  readonly link: ReadonlySignal<Link>;
  readonly connection: ReadonlySignal<Connection | null>;
  /** The server runs another build than this page: a reload would bring it. */
  readonly updated: ReadonlySignal<boolean>;
  /** Empty also while they are not known. */
  readonly agents: ReadonlySignal<AgentInfo[]>;
  readonly agentsKnown: ReadonlySignal<boolean>;
  /** Asks again, if they were known: what was wrong with one may be over. Resolves when that is told. */
  lookForAgents(): Promise<void>;
  readonly rows: Rows;
  readonly router: Router;
  readonly pane: ReadonlySignal<Pane | null>;
  /** The row of the pane's session, if the directory has it. */
  readonly paneRow: ReadonlySignal<Row | undefined>;
  readonly notices: Notices;
  readonly prompts: Prompts;
  readonly drafts: Drafts;
  /** Null until they are loaded. */
  readonly aids: ReadonlySignal<Aids | null>;
  loadAids(): Promise<Aids>;
  readonly enter: Preference<EnterKey>;
  readonly queueEdits: QueueEdits;
  readonly actions: Actions;
  readonly search: Search;
  /** `sample`: plays what a sound is like. */
  readonly alerts: { readonly settings: AlertSettings; sample(): Promise<void> };
  /** The dialog that is open over the page, whatever it shows. */
  readonly dialog: Signal<Dialog | null>;
  /** What is written on the home page: it belongs to no session yet. */
  readonly firstMessage: Signal<string>;
  /** Set by the transcript: its last line is in view. */
  readonly atEnd: Signal<boolean>;
  /** Where the reader was in each session. */
  readonly places: Places;
  readonly showTurns: TurnPages['show'];
  readonly keepTurns: TurnPages['keep'];
  readonly signIn: SignIn;
  readonly standing: Standing;
  readonly timers: Timers;
  /** Somebody may be looking at the page. */
  readonly visible: ReadonlySignal<boolean>;
  /** How the hub does, and what the server counts. */
  readonly inspect: { hub(): Promise<HubSnapshot | null>; server(): Promise<Result<Diagnostics>> };
  readonly shell: Shell;
  /** Whether shortcuts of one letter are listened to. */
  readonly singleKeys: Preference<'on' | 'off'>;
  readonly clock: Clock;
  /** See `HubClient.retry`. */
  retry(): void;
  /** Twice is fine; leaves no listener, frame or timer. */
  close(): void;
}

/** Starts at once: connects to the hub, follows the address bar and the page's life. */
export function createStore({ env, alerts: alertsEnv, createClient, build }: StoreDeps): Store {
  const link = signal<Link>({ state: 'suspended' });
  const connection = signal<Connection | null>(null);
  const updated = signal(false);
  const visible = signal(env.pageLife.visible());
  const atEnd = signal(false);
  const firstMessage = signal('');
  const standing = createStanding(env.timers.now);
  const rows = createRows();
  const router = createRouter(env.addressBar);
  const shell = createShell(env);
  const singleKeys = createPreference(env, 'tabcast.single-keys', ['on', 'off']);
  const clock = createClock(env.timers);
  const notices = createNotices();
  const places = createPlaces();
  const panes = createPanes({
    frames: env.frames,
    logOf: (sessionId) => rows.find(sessionId)?.logId,
    onWatch: () => client.rewatch(),
  });

  const settings = createAlertSettings(alertsEnv);
  const alerts = createTabAlerts({
    env: alertsEnv,
    settings,
    visible: env.pageLife.visible,
    row: rows.byLog,
    pane() {
      const view = panes.pane.peek()?.view;
      return view?.kind === 'shown' ? { logId: view.state.logId, atEnd: atEnd.peek() } : null;
    },
    idle: () => router.route.peek().kind !== 'session',
    pathOf: (row) => sessionPath(row.id),
    navigate: router.navigate,
    reply: (reply) => client.say({ reply }),
  });

  const agents = createAgents(() => client.commands);
  const leave = (path: string) => {
    alerts.close();
    env.forgetFiles();
    env.addressBar.leave(path);
  };
  const principal = createPrincipal({ signedInAs: env.signedInAs, leave: () => leave('/') });

  const client = createClient({
    onLink(next) {
      standing.onLink(next);
      link.value = next;
    },
    onPrincipal: principal.told,
    onConnection(next) {
      connection.value = next;
      if (next.state === 'signed-out' && next.ended === true) leave('/sign-in');
      if (next.state === 'live' && !agents.known.peek()) void agents.load();
    },
    onDirectory(delta) {
      for (const logId of delta.removed) {
        panes.forget(logId);
        places.forget(logId);
        aids.peek()?.attachments.forget(logId);
      }
      alerts.onDirectory(delta);
      rows.apply(delta);
      alerts.tidy();
    },
    onAlerts: alerts.onOffers,
    about() {
      const known = alerts.known();
      const signedInAs = env.signedInAs();
      const current = principal.current();
      return {
        ...(current === null ? {} : { principal: current }),
        ...(signedInAs === null ? {} : { signedInAs }),
        presence: alerts.presence(),
        ...(known === undefined ? {} : { known }),
      };
    },
    onPane: panes.apply,
    onServerBuild(running) {
      updated.value = running !== build;
    },
    watch: panes.watch,
  });
  const actions = createActions(client.commands, notices);
  const { commands } = client;
  const turnPages = createTurnPages(actions, panes);
  const drafts = createDrafts({ commands, timers: env.timers });
  const aids = signal<Aids | null>(null);
  const loadAids = async () => {
    const { createAids } = await import('./aids.ts');
    const who = () => principal.current() ?? env.signedInAs();
    aids.value ??= createAids({ commands, who, env, randomId: env.randomId });
    return aids.value;
  };
  const enter = createEnterKey(env, env.media('(pointer: coarse)').matches());
  const prompts = createPrompts({
    commands,
    drafts,
    aids: () => aids.peek(),
    notices,
    randomId: env.randomId,
  });
  const queueEdits = createQueueEdits({ commands, drafts, notices });

  const signIn = createSignIn(client.commands);
  const search = createSearch({ commands: client.commands, timers: env.timers });

  const paneRow = computed(() => {
    const pane = panes.pane.value;
    if (pane === null) return undefined;
    return pane.view.kind === 'shown'
      ? rows.byLog(pane.view.state.logId)
      : rows.find(pane.sessionId);
  });

  const stops = [
    followRoute(router, rows, panes),
    startReadMark({
      seen() {
        const row = paneRow.value;
        const view = panes.pane.value?.view;
        if (!visible.value || row === undefined || view?.kind !== 'shown') return null;
        return { row, seq: view.state.seq, atEnd: atEnd.value };
      },
      focused: alertsEnv.focused,
      timers: env.timers,
      async markRead({ id, readMark }, readSeq) {
        return (await commands.patchSession(id, { readSeq, readMark })).ok;
      },
    }),
    env.pageLife.onVisibility((now) => {
      visible.value = now;
      if (!now) return drafts.flush();
      if (!principal.isStillHere()) return;
      settings.read();
      clock.read();
      client.probe();
      // Another hub's tab may have signed in meanwhile.
      if (connection.peek()?.state === 'signed-out') client.retry();
    }),
    effect(() => {
      // What it depends on, beyond the settings.
      void visible.value;
      client.say({ presence: alerts.presence() });
    }),
    env.pageLife.onHide(() => {
      drafts.flush();
      client.suspend();
    }),
    env.pageLife.onShow(() => {
      if (principal.isStillHere()) client.resume();
    }),
    effect(() => {
      if (paneRow.value !== undefined) drafts.show(paneRow.value);
    }),
    effect(() => {
      const row = paneRow.value;
      const view = panes.pane.value?.view;
      if (row === undefined || view?.kind !== 'shown') return;
      queueEdits.check({ sessionId: row.id, logId: row.logId }, view.state.queue);
    }),
    env.pageLife.onShow(settings.read),
    startTabTitle({ face: env.face, rows, paneRow, route: router.route }),
    shell.close,
    singleKeys.close,
    clock.close,
    settings.close,
    enter.close,
    () => aids.peek()?.attachments.close(),
    alerts.close,
    router.close,
    panes.close,
    drafts.close,
    search.close,
    client.close,
  ];
  client.start();

  return {
    link,
    connection,
    updated,
    agents: agents.list,
    agentsKnown: agents.known,
    lookForAgents: async () => (agents.known.peek() ? agents.load() : undefined),
    rows,
    router,
    pane: panes.pane,
    paneRow,
    notices,
    prompts,
    drafts,
    aids,
    loadAids,
    enter,
    queueEdits,
    actions,
    search,
    alerts: { settings, sample: alerts.sample },
    dialog: signal(null),
    firstMessage,
    atEnd,
    places,
    signIn,
    standing,
    timers: env.timers,
    visible,
    inspect: { hub: client.inspect, server: commands.diagnostics },
    shell,
    singleKeys,
    clock,
    showTurns: turnPages.show,
    keepTurns: turnPages.keep,
    retry: client.retry,
    close() {
      for (const stop of stops.splice(0)) stop();
    },
  };
}
