/** Looks at the hub once a second while somebody looks at the page, and never else: a hub that is not shown costs nothing. */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Diagnostics } from '../../shared/api.ts';
import type { ApiError, Result } from '../../shared/errors.ts';
import type { HubSnapshot } from '../../shared/hub-snapshot.ts';
import type { Timers } from '../env.ts';

/** Between an answer and the next look, milliseconds. */
export const LOOK_MS = 1_000;
/** The server is asked at every so manieth look. */
const SERVER_LOOKS = 3;
/** Rates are taken over about this long, milliseconds: shorter ones flicker. */
const WINDOW_MS = 3_500;

/** What the server counts, or why that is not known. */
export type ServerCount = { diagnostics: Diagnostics; at: number } | { error: ApiError };

export interface HubWatch {
  /** Of one hub, the newest last; never empty once it answered, until another hub does. */
  readonly snapshots: ReadonlySignal<readonly HubSnapshot[]>;
  /** It did not answer the last look. */
  readonly silent: ReadonlySignal<boolean>;
  readonly server: ReadonlySignal<ServerCount | null>;
  /** Leaves no timer; twice is fine. */
  close(): void;
}

export interface HubWatchDeps {
  inspect: { hub(): Promise<HubSnapshot | null>; server(): Promise<Result<Diagnostics>> };
  visible: ReadonlySignal<boolean>;
  timers: Timers;
}

/** Begins at once, if somebody looks. */
export function watchHub({ inspect, visible, timers }: HubWatchDeps): HubWatch {
  const snapshots = signal<readonly HubSnapshot[]>([]);
  const silent = signal(false);
  const server = signal<ServerCount | null>(null);
  let timer: number | null = null;
  let looks = 0;
  let closed = false;
  /** A question is on its way; its answer asks for the next. */
  let asking = false;

  const askServer = async () => {
    const result = await inspect.server();
    if (closed) return;
    server.value = result.ok
      ? { diagnostics: result.value, at: timers.now() }
      : { error: result.error };
  };
  const look = async () => {
    timer = null;
    if (asking) return;
    asking = true;
    if (looks % SERVER_LOOKS === 0) void askServer();
    looks += 1;
    const snapshot = await inspect.hub();
    asking = false;
    if (closed) return;
    silent.value = snapshot === null;
    if (snapshot !== null) snapshots.value = follow(snapshots.peek(), snapshot);
    if (visible.peek()) timer ??= timers.setTimeout(() => void look(), LOOK_MS);
  };
  const stop = () => {
    if (timer !== null) timers.clearTimeout(timer);
    timer = null;
  };
  const unwatch = effect(() => {
    if (!visible.value) return stop();
    stop();
    void look();
  });

  return {
    snapshots,
    silent,
    server,
    close() {
      closed = true;
      unwatch();
      stop();
    },
  };
}

/** The snapshots that rates are made of, with this one: all of one hub, and of about the last seconds. */
export function follow(before: readonly HubSnapshot[], next: HubSnapshot): readonly HubSnapshot[] {
  const kept = before.filter(({ hubId, at }) => {
    const age = next.at - at;
    return hubId === next.hubId && age > 0 && age <= WINDOW_MS;
  });
  return [...kept, next];
}
