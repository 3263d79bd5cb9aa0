/** A store over a client without a hub: the test plays the hub into the sink. */
import type { Aside, Attach, Batch, Watch } from '../../shared/hub-api.ts';
import type { HubSnapshot } from '../../shared/hub-snapshot.ts';
import type { Link } from '../hub/link.ts';
import type { HubSink } from '../hub/sink.ts';
import type { Row } from '../../shared/row.ts';
import type { SessionState } from '../../shared/state.ts';
import { createStore, type Store } from '../store/store.ts';
import { createFakeAlertsEnv, type FakeAlertsEnv } from './fake-alerts-env.ts';
import { createFakeCommands, type FakeCommands } from './fake-commands.ts';
import { createFakeKeptFiles, type FakeKeptFiles } from './fake-kept-files.ts';
import {
  createFakeAddressBar,
  createFakeFace,
  createFakeFrames,
  createFakeMedia,
  createFakePageLife,
  createFakeTimers,
  type FakeAddressBar,
  type FakeFace,
  type FakeFrames,
  type FakeMedia,
  type FakePageLife,
  type FakeTimers,
} from './fake-env.ts';

export interface Page {
  store: Store;
  commands: FakeCommands;
  frames: FakeFrames;
  timers: FakeTimers;
  addressBar: FakeAddressBar;
  pageLife: FakePageLife;
  face: FakeFace;
  media: FakeMedia;
  /** What the client was told to do, in order. */
  readonly did: string[];
  /** What it told the hub on the side. */
  readonly said: Aside[];
  /** What the browser's cookie says. */
  signedInAs: string | null;
  readonly alerts: FakeAlertsEnv;
  /** What the browser keeps of attached files. */
  readonly kept: FakeKeptFiles;
  /** What the hub says of itself. */
  hub: HubSnapshot | null;
  /** What a hub would be told on attaching. */
  about(): Pick<Attach, 'principal' | 'signedInAs' | 'presence' | 'known'>;
  /** How the tab stands with the hub. */
  link(link: Link): void;
  /** What the tab watches now. */
  watch(): Watch | null;
  /** What the hub sends; painted at once. */
  receive(content: Omit<Batch, 'hubId' | 'n'>): void;
  rows(rows: Row[]): void;
  /** A snapshot for the present watch. */
  snapshot(state: SessionState): void;
}

/** @param path the address the page was opened at; `answers`: see FakeCommands */
export function createPage(path: string, answers: FakeCommands['answers'] = {}): Page {
  const did: string[] = [];
  const said: Aside[] = [];
  const alerts = createFakeAlertsEnv();
  const commands = createFakeCommands();
  commands.answers = answers;
  const frames = createFakeFrames();
  const timers = createFakeTimers();
  const addressBar = createFakeAddressBar(path);
  const pageLife = createFakePageLife();
  const face = createFakeFace();
  const media = createFakeMedia();
  let sink: HubSink | null = null;
  let watch: Watch | null = null;
  let version = 0;
  let ids = 0;
  const kept = createFakeKeptFiles();
  const note = (what: string) => () => void did.push(what);
  const rewatch = () => {
    did.push('rewatch');
    watch = sink?.watch() ?? null;
  };

  const store = createStore({
    alerts,
    env: {
      frames,
      timers,
      signedInAs: () => page.signedInAs,
      addressBar,
      pageLife,
      face,
      media: media.media,
      keptFiles: kept,
      forgetFiles: () => void kept.all.splice(0),
      storage: alerts.storage,
      onStorage: alerts.onStorage,
      randomId: () => `id-${(ids += 1)}`,
    },
    build: 'b',
    createClient(given) {
      sink = given;
      return {
        commands,
        start() {
          did.push('start');
          given.onLink({
            state: 'attached',
            hub: { protocol: 1, build: 'b', hubId: 'hub' },
            inPage: false,
          });
          given.onConnection({ state: 'live' });
          watch = given.watch();
        },
        rewatch,
        say: (aside) => void said.push(aside),
        retry: note('retry'),
        probe: note('probe'),
        async inspect() {
          did.push('inspect');
          return page.hub;
        },
        suspend: note('suspend'),
        resume: note('resume'),
        close: note('close'),
      };
    },
  });
  const page: Page = {
    store,
    commands,
    frames,
    timers,
    addressBar,
    pageLife,
    face,
    media,
    did,
    said,
    signedInAs: null,
    alerts,
    kept,
    hub: null,
    about: () => sink?.about() ?? {},
    link: (link) => sink?.onLink(link),
    watch: () => watch,
    receive(content) {
      if (content.principal !== undefined) sink?.onPrincipal(content.principal);
      if (content.connection !== undefined) sink?.onConnection(content.connection);
      if (content.directory !== undefined) sink?.onDirectory(content.directory);
      if (content.pane !== undefined) sink?.onPane(content.pane);
      if (content.alerts !== undefined) sink?.onAlerts(content.alerts);
      if (content.serverBuild !== undefined) sink?.onServerBuild(content.serverBuild);
      frames.paint();
    },
    rows(rows) {
      version += 1;
      page.receive({ directory: { version, reset: true, rows, removed: [] } });
    },
    snapshot(state) {
      const watchId = watch?.watchId ?? 0;
      page.receive({ pane: { watchId, kind: 'snapshot', reason: 'start', state } });
    },
  };
  return page;
}
