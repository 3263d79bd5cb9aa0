/** The one place that makes a hub: two tabs that construct the same worker with different options get an error. */
import type { SharedWorkerConstructor } from '../env.ts';

/** A way to a hub: `port` is what Comlink wraps. */
export interface HubConnection {
  readonly port: MessagePort;
  /** Closes the port; a worker lives on for the other tabs. Twice is fine. */
  close(): void;
}

/** @param onError the hub's script could not be loaded or threw; after that the connection is of no use */
export type ConnectHub = (onError: (message: string) => void) => Promise<HubConnection>;

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
  const inPage = async (): Promise<HubConnection> => {
    const hub = await deps.importHub(deps.url);
    // A bundler may drop what a worker's entry exports.
    if (typeof hub.connect !== 'function') throw new Error('the hub’s script exports no connect');
    const channel = deps.createChannel();
    hub.connect(channel.port1);
    return closable(channel.port2);
  };

  return async (onError) => {
    const { SharedWorker } = deps;
    if (SharedWorker === null) return inPage();
    const worker = new SharedWorker(deps.url, {
      type: 'module',
      name: 'tabcast',
      extendedLifetime: true,
    });
    worker.addEventListener('error', (event) => {
      const reason = 'message' in event && typeof event.message === 'string' ? event.message : '';
      onError(reason === '' ? 'its script could not be loaded' : reason);
    });
    return closable(worker.port);
  };
}

function closable(port: MessagePort): HubConnection {
  return { port, close: () => port.close() };
}
