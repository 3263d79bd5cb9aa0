/** What a person is told in full when something is wrong: what happened, what is kept, and what can be done. */
import { unreachable } from '../../shared/errors.ts';
import type { Connection } from '../../shared/hub-api.ts';
import type { Link } from '../hub/link.ts';
import { duration } from './figures.ts';
import type { StatusShape } from './status-words.ts';

export interface Banner {
  /** `note`: nothing is wrong. */
  tone: 'bad' | 'ask' | 'note';
  shape: StatusShape;
  title: string;
  /** Why. */
  text: string;
  /** What is not lost. */
  kept: string;
  action: 'retry' | 'again' | 'reload' | 'sign-in' | null;
  /** May be put away. */
  dismiss: boolean;
  /** Worth a word from then on, milliseconds since the epoch: a blip is not. */
  from: number;
  /** Since when it is so, and when the next attempt is due; null where there is nothing to count. */
  since: number | null;
  retryAt: number | null;
}

export interface Situation {
  link: Link;
  /** Null until the hub told. */
  connection: Connection | null;
  lostAt: number | null;
  replacedAt: number | null;
  /** The server runs another build than this page, and the person was not told yet. */
  updated: boolean;
}

/** Shorter troubles are told by the corner alone, milliseconds. */
export const BLIP_MS = 2_000;
/** A new hub is no news after this, milliseconds. */
export const REPLACED_MS = 10_000;

const HERE = 'What this page shows and what you typed stay as they are.';

/** The one thing to tell now; null when all is well. */
export function bannerOf({
  link,
  connection,
  lostAt,
  replacedAt,
  updated,
}: Situation): Banner | null {
  const linked = linkBanner(link, lostAt);
  if (linked !== null || link.state !== 'attached') return linked;
  const trouble = connection === null ? null : connectionBanner(connection);
  if (trouble !== null) return trouble;
  if (replacedAt !== null) {
    return {
      ...banner('note', 'live', 'A new hub took over', 'The one before did not answer any more.'),
      kept: 'It went on at your place: no word is lost or doubled, and what you typed is here.',
      dismiss: true,
      since: replacedAt,
    };
  }
  if (!updated) return null;
  return {
    ...banner('note', 'live', 'A newer version is ready', 'Reload when it suits you.'),
    kept: 'Turns go on meanwhile, and a half-typed message is saved with its session.',
    action: 'reload',
    dismiss: true,
  };
}

function linkBanner(link: Link, lostAt: number | null): Banner | null {
  switch (link.state) {
    case 'attached':
    case 'suspended':
      return null;
    case 'connecting':
    case 'waiting':
      if (link.state === 'connecting' && link.attempt === 1) return null;
      return {
        ...banner(
          'bad',
          'lost',
          'The hub of this browser does not answer',
          link.state === 'waiting' ? link.error.message : 'A new one is being started.',
        ),
        kept: `${HERE} Turns go on on the server.`,
        action: link.state === 'waiting' ? 'retry' : null,
        from: (lostAt ?? 0) + BLIP_MS,
        since: lostAt,
      };
    case 'failed':
      return {
        ...banner(
          'bad',
          'trouble',
          'No hub could be started',
          `${link.error.message} It was tried in a shared worker and in this page.`,
        ),
        kept: `${HERE} Turns go on on the server.`,
        action: 'again',
      };
    case 'outdated':
      return {
        ...banner(
          'ask',
          'trouble',
          'tabcast was updated',
          'This page and the hub of this browser are of different versions. Close the other tabs of tabcast, then reload this one.',
        ),
        kept: 'Sessions and half-typed messages are kept on the server.',
        action: 'reload',
      };
    case 'closed':
      return {
        ...banner('ask', 'trouble', 'This page is closed', 'Reload it to go on.'),
        action: 'reload',
      };
    default:
      return unreachable(link);
  }
}

function connectionBanner(connection: Connection): Banner | null {
  switch (connection.state) {
    case 'connecting':
      return null;
    case 'live':
      return connection.problem === undefined
        ? null
        : banner(
            'bad',
            'trouble',
            connection.problem.code === 'storage'
              ? 'Nothing can be saved at the moment'
              : 'The server is about to go',
            connection.problem.message,
          );
    case 'reconnecting': {
      const { error, since, retryAt } = connection;
      const known = error.code === 'network' || error.code === 'timeout';
      return {
        ...banner(
          'bad',
          'lost',
          known ? 'The server cannot be reached' : 'The server is not there',
          known ? '' : error.message,
        ),
        kept: `${HERE} Turns go on as long as the server runs, and all of it comes here when it is back.`,
        action: 'retry',
        from: since + BLIP_MS,
        since,
        retryAt,
      };
    }
    case 'signed-out':
      return {
        ...banner('ask', 'out', 'You are signed out', 'Sign in to go on.'),
        kept: `${HERE} What runs goes on meanwhile.`,
        action: 'sign-in',
      };
    case 'refused':
      return {
        ...banner('bad', 'trouble', 'The server refuses this browser', connection.error.message),
        kept: `${HERE} It is not asked again by itself.`,
        action: 'retry',
      };
    default:
      return unreachable(connection);
  }
}

function banner(tone: Banner['tone'], shape: StatusShape, title: string, text: string): Banner {
  return {
    tone,
    shape,
    title,
    text,
    kept: '',
    action: null,
    dismiss: false,
    from: 0,
    since: null,
    retryAt: null,
  };
}

/** How long it lasts, and when it is tried again; empty when there is nothing to count. */
export function countWords({ since, retryAt, tone }: Banner, now: number): string {
  if (since === null || tone === 'note') return '';
  const words = `Lost ${duration(now - since)} ago.`;
  if (retryAt === null) return words;
  const left = Math.ceil((retryAt - now) / 1_000);
  return left > 0 ? `${words} Trying again in ${left} s.` : `${words} Trying…`;
}
