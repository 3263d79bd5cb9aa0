/** Loads sessions that a tab shows and no stream brings: one request each, repeated until it is answered. */
import type { SessionView } from '../shared/api.ts';
import type { ApiError } from '../shared/errors.ts';
import { rowHasId, type Row } from '../shared/row.ts';
import type { ApiClient } from './api-client.ts';
import { backoffMs } from './backoff.ts';
import type { Cancel, HubEnv } from './env.ts';

export type LoadStatus =
  | { kind: 'loading' }
  /** Unknown, deleted, or not this principal's. */
  | { kind: 'missing' }
  | { kind: 'failed'; error: ApiError };

export interface Loader {
  /** Loads exactly these session ids; what is known of others is forgotten. */
  sync(due: ReadonlySet<string>): void;
  /** Undefined when it is not due. */
  status(sessionId: string): LoadStatus | undefined;
  /** True while a request for that row's session is on its way. */
  inFlight(row: Row): boolean;
  /** It is known to be gone without asking. */
  missing(sessionId: string): void;
  /** Asks again where the answer was final or a backoff is on. */
  retry(sessionId?: string): void;
  /** There is news of that session: a backoff need not be waited out, a floor must. */
  news(sessionId: string): void;
  /** Forgets all and leaves no timer and no request. Twice is a no-op. */
  clear(): void;
}

export interface LoaderDeps {
  env: Pick<HubEnv, 'after' | 'random'>;
  client: ApiClient;
  /** True when the directory has it. */
  isKnown(sessionId: string): boolean;
  /** @returns false when it is no answer to the question: it is asked again later */
  onLoaded(sessionId: string, view: SessionView): boolean;
  /** Its status changed, or its request was given up: none is on its way. */
  onStatus(sessionId: string): void;
}

const ODD_ANSWER: { error: ApiError; floorMs: number } = {
  error: { code: 'unavailable', message: 'The server answered with another session.' },
  floorMs: 0,
};

interface Load {
  status: LoadStatus;
  attempt: number;
  request: AbortController | null;
  cancelTimer: Cancel | null;
  /** The server asked for the wait that is on. */
  floored: boolean;
}

export function createLoader({ env, client, isKnown, onLoaded, onStatus }: LoaderDeps): Loader {
  const loads = new Map<string, Load>();

  const rest = (load: Load): void => {
    const { request } = load;
    load.request = null;
    request?.abort();
    load.cancelTimer?.();
    load.cancelTimer = null;
    load.floored = false;
  };

  const ask = async (sessionId: string, load: Load): Promise<void> => {
    rest(load);
    const request = new AbortController();
    load.request = request;
    const result = await client.call(
      [sessionId],
      ({ api }, options) => api.sessions[':id'].$get({ param: { id: sessionId } }, options),
      request.signal,
    );
    if (load.request !== request) return;
    load.request = null;
    if (result.ok) {
      // First, so that nothing waits for it any more.
      loads.delete(sessionId);
      if (onLoaded(sessionId, result.value)) return;
      loads.set(sessionId, load);
    }
    const { error, floorMs } = result.ok ? ODD_ANSWER : result;
    // The directory tells of it: it was made since the answer, or it is about to be told gone.
    const early = error.code === 'not_found' && isKnown(sessionId);
    if (!early) {
      load.status = error.code === 'not_found' ? { kind: 'missing' } : { kind: 'failed', error };
    }
    if (early || isPassing(error)) {
      load.attempt += 1;
      load.floored = floorMs > 0;
      const wait = Math.max(backoffMs(load.attempt, env.random()), floorMs);
      load.cancelTimer = env.after(wait, () => {
        load.cancelTimer = null;
        void ask(sessionId, load);
      });
    }
    onStatus(sessionId);
  };

  return {
    sync(due) {
      for (const [sessionId, load] of loads) {
        if (due.has(sessionId)) continue;
        const asked = load.request !== null;
        loads.delete(sessionId);
        rest(load);
        // Nobody shows it any more, but a stream may have waited for the answer.
        if (asked) onStatus(sessionId);
      }
      for (const sessionId of due) {
        if (loads.has(sessionId)) continue;
        const load: Load = {
          status: { kind: 'loading' },
          attempt: 0,
          request: null,
          cancelTimer: null,
          floored: false,
        };
        loads.set(sessionId, load);
        void ask(sessionId, load);
      }
    },
    status: (sessionId) => loads.get(sessionId)?.status,
    inFlight: (row) =>
      [...loads].some(([sessionId, { request }]) => request !== null && rowHasId(row, sessionId)),
    missing(sessionId) {
      const load = loads.get(sessionId);
      if (load !== undefined) rest(load);
      loads.set(sessionId, {
        status: { kind: 'missing' },
        attempt: 0,
        request: null,
        cancelTimer: null,
        floored: false,
      });
    },
    retry(only) {
      for (const [sessionId, load] of loads) {
        if (load.request === null && (only ?? sessionId) === sessionId) void ask(sessionId, load);
      }
    },
    news(sessionId) {
      const load = loads.get(sessionId);
      if (load?.request === null && !load.floored) void ask(sessionId, load);
    },
    clear() {
      for (const load of loads.values()) rest(load);
      loads.clear();
    },
  };
}

/** Whether asking again may help (H8). */
function isPassing({ code }: ApiError): boolean {
  return (
    code === 'network' ||
    code === 'timeout' ||
    code === 'unavailable' ||
    code === 'storage' ||
    code === 'internal' ||
    code === 'too_many'
  );
}
