/**
 * What the page needs of the browser, as narrow interfaces: the one place that touches globals.
 * Null where a browser lacks something; the fallback is chosen by that.
 */
import { WHO_COOKIE } from '../shared/api.ts';
import type { KeptFiles } from './attachments/keeping.ts';
import { createFace } from './face.ts';
import { createFrames, type Frames } from './frames.ts';
import { createMeasure } from './measure.ts';
import { trustScripts, type PolicyFactory } from './trusted-script.ts';

/** Milliseconds, as the DOM's. */
export interface Timers {
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(id: number): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The History API, as far as the router uses it. */
export interface AddressBar {
  /** With the query. */
  path(): string;
  push(path: string): void;
  replace(path: string): void;
  /** Loads another document in the place of this one: nothing of this one stays. */
  leave(path: string): void;
  /** Back and forward. @returns unsubscribe */
  onPop(run: () => void): () => void;
}

/** The page's life, https://wicg.github.io/page-lifecycle. Each returns its unsubscribe. */
export interface PageLife {
  visible(): boolean;
  onVisibility(run: (visible: boolean) => void): () => void;
  onHide(run: () => void): () => void;
  onShow(run: () => void): () => void;
}

export interface SharedWorkerLike {
  readonly port: MessagePort;
  addEventListener(type: 'error', run: (event: Event) => void): void;
}
export interface SharedWorkerOptions extends WorkerOptions {
  /** Chromium: the worker outlives its last page for a while, so a reload finds it alive. */
  extendedLifetime?: boolean;
}
export type SharedWorkerConstructor = new (
  url: string,
  options: SharedWorkerOptions,
) => SharedWorkerLike;

/** The part of Web Storage that is used. */
export interface KeyValue {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** The system's, or what a person chose. */
export type Theme = 'system' | 'light' | 'dark';

/** What a browser shows around the page. */
export interface Face {
  setTitle(title: string): void;
  /** The tab's icon, an SVG document. */
  setIcon(svg: string): void;
  setTheme(theme: Theme): void;
}

/** A media query. */
export interface Media {
  matches(): boolean;
  /** @returns unsubscribe */
  onChange(run: () => void): () => void;
}

export interface Env {
  SharedWorker: SharedWorkerConstructor | null;
  createChannel(): MessageChannel;
  timers: Timers;
  frames: Frames;
  addressBar: AddressBar;
  pageLife: PageLife;
  /** Who is signed in in this browser now, as the server's cookie says (an opaque word); null when it does not. */
  signedInAs(): string | null;
  /** `localStorage`, if the browser lets us. */
  storage: KeyValue | null;
  /** Another tab changed the storage. @returns unsubscribe */
  onStorage(run: () => void): () => void;
  /** Where attached files are kept, if not in the browser's own database. */
  keptFiles?: KeptFiles;
  /** Deletes that database. */
  forgetFiles(): void;
  face: Face;
  media(query: string): Media;
  randomId(): string;
}

/** The database's name. */
export const KEPT_FILES = 'tabcast.files';

/** The real thing. */
export function browserEnv(): Env {
  return {
    SharedWorker:
      'SharedWorker' in globalThis
        ? trustScripts(globalThis.SharedWorker, trustedTypes(), location.origin)
        : null,
    createChannel: () => new MessageChannel(),
    timers: {
      setTimeout: (run, ms) => window.setTimeout(run, ms),
      clearTimeout: (id) => window.clearTimeout(id),
      now: () => Date.now(),
    },
    frames: createFrames({
      requestFrame: (run) => requestAnimationFrame(run),
      cancelFrame: (id) => cancelAnimationFrame(id),
      setTimeout: (run, ms) => window.setTimeout(run, ms),
      clearTimeout: (id) => window.clearTimeout(id),
      visible: () => document.visibilityState === 'visible',
      measure: createMeasure(),
    }),
    addressBar: {
      path: () => location.pathname + location.search,
      push: (path) => history.pushState(null, '', path),
      replace: (path) => history.replaceState(null, '', path),
      leave: (path) => location.replace(path),
      onPop: (run) => listen(window, 'popstate', run),
    },
    pageLife: {
      visible: () => document.visibilityState === 'visible',
      onVisibility: (run) =>
        listen(document, 'visibilitychange', () => run(document.visibilityState === 'visible')),
      onHide: (run) => listen(window, 'pagehide', run),
      onShow: (run) => listen(window, 'pageshow', run),
    },
    signedInAs,
    storage: storage(),
    onStorage: (run) => listen(window, 'storage', run),
    forgetFiles,
    face: createFace({
      document,
      root: document.documentElement,
      icon: document.querySelector<HTMLLinkElement>('link[rel=icon]'),
      colours: [...document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')],
    }),
    media(query) {
      const list = matchMedia(query);
      return { matches: () => list.matches, onChange: (run) => listen(list, 'change', run) };
    },
    randomId,
  };
}

function signedInAs(): string | null {
  const name = `${WHO_COOKIE}${location.port}=`;
  const pairs = document.cookie.split('; ').filter((each) => each.startsWith(name));
  // Another port of this host may have set a further one: which is ours can't be told.
  const [one, ...others] = new Set(pairs);
  return one === undefined || others.length > 0 ? null : one.slice(name.length);
}

/** Younger than the DOM's types that are used here. */
function trustedTypes(): PolicyFactory | undefined {
  return (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
}

function storage(): KeyValue | null {
  try {
    return localStorage;
  } catch {
    // A setting of the browser refuses it.
    return null;
  }
}

function forgetFiles(): void {
  try {
    indexedDB.deleteDatabase(KEPT_FILES);
  } catch {
    // A setting of the browser refuses it: then there is none.
  }
}

function listen(target: EventTarget, type: string, run: () => void): () => void {
  const handler = () => run();
  target.addEventListener(type, handler);
  return () => target.removeEventListener(type, handler);
}

/** `crypto.randomUUID` exists in secure contexts only; plain HTTP on another address than loopback is none. */
function randomId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
