/** How the hub reaches the server, in the words of the page. */
import { unreachable } from '../shared/errors.ts';
import type { Connection } from '../shared/hub-api.ts';
import type { UpstreamState } from './upstream-state.ts';

/** @param before what was said last: a rotation is not worth a word */
export function connectionOf(lane: UpstreamState, before: Connection): Connection {
  switch (lane.name) {
    case 'idle':
      return { state: 'connecting' };
    case 'open':
      return { state: 'live' };
    case 'connecting':
      if (lane.trouble !== null) return reconnecting(lane, lane.startedAt);
      return before.state === 'live' ? before : { state: 'connecting' };
    case 'backoff':
      return reconnecting(lane, lane.retryAt);
    case 'stopped':
      switch (lane.reason) {
        case 'up-to-date': // it is started again at once
          return before;
        case 'signed-out':
          return { state: 'signed-out' };
        case 'missing':
        case 'refused':
          return { state: 'refused', error: lane.error };
        default:
          return unreachable(lane.reason);
      }
    default:
      return unreachable(lane);
  }
}

function reconnecting(
  { attempt, trouble }: Extract<UpstreamState, { name: 'connecting' | 'backoff' }>,
  retryAt: number,
): Connection {
  if (trouble === null) return { state: 'connecting' };
  return { state: 'reconnecting', attempt, since: trouble.since, retryAt, error: trouble.error };
}
