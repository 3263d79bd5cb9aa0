/** The one place that makes a hub: two tabs that construct the same worker with different options get an error. */
import type { SharedWorkerConstructor } from '../env.ts';
import { workerName } from './generation.ts';

/** A way to a hub: `port` is what Comlink wraps. */
export interface HubConnection {
  readonly port: MessagePort;
  /** The hub runs in this page, for this tab alone. */
  readonly inPage: boolean;
  /** Closes the port; a worker lives on for the other tabs. Twice is fine. */
  close(): void;
}

/** Where a hub is to be found. */
export type Place = { kind: 'worker'; generation: number } | { kind: 'page' };

/**
 * @param place a worker becomes the page where there are no workers (T3)
 * @param onError the hub's script could not be loaded or threw; after that the connection is of no use
 */
export type ConnectHub = (
  place: Place,
  onError: (message: string) => void,
) => Promise<HubConnection>;

export interface ConnectDeps {
  /** The address of the worker's bundle. */
  url: string;
  /** Null: the hub runs in this page (T3). */
  SharedWorker: SharedWorkerConstructor | null;
  /** Loads that same bundle as a module of this page. */
  importHub(url: string): Promise<HubModule>;
  createChannel(): MessageChannel;
}

/** What worker/main.ts exports. */
export interface HubModule {
  connect?: (port: MessagePort) => void;
}

/** @returns a function that connects to the shared hub, or to one in this page where there is no SharedWorker */
export function createConnectHub(deps: ConnectDeps): ConnectHub {
  /** Loaded once: a second copy would be a second hub. */
  let loaded: Promise<HubModule> | null = null;
  let loads = 0;

  const load = (): Promise<HubModule> => {
    if (loaded !== null) return loaded;
    // A browser remembers that a module failed, by its address.
    const loading = deps.importHub(loads === 0 ? deps.url : `${deps.url}?again=${loads}`);
    loads += 1;
    loaded = loading;
    loading.catch(() => {
      loaded = null;
    });
    return loading;
  };
  const inPage = async (): Promise<HubConnection> => {
    const hub = await load();
    // A bundler may drop what a worker's entry exports.
    if (typeof hub.connect !== 'function') throw new Error('the hub’s script exports no connect');
    const channel = deps.createChannel();
    hub.connect(channel.port1);
    return closable(channel.port2, true);
  };

  return async (place, onError) => {
    const { SharedWorker } = deps;
    if (SharedWorker === null || place.kind === 'page') return inPage();
    const worker = new SharedWorker(deps.url, {
      type: 'module',
      name: workerName(place.generation),
      extendedLifetime: true,
    });
    worker.addEventListener('error', (event) => {
      const reason = 'message' in event && typeof event.message === 'string' ? event.message : '';
      onError(reason === '' ? 'its script could not be loaded' : reason);
    });
    return closable(worker.port, false);
  };
}

function closable(port: MessagePort, inPage: boolean): HubConnection {
  return { port, inPage, close: () => port.close() };
}
