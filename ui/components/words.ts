/** States in words: a colour alone says nothing to many. */
import type { RequestBody } from '../../shared/events.ts';
import { isUnread, type Row, type SessionStatus } from '../../shared/row.ts';
import type { TurnEnd } from '../../shared/state.ts';
import type { GlyphName } from './glyph.tsx';

export const titleOf = (row: Pick<Row, 'title'>): string =>
  row.title === '' ? 'Untitled' : row.title;

/** A row's state; empty when there is nothing to tell. */
export function rowWords(row: Row): string {
  switch (row.status) {
    case 'running':
      return 'running';
    case 'waiting':
      return row.openRequests > 1 ? `needs you (${row.openRequests})` : 'needs you';
    case 'cancelling':
      return 'stopping';
    case 'idle': {
      // A queue in an idle session is one that was held: it waits for the person (L10).
      const unsent = row.queued > 0 ? [`${row.queued} not sent`] : [];
      return [...(isUnread(row) ? ['unread'] : []), ...unsent].join(', ');
    }
  }
}

/** The shape of the same state. */
export function rowGlyph(row: Row): GlyphName {
  switch (row.status) {
    case 'running':
      return 'running';
    case 'waiting':
      return 'waiting';
    case 'cancelling':
      return 'stopping';
    case 'idle':
      return row.queued > 0 && !isUnread(row) ? 'held' : 'unread';
  }
}

/** What a session that is not idle is doing, at the end of its transcript. */
export const busyWords: Record<Exclude<SessionStatus, 'idle'>, string> = {
  running: 'Working…',
  waiting: 'Waiting for you',
  cancelling: 'Stopping…',
};

/** What a turn's end means for the reader; null for an ordinary end. */
export function endWords(end: TurnEnd): string | null {
  switch (end.reason) {
    case 'end_turn':
      return null;
    case 'cancelled':
      return 'Stopped.';
    case 'max_tokens':
      return 'The agent stopped: it reached its token limit. Send a message to go on.';
    case 'max_turn_requests':
      return 'The agent stopped: it reached its limit of model requests for one turn. Send a message to go on.';
    case 'refusal':
      return 'The agent refused to go on with this.';
    case 'failed':
      return 'The agent failed. What it had written is kept. Try again, or send another message.';
    case 'interrupted':
      // Its error says all of it.
      return end.error === null ? 'tabcast was stopped while this turn ran.' : null;
    case 'removed':
      return 'Removed.';
  }
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.split('/').findLast((part) => part !== '') ?? path;
}

/** What a permission is asked for. */
export function permissionTitle({
  toolCall,
}: Extract<RequestBody, { kind: 'permission' }>): string {
  return toolCall.title ?? toolCall.name ?? 'a tool call';
}

/** Some agents write titles of tool calls as code. */
export const plainTitle = (title: string): string =>
  /^`[^`]+`$/.test(title) ? title.slice(1, -1) : title;
