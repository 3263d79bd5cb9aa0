/** The connection in words: first how the tab stands with the hub, then how the hub does with the server. */
import { unreachable } from '../../shared/errors.ts';
import type { Connection } from '../../shared/hub-api.ts';
import type { Link } from '../hub/link.ts';

export interface StatusWords {
  /** `live`, `connecting`, `reconnecting`, `signed out`, `refused`, `no hub`, `outdated`, `closed`. */
  word: string;
  /** Why, and what to do; empty when there is nothing to say. */
  detail: string;
  tone: 'good' | 'busy' | 'bad';
  action: 'retry' | 'again' | 'reload' | 'sign-in' | null;
}

/** @param connection null until the hub told */
export function statusWords(link: Link, connection: Connection | null): StatusWords {
  switch (link.state) {
    case 'attached':
      return attachedWords(connection ?? { state: 'connecting' }, link.inPage);
    case 'connecting':
      return link.attempt === 1
        ? { word: 'connecting', detail: '', tone: 'busy', action: null }
        : {
            word: 'reconnecting',
            detail: `The hub did not answer. Attempt ${link.attempt}.`,
            tone: 'busy',
            action: null,
          };
    case 'waiting':
      return { word: 'reconnecting', detail: link.error.message, tone: 'bad', action: 'retry' };
    case 'failed':
      return {
        word: 'no hub',
        detail: `${link.error.message} It was tried in a shared worker and in this page.`,
        tone: 'bad',
        action: 'again',
      };
    case 'outdated':
      return {
        word: 'outdated',
        detail: 'tabcast was updated. Close its other tabs, then reload this one.',
        tone: 'bad',
        action: 'reload',
      };
    case 'suspended':
      return { word: 'connecting', detail: '', tone: 'busy', action: null };
    case 'closed':
      return { word: 'closed', detail: 'Reload the page to go on.', tone: 'bad', action: 'reload' };
    default:
      return unreachable(link);
  }
}

function attachedWords(connection: Connection, inPage: boolean): StatusWords {
  const words = connectionWords(connection);
  return inPage && words.tone === 'good' ? { ...words, detail: 'hub in this page' } : words;
}

function connectionWords(connection: Connection): StatusWords {
  switch (connection.state) {
    case 'live':
      return { word: 'live', detail: '', tone: 'good', action: null };
    case 'connecting':
      return { word: 'connecting', detail: '', tone: 'busy', action: null };
    case 'reconnecting':
      return {
        word: 'reconnecting',
        detail: connection.error.message,
        tone: 'bad',
        action: 'retry',
      };
    case 'signed-out':
      return {
        word: 'signed out',
        detail: 'Sign in to go on: what runs goes on meanwhile.',
        tone: 'bad',
        action: 'sign-in',
      };
    case 'refused':
      return { word: 'refused', detail: connection.error.message, tone: 'bad', action: 'retry' };
    default:
      return unreachable(connection);
  }
}
