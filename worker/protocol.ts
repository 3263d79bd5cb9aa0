/**
 * Which HTTP the browser speaks with the server, and so how many streams it bears (H3). Over HTTP/1.1 a browser
 * opens six connections to a server, and a stream holds one; over HTTP/2 and 3 all share one.
 */
import type { Cancel, HubEnv } from './env.ts';
import { OWN_STREAMS, OWN_STREAMS_MULTIPLEXED } from './lanes.ts';

export interface Protocol {
  /** ALPN id, https://www.iana.org/assignments/tls-extensiontype-values; null until it is known. */
  readonly name: string | null;
  /** How many sessions may have a stream of their own. */
  readonly ownStreams: number;
  /** The server is about to be, or was just, reached: finds out unless it did since the last `doubt`. */
  find(): void;
  /** The server was lost: the way back to it may be another one. */
  doubt(): void;
  /** Leaves no request. Twice is a no-op. */
  close(): void;
}

/** @param onBudget `ownStreams` is another one now */
export function createProtocol(
  env: Pick<HubEnv, 'fetch' | 'baseUrl' | 'hearProtocol'>,
  onBudget: () => void,
): Protocol {
  let name: string | null = null;
  let found = false;
  let question: AbortController | null = null;
  let cancel: Cancel | null = null;

  const ownStreams = (): number => ownStreamsOver(name);
  const drop = (): void => {
    const asked = question;
    question = null;
    asked?.abort();
  };
  /** The browser tells the protocol of a response when it has ended, which a stream's does not: so a short one. */
  const ask = async (asked: AbortController): Promise<void> => {
    try {
      const { signal } = asked;
      const response = await env.fetch(`${env.baseUrl}/healthz`, { cache: 'no-store', signal });
      await response.text();
      if (question === asked) found = true;
    } catch {
      // Asked again when the server is reached.
    }
    if (question === asked) question = null;
  };

  cancel =
    env.hearProtocol?.((heard) => {
      const before = ownStreams();
      name = heard;
      found = true;
      if (ownStreams() !== before) onBudget();
    }) ?? null;

  return {
    get name() {
      return name;
    },
    get ownStreams() {
      return ownStreams();
    },
    find() {
      if (cancel === null || found || question !== null) return;
      question = new AbortController();
      void ask(question);
    },
    doubt() {
      found = false;
      drop();
    },
    close() {
      cancel?.();
      cancel = null;
      drop();
    },
  };
}

/** @param protocol ALPN id; HTTP/1.1 is assumed while it is not known */
function ownStreamsOver(protocol: string | null): number {
  return protocol !== null && /^h[23]/.test(protocol) ? OWN_STREAMS_MULTIPLEXED : OWN_STREAMS;
}
