/** The hub's connections: the lane, and streams of one session each. Knows where each session sits. */
import type { Cancel, HubEnv } from './env.ts';
import type { Frame } from './frames.ts';
import { planLanes, type Wanted } from './lanes.ts';
import type { Backoff, UpstreamState } from './upstream-state.ts';
import { createUpstream, type Flow, type Upstream } from './upstream.ts';

/** A lane that carries sessions which should not be in it is connected anew after this, milliseconds. */
export const TRIM_MS = 2_000;

export interface StreamsDeps {
  env: HubEnv;
  /** How many sessions may have a stream of their own now. */
  ownStreams(): number;
  /** What to ask the server for: an id of the session, and the cursor; null for a snapshot. */
  place(logId: string): { sessionId: string; cursor: string | null };
  /** @param logId whose own stream it is; null for the lane. @returns true when anything was new */
  onFrames(frames: Frame[], logId: string | null): boolean;
  onState(state: UpstreamState, logId: string | null): void;
  /** The lane is about to be asked for. */
  onLaneStart(): void;
}

export interface Streams {
  /** The lane's state. */
  readonly lane: UpstreamState;
  readonly laneFlow: Flow;
  /** Of the stream that brings that session; undefined when none does. */
  stateOf(logId: string): UpstreamState | undefined;
  own(): ReadonlyMap<string, UpstreamState>;
  riding(): ReadonlySet<string>;
  /** Connects exactly these, within the budget. */
  plan(wanted: readonly Wanted[]): void;
  /** `ownStreams` is another number now: sessions move between lanes, at their cursors. */
  reseat(): void;
  startLane(): void;
  /** The stream of that session stopped, but there is still a reason for it. */
  resume(logId: string): void;
  /** Events of that session are missing. */
  gap(logId: string): void;
  /** The server was reached: no backoff need be waited out. */
  wake(): void;
  /** Somebody looks at a page that says that it is not live. When the lane is, it wakes the others. */
  look(): void;
  /** A person asks to connect now. */
  retry(): void;
  /** Disconnects all; `startLane` and `plan` begin anew. */
  park(): void;
  /** No session is remembered; what the server asked of the lane still holds. */
  forget(): void;
  /** Twice is a no-op. */
  close(): void;
}

export function createStreams(deps: StreamsDeps): Streams {
  const { env } = deps;
  const own = new Map<string, Upstream>();
  let riding: ReadonlySet<string> = new Set();
  /** The sessions that the lane was asked for, by id. */
  let named: ReadonlySet<string> = new Set();
  let wanted: readonly Wanted[] = [];
  let cancelTrim: Cancel | null = null;
  /** How streams waited when they were last in trouble: `Retry-After` outlives the stream that it was told (H8). */
  const waits = new Map<string | null, Backoff>();

  const onState = (state: UpstreamState, logId: string | null): void => {
    if (state.name === 'backoff') waits.set(logId, state);
    else if (state.name === 'open') waits.delete(logId);
    deps.onState(state, logId);
  };

  const lane = createUpstream(env, {
    path() {
      deps.onLaneStart();
      const places = [...riding].map(deps.place);
      named = new Set(places.map(({ sessionId }) => sessionId));
      const query = places.map(({ sessionId, cursor }) => {
        return `session=${cursor === null ? sessionId : `${sessionId}@${cursor}`}`;
      });
      return query.length === 0 ? '/api/events' : `/api/events?${query.join('&')}`;
    },
    onFrames: (frames) => deps.onFrames(frames, null),
    onState: (state) => onState(state, null),
  });

  const openOwn = (logId: string): void => {
    const upstream = createUpstream(env, {
      path() {
        const { sessionId, cursor } = deps.place(logId);
        const path = `/api/sessions/${sessionId}/events`;
        return cursor === null ? path : `${path}?cursor=${cursor}`;
      },
      onFrames: (frames) => deps.onFrames(frames, logId),
      onState: (state) => onState(state, logId),
    });
    own.set(logId, upstream);
    upstream.start(waits.get(logId));
  };
  const closeOwn = (logId: string): void => {
    const upstream = own.get(logId);
    own.delete(logId);
    upstream?.close();
  };
  const untrim = (): void => {
    cancelTrim?.();
    cancelTrim = null;
  };

  /** A server that lost its data gave a session another log: the lane has it already, under the log of before (H1). */
  const isCarried = (logId: string): boolean =>
    !riding.has(logId) && !own.has(logId) && named.has(deps.place(logId).sessionId);

  const seat = (now: boolean): void => {
    const reseat = now || wanted.some(({ logId }) => isCarried(logId));
    const plan = planLanes({
      wanted,
      own: new Set(own.keys()),
      riding,
      ownStreams: deps.ownStreams(),
      reseat,
    });
    // What moves is let go of before it is asked for anew, so that no session has two at any time (H1).
    for (const logId of own.keys()) if (!plan.own.has(logId)) closeOwn(logId);
    riding = plan.lane;
    if (plan.reconnect) lane.changed();
    for (const logId of plan.own) if (!own.has(logId)) openOwn(logId);
    if (!plan.stale) untrim();
    else {
      cancelTrim ??= env.after(TRIM_MS, () => {
        cancelTrim = null;
        seat(true);
      });
    }
  };

  const park = (): void => {
    untrim();
    wanted = [];
    riding = new Set();
    named = new Set();
    for (const logId of own.keys()) closeOwn(logId);
    lane.stop();
  };

  return {
    get lane() {
      return lane.state;
    },
    get laneFlow() {
      return { ...lane.flow };
    },
    stateOf: (logId) => own.get(logId)?.state ?? (riding.has(logId) ? lane.state : undefined),
    own: () => new Map([...own].map(([logId, { state }]) => [logId, state])),
    riding: () => riding,
    plan(next) {
      wanted = next;
      seat(false);
    },
    reseat: () => seat(true),
    startLane: () => lane.start(waits.get(null)),
    resume: (logId) => own.get(logId)?.start(),
    gap(logId) {
      const upstream = own.get(logId);
      if (upstream !== undefined) upstream.gap();
      else if (riding.has(logId)) lane.gap();
    },
    wake() {
      for (const upstream of [lane, ...own.values()]) upstream.wake();
    },
    look: () => lane.look(),
    retry() {
      waits.clear();
      for (const upstream of [lane, ...own.values()]) upstream.retry();
    },
    park,
    forget() {
      for (const logId of waits.keys()) if (logId !== null) waits.delete(logId);
    },
    close() {
      park();
      lane.close();
    },
  };
}
