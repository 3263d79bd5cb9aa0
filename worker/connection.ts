/** How the hub reaches the server, in the words of the page. */
import { unreachable, type ApiError } from '../shared/errors.ts';
import type { Connection } from '../shared/hub-api.ts';
import type { UpstreamState } from './upstream-state.ts';

/**
 * @param before what was said last: a rotation is not worth a word
 * @param problem what the server said is wrong with it; null for nothing. Also why it is gone, when it said so before.
 */
export function connectionOf(
  lane: UpstreamState,
  before: Connection,
  problem: ApiError | null,
): Connection {
  switch (lane.name) {
    case 'idle':
      return { state: 'connecting' };
    case 'open':
      return problem === null ? { state: 'live' } : { state: 'live', problem };
    case 'connecting':
      if (lane.trouble !== null) return reconnecting(lane, lane.startedAt, problem);
      return before.state === 'live' ? before : { state: 'connecting' };
    case 'backoff':
      return reconnecting(lane, lane.retryAt, problem);
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
  problem: ApiError | null,
): Connection {
  if (trouble === null) return { state: 'connecting' };
  const { since, error } = trouble;
  // It said that it goes: then that is why.
  const why = problem?.code === 'unavailable' ? problem : error;
  return { state: 'reconnecting', attempt, since, retryAt, error: why };
}
