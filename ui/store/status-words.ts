/** The connection in words: first how the tab stands with the hub, then how the hub does with the server. */
import { unreachable } from '../../shared/errors.ts';
import type { Connection } from '../../shared/hub-api.ts';
import type { Link } from '../hub/link.ts';

/** Told by shape as well: see `ConnectionShape`. */
export type StatusShape = 'live' | 'page' | 'busy' | 'lost' | 'out' | 'trouble';

export interface StatusWords {
  /** `live`, `connecting`, `not saving`, `restarting`, `reconnecting`, `signed out`, `refused`, `no hub`, `outdated`, `closed`. */
  word: string;
  /** Why, and what to do; empty when there is nothing to say. */
  detail: string;
  tone: 'good' | 'busy' | 'bad';
  shape: StatusShape;
}

/** @param connection null until the hub told */
export function statusWords(link: Link, connection: Connection | null): StatusWords {
  switch (link.state) {
    case 'attached':
      return attachedWords(connection ?? { state: 'connecting' }, link.inPage);
    case 'connecting':
      return link.attempt === 1
        ? CONNECTING
        : {
            word: 'reconnecting',
            detail: `The hub did not answer. Attempt ${link.attempt}.`,
            tone: 'busy',
            shape: 'lost',
          };
    case 'waiting':
      return bad('reconnecting', link.error.message, 'lost');
    case 'failed':
      return bad(
        'no hub',
        `${link.error.message} It was tried in a shared worker and in this page.`,
        'trouble',
      );
    case 'outdated':
      return bad(
        'outdated',
        'tabcast was updated. Close its other tabs, then reload this one.',
        'trouble',
      );
    case 'suspended':
      return CONNECTING;
    case 'closed':
      return bad('closed', 'Reload the page to go on.', 'trouble');
    default:
      return unreachable(link);
  }
}

const CONNECTING: StatusWords = { word: 'connecting', detail: '', tone: 'busy', shape: 'busy' };

function bad(word: string, detail: string, shape: StatusShape): StatusWords {
  return { word, detail, tone: 'bad', shape };
}

function attachedWords(connection: Connection, inPage: boolean): StatusWords {
  const words = connectionWords(connection);
  if (!inPage || words.tone !== 'good') return words;
  return { ...words, detail: 'hub in this page', shape: 'page' };
}

function connectionWords(connection: Connection): StatusWords {
  switch (connection.state) {
    case 'live':
      if (connection.problem !== undefined) {
        const { code, message } = connection.problem;
        return bad(code === 'storage' ? 'not saving' : 'restarting', message, 'trouble');
      }
      return { word: 'live', detail: '', tone: 'good', shape: 'live' };
    case 'connecting':
      return CONNECTING;
    case 'reconnecting':
      return bad('reconnecting', connection.error.message, 'lost');
    case 'signed-out':
      return bad('signed out', 'Sign in to go on: what runs goes on meanwhile.', 'out');
    case 'refused':
      return bad('refused', connection.error.message, 'trouble');
    default:
      return unreachable(connection);
  }
}
