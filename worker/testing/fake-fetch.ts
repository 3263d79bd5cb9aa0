/** A fetch that parks each request until the test answers it, and bodies that the test feeds by hand. */

export interface FakeBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** True once it ended, failed, or its reader let go. */
  readonly closed: boolean;
  push(bytes: Uint8Array | string): void;
  end(): void;
  fail(): void;
}

const encoder = new TextEncoder();

/** @param onClosed once, whoever closes it */
export function createFakeBody(onClosed: () => void = () => {}): FakeBody {
  let closed = false;
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const stream = new ReadableStream<Uint8Array>({
    start(made) {
      controller = made;
    },
    cancel() {
      close();
    },
  });
  const close = (finish?: () => void): void => {
    if (closed) return;
    closed = true;
    finish?.();
    onClosed();
  };
  return {
    stream,
    get closed() {
      return closed;
    },
    push(bytes) {
      if (!closed) controller?.enqueue(typeof bytes === 'string' ? encoder.encode(bytes) : bytes);
    },
    end: () => close(() => controller?.close()),
    fail: () => close(() => controller?.error(new TypeError('network error'))),
  };
}

export interface ParkedRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | null;
  readonly aborted: boolean;
  /** Neither answered nor given up. */
  readonly pending: boolean;
  respond(response: Response): void;
  /** Answers 200 with an event stream. @returns its body */
  stream(headers?: Record<string, string>): FakeBody;
  /** The network fails. */
  fail(): void;
}

export interface FakeFetch {
  fetch: typeof fetch;
  readonly requests: readonly ParkedRequest[];
  /** The newest one. @throws Error when there is none */
  last(): ParkedRequest;
}

/** @param onRequest may answer at once */
export function createFakeFetch(onRequest: (request: ParkedRequest) => void = () => {}): FakeFetch {
  const requests: ParkedRequest[] = [];
  return {
    requests,
    last() {
      const request = requests.at(-1);
      if (request === undefined) throw new Error('nothing was requested');
      return request;
    },
    fetch: (input, init) =>
      new Promise((resolve, reject) => {
        const signal = init?.signal ?? null;
        const bodies: FakeBody[] = [];
        let pending = true;
        const answer = (response: Response): void => {
          pending = false;
          resolve(response);
        };
        signal?.addEventListener('abort', () => {
          for (const body of bodies) body.fail();
          reject(new DOMException('aborted', 'AbortError'));
        });
        const request: ParkedRequest = {
          url: new URL(input instanceof Request ? input.url : String(input)),
          method: init?.method ?? 'GET',
          headers: new Headers(init?.headers),
          body: typeof init?.body === 'string' ? init.body : null,
          get aborted() {
            return signal?.aborted === true;
          },
          get pending() {
            return pending && signal?.aborted !== true;
          },
          respond: answer,
          stream(headers = {}) {
            const body = createFakeBody();
            bodies.push(body);
            const type = { 'content-type': 'text/event-stream; charset=utf-8' };
            answer(new Response(body.stream, { headers: { ...type, ...headers } }));
            return body;
          },
          fail() {
            pending = false;
            reject(new TypeError('fetch failed'));
          },
        };
        requests.push(request);
        onRequest(request);
      }),
  };
}

/** An answer as the API gives it. */
export function jsonResponse(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}
