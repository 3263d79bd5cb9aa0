/** Wires the page to the browser. */
import { render } from 'preact';
// oxlint-disable-next-line import/default -- Vite makes this module: its default export is the bundle's address
import hubUrl from '../worker/main.ts?sharedworker&url';
import { browserAlertsEnv } from './alerts/env.ts';
import { App } from './components/app.tsx';
import { Home, SessionPane } from './components/lazy-pages.ts';
import { FullBanner } from './components/state-banner.tsx';
import { browserEnv } from './env.ts';
import { createHubClient } from './hub/client.ts';
import { createConnectHub, type HubModule } from './hub/connect.ts';
import { createGenerations } from './hub/generation.ts';
import { createStore } from './store/store.ts';

declare const __BUILD__: string;

const env = browserEnv();
const connect = createConnectHub({
  url: hubUrl,
  SharedWorker: env.SharedWorker,
  importHub: (url) => import(/* @vite-ignore */ url) as Promise<HubModule>,
  createChannel: env.createChannel,
});
const generations = createGenerations(env.storage);
const store = createStore({
  env,
  alerts: browserAlertsEnv(env.storage),
  build: __BUILD__,
  createClient: (sink) =>
    createHubClient({
      connect,
      generations,
      visible: env.pageLife.visible,
      createChannel: env.createChannel,
      timers: env.timers,
      tabId: env.randomId(),
      build: __BUILD__,
      sink,
    }),
});
// The page that is shown, in parallel with the way to the hub; the other one when that is done. And the banner: without a
// server it could not be fetched any more.
const pages = [Home, SessionPane];
if (store.router.route.value.kind === 'session') pages.reverse();
const [shown, other] = pages.map((page) => () => void page.fetch().catch(() => {}));
shown?.();
const onLoad = () => {
  other?.();
  FullBanner.fetch().catch(() => {});
};
addEventListener('load', onLoad, { once: true });
const root = document.getElementById('app');
if (root !== null) render(<App store={store} />, root);
// Nobody waits for it, so it comes last.
const announce = async () => {
  const [{ startAnnouncing }, { createVoice }] = await Promise.all([
    import('./announce/announce.ts'),
    import('./announce/voice.ts'),
  ]);
  startAnnouncing({
    state() {
      const view = store.pane.value?.view;
      return view?.kind === 'shown' ? view.state : null;
    },
    visible: env.pageLife.visible,
    timers: env.timers,
    say: createVoice(document),
  });
};
const drawTabIcon = async () => {
  const { startTabIcon } = await import('./store/tab-icon.ts');
  startTabIcon(env.face, store.rows);
};
const startKeepingFocus = async () => {
  const { keepFocus } = await import('./focus-keeper.ts');
  if (root !== null) keepFocus(root);
};
addEventListener('load', () => void startKeepingFocus().catch(() => {}), { once: true });
addEventListener('load', () => void drawTabIcon().catch(() => {}), { once: true });
addEventListener('load', () => void announce().catch(() => {}), { once: true });
