/**
 * Which sessions have a stream of their own and which ride in the shared lane (H3). Over HTTP/1.1 a browser
 * opens six connections to a server: one lane and three own streams leave room for commands.
 */

/** Own streams over HTTP/1.1. */
export const OWN_STREAMS = 3;
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
  /** Some ride that are not wanted: worth a reconnection, but none that is urgent. */
  stale: boolean;
}

/**
 * Who sits keeps the seat: a move costs a connection. Free seats go to watched sessions first. No session is in
 * both, ever (H1).
 */
export function planLanes({ wanted, own, riding, ownStreams, reseat }: Seats): Plan {
  const order = [
    ...wanted.filter(({ watched }) => watched),
    ...wanted.filter(({ watched }) => !watched),
  ].map(({ logId }) => logId);
  const seats = new Set(order.filter((logId) => own.has(logId)).slice(0, ownStreams));
  for (const logId of order) {
    if (seats.size >= ownStreams) break;
    if (reseat || !riding.has(logId)) seats.add(logId);
  }
  const lane = new Set(order.filter((logId) => !seats.has(logId)).slice(0, LANE_SESSIONS));
  const stale = [...riding].some((logId) => !lane.has(logId));
  const lacking = [...lane].some((logId) => !riding.has(logId));
  const reconnect = lacking || (reseat && stale);
  return reconnect || !stale
    ? { own: seats, lane, reconnect, stale: false }
    : { own: seats, lane: new Set(riding), reconnect, stale: true };
}
