/** Like worker/main.ts, on a scripted server: a SharedWorker's entry, and a module that a page imports (T3). */
import { expose } from 'comlink';
import type { HubApi } from '../../../shared/hub-api.ts';
import type { ServerScript } from '../hub-acceptance.ts';
import { createScriptedHub, type ScriptedHub } from '../scripted-hub.ts';

/** What every connection gets: the hub, and the strings that its server hangs on. */
export interface Harness {
  begin(sessionIds: string[]): Promise<void>;
  end(): Promise<void>;
  readonly hub: HubApi;
  readonly script: ServerScript;
}

let current: ScriptedHub | null = null;

function now(): ScriptedHub {
  if (current === null) throw new Error('not begun');
  return current;
}

const harness: Harness = {
  async begin(sessionIds) {
    current = createScriptedHub(sessionIds);
  },
  async end() {
    now().end();
    current = null;
  },
  get hub() {
    return now().hub.api;
  },
  get script() {
    return now().script;
  },
};

export function connect(port: MessagePort): void {
  expose(harness, port);
}

if (typeof document === 'undefined') {
  const scope = globalThis as unknown as { onconnect: (event: MessageEvent) => void };
  scope.onconnect = ({ ports: [port] }) => {
    if (port !== undefined) connect(port);
  };
}
