/** Requests to the server: typed by the HTTP contract, with a deadline, and with a value for every outcome. */
import { hc } from 'hono/client';
import type { Api } from '../shared/api.ts';
import type { ApiError, ErrorBody, ErrorCode } from '../shared/errors.ts';
import { retryAfterMs } from './backoff.ts';
import type { HubEnv } from './env.ts';
import { readError } from './error-body.ts';

/** A request that takes longer has failed, milliseconds. */
export const REQUEST_MS = 30_000;

/** A request that hangs this long while the server was lost waits on a dead socket, milliseconds. */
export const HANGS_MS = 5_000;

type Client = ReturnType<typeof hc<Api>>;

interface Reply<T> {
  ok: boolean;
  status: number;
  headers: { get(name: string): string | null };
  json(): Promise<T | ErrorBody>;
}

/** A `Result`, and how long the server wants not to be asked again, milliseconds. */
export type Answer<T> = { ok: true; value: T } | { ok: false; error: ApiError; floorMs: number };

export interface ApiClient {
  /**
   * Sends one request. Never rejects.
   * @param ids what goes into the address: one that is no id is answered as unknown, and nothing is sent
   */
  call<T>(
    ids: readonly string[],
    send: (client: Client, options: { init: RequestInit }) => Promise<Reply<T>>,
    signal?: AbortSignal,
  ): Promise<Answer<T>>;
  /** As `call`, for whoever is not signed in: a 401 says something of what was sent, and nothing of the present sign-in. */
  knock<T>(
    send: (client: Client, options: { init: RequestInit }) => Promise<Reply<T>>,
  ): Promise<Answer<T>>;
  /** The server was lost and is reached again: gives up what hangs since then, for it may be asked again. */
  reached(): void;
  /** Gives up what is under way. Twice is a no-op. */
  close(): void;
}

export interface ApiClientDeps {
  env: Pick<HubEnv, 'fetch' | 'after' | 'now' | 'baseUrl'>;
  /** A 401 came. `since`: what `epoch` was when the request was sent. */
  onSignedOut(since: number, error: ApiError): void;
  /** Counts sign-ins: a late 401 of an earlier one means nothing. */
  epoch(): number;
}

export function createApiClient({ env, onSignedOut, epoch }: ApiClientDeps): ApiClient {
  const client = hc<Api>(env.baseUrl, { fetch: env.fetch });
  /** What gives a request up, and since when it is under way. */
  const pending = new Map<(result: Answer<never>) => void, number>();
  let closed = false;

  const ask = async <T>(
    send: (client: Client, options: { init: RequestInit }) => Promise<Reply<T>>,
    signal?: AbortSignal,
  ): Promise<Answer<T>> => {
    if (closed) return refuse('unavailable', 'The hub is closed. Reload the page.');
    const abort = new AbortController();
    // Not left to the abort alone: a fetch that ignores it must not leave the caller waiting.
    let giveUp = (_result: Answer<never>): void => {};
    const givenUp = new Promise<Answer<never>>((resolve) => {
      giveUp = (result) => {
        cancelTimer();
        resolve(result);
        abort.abort();
      };
    });
    const cancel = (): void => giveUp(GIVEN_UP);
    const cancelTimer = env.after(REQUEST_MS, () => giveUp(TOO_LONG));
    pending.set(giveUp, env.now());
    signal?.addEventListener('abort', cancel);
    try {
      return await Promise.race([
        givenUp,
        request(env.now, () => send(client, { init: { signal: abort.signal } })),
      ]);
    } finally {
      cancelTimer();
      pending.delete(giveUp);
      signal?.removeEventListener('abort', cancel);
    }
  };

  return {
    async call(ids, send, signal) {
      if (!ids.every(isId)) return refuse('not_found', 'There is no such session.');
      const since = epoch();
      const result = await ask(send, signal);
      if (!result.ok && isSignedOut(result.error)) onSignedOut(since, result.error);
      return result;
    },
    knock: (send) => ask(send),
    reached() {
      const now = env.now();
      for (const [giveUp, since] of pending) if (now - since >= HANGS_MS) giveUp(TOO_LONG);
    },
    close() {
      closed = true;
      for (const giveUp of pending.keys()) giveUp(GIVEN_UP);
    },
  };
}

const GIVEN_UP = refuse('unavailable', 'The request was given up.');
const TOO_LONG = refuse('timeout', 'The server took too long to answer. It may still have acted.');

function isSignedOut({ code }: ApiError): boolean {
  return code === 'unauthorized' || code === 'signed_out';
}

/** The form of the server's ids. Others would change the path they are put into. */
function isId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

function refuse(code: ErrorCode, message: string): Answer<never> {
  return { ok: false, error: { code, message }, floorMs: 0 };
}

async function request<T>(now: () => number, send: () => Promise<Reply<T>>): Promise<Answer<T>> {
  let reply: Reply<T>;
  try {
    reply = await send();
  } catch {
    return refuse('network', 'The server cannot be reached. Check the connection and try again.');
  }
  if (!reply.ok) {
    const floorMs = retryAfterMs(reply.headers.get('retry-after'), now());
    return { ok: false, error: await readError(reply), floorMs };
  }
  try {
    return { ok: true, value: (await reply.json()) as T };
  } catch {
    return refuse('unavailable', 'The answer of the server could not be read. Try again.');
  }
}
