/** Which sessions have a stream of their own and which ride in the shared lane (H3). */

/** Own streams over HTTP/1.1: of a browser's six connections to a server, with the lane, two are left for commands. */
export const OWN_STREAMS = 3;
/** Own streams over HTTP/2 and 3: servers and browsers allow about 100 streams on a connection. */
export const OWN_STREAMS_MULTIPLEXED = 64;
/** The lane names its sessions in its address: with ids and cursors this stays below the 16 kB of headers that Node reads. */
export const LANE_SESSIONS = 100;

export interface Wanted {
  logId: string;
  /** A tab shows it. */
  watched: boolean;
}

export interface Seats {
  /** Every session that needs a stream. */
  wanted: readonly Wanted[];
  own: ReadonlySet<string>;
  /** What the lane carries now; may hold some that are not wanted any more. */
  riding: ReadonlySet<string>;
  /** The budget of own streams. */
  ownStreams: number;
  /** The lane is to be connected anew anyway: riders may move, and those not wanted leave. */
  reseat: boolean;
}

export interface Plan {
  own: Set<string>;
  lane: Set<string>;
  /** The lane has to be connected anew, because it lacks a session or on `reseat`. */
  reconnect: boolean;
  /**
   * Some ride that are not wanted, or that should have an own stream: worth a reconnection of the lane, but none
   * that is urgent.
   */
  stale: boolean;
}

/**
 * Own streams are for watched sessions first; among equals, who sits keeps the seat, for a move costs a connection.
 * While the lane need not be connected anew nobody in it moves, and so nobody is displaced. No session is in both,
 * ever (H1).
 */
export function planLanes({ wanted, own, riding, ownStreams, reseat }: Seats): Plan {
  const ranked = (rank: (entry: Wanted) => number): string[] =>
    wanted.toSorted((a, b) => rank(a) - rank(b)).map(({ logId }) => logId);
  const stands = ({ logId }: Wanted): number => (own.has(logId) ? 0 : 1);
  const hides = ({ watched }: Wanted): number => (watched ? 0 : 1);
  const best = ranked((entry) => 2 * hides(entry) + stands(entry));
  const laneBeside = (seats: ReadonlySet<string>): Set<string> =>
    new Set(best.filter((logId) => !seats.has(logId)).slice(0, LANE_SESSIONS));
  const lacks = (lane: ReadonlySet<string>): boolean =>
    [...lane].some((logId) => !riding.has(logId));
  const leaves = (lane: ReadonlySet<string>): boolean =>
    [...riding].some((logId) => !lane.has(logId));

  const seated = ranked((entry) => 2 * stands(entry) + hides(entry));
  const seats = new Set(seated.filter((logId) => !riding.has(logId)).slice(0, ownStreams));
  const lane = laneBeside(seats);
  if (!reseat && !lacks(lane)) {
    const isFree = seats.size < Math.min(ownStreams, wanted.length);
    const watched = wanted.filter((entry) => entry.watched).map(({ logId }) => logId);
    const isWrong =
      watched.filter((logId) => seats.has(logId)).length < Math.min(watched.length, seats.size);
    const stale = leaves(lane) || isFree || isWrong;
    return { own: seats, lane: new Set(riding), reconnect: false, stale };
  }
  const bestSeats = new Set(best.slice(0, ownStreams));
  const bestLane = laneBeside(bestSeats);
  return {
    own: bestSeats,
    lane: bestLane,
    reconnect: lacks(bestLane) || leaves(bestLane),
    stale: false,
  };
}
