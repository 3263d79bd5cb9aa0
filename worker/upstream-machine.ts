/**
 * One SSE connection as a pure machine: `(state, event, moment) → {state, actions}`. The driver
 * (`upstream.ts`) does what the actions say and reports what happened.
 */
import { HEARTBEAT_MS } from '../shared/api.ts';
import { unreachable, type ApiError } from '../shared/errors.ts';
import { backoffMs, retryAfterMs } from './backoff.ts';
import {
  IDLE,
  type Backoff,
  type Moment,
  type ResponseHead,
  type Step,
  type StopReason,
  type Trouble,
  type UpstreamEvent,
  type UpstreamState,
} from './upstream-state.ts';

/** Silence beyond this means the connection is gone, whatever the socket says (H7). */
export const SILENCE_MS = 2.5 * HEARTBEAT_MS;
/** How often an open connection is looked at: a machine that slept is noticed this soon after waking. */
export const CHECK_MS = HEARTBEAT_MS / 2;
/**
 * A server that is there begins to answer well within this. A browser hands out idle sockets again that died unseen,
 * and each costs one attempt.
 */
export const ANSWER_MS = HEARTBEAT_MS;
/** While somebody looks, no backoff is longer than this, milliseconds. */
export const LOOKED_AT_MS = 2_000;
/** A connection that lived this long was a good one, also when nothing happened on it. */
const STABLE_MS = HEARTBEAT_MS / 2;

/**
 * A wake counts this long after the failure, milliseconds. Without it, streams that are let in and cut at once would
 * wake each other with every head that comes, and none would ever wait.
 */
const WAKE_MS = 1_000;

const SILENT: ApiError = { code: 'timeout', message: 'The server fell silent.' };
const KEEPS_ENDING: ApiError = {
  code: 'unavailable',
  message: 'The server ends the connection again and again.',
};
const NOT_A_STREAM: ApiError = {
  code: 'unavailable',
  message: 'Something between this page and the server answered in its place.',
};
const NOTHING_MORE: ApiError = { code: 'unavailable', message: 'There is nothing more to come.' };

/** One step. Never throws; an event that has no meaning in a state changes nothing. */
export function step(state: UpstreamState, event: UpstreamEvent, moment: Moment): Step {
  switch (event.type) {
    case 'start':
      if (state.name === 'idle') return onStart(event.before, moment);
      if (state.name !== 'stopped') return stay(state);
      // It said that nothing is to come, but something is: at once, then ever slower.
      return state.reason === 'up-to-date'
        ? again(state.attempt, null, state.error, moment)
        : connect(0, null, moment);
    case 'response':
      return state.name === 'connecting' ? onResponse(state, event, moment) : stay(state);
    case 'alive':
    case 'progress':
      return state.name === 'open' ? onBytes(state, event.type, moment) : stay(state);
    case 'ended':
      if (state.name !== 'open') return stay(state);
      return again(settledAttempt(state, moment), null, KEEPS_ENDING, moment);
    case 'gap':
      if (state.name !== 'open') return stay(state);
      return again(state.attempt, null, KEEPS_ENDING, moment);
    case 'failed':
      if (state.name === 'connecting') return retryLater(state, event.error, 0, moment);
      if (state.name === 'open') {
        const attempt = settledAttempt(state, moment);
        return retryLater({ attempt, trouble: null }, event.error, 0, moment);
      }
      return stay(state);
    case 'changed':
      if (state.name === 'connecting') return anew(state, moment);
      return state.name === 'open' ? connect(state.attempt, null, moment) : stay(state);
    case 'wake':
      if (state.name === 'connecting')
        return hangs(state, moment) ? anew(state, moment) : stay(state);
      return state.name === 'backoff' ? onWake(state, moment) : stay(state);
    case 'look':
      return state.name === 'backoff' && waited(state, moment) ? anew(state, moment) : stay(state);
    case 'retry':
      if (state.name === 'backoff') return anew(state, moment);
      if (state.name === 'connecting')
        return hangs(state, moment) ? anew(state, moment) : stay(state);
      return state.name === 'idle' || state.name === 'stopped'
        ? connect(0, null, moment)
        : stay(state);
    case 'timer':
      return onTimer(state, moment);
    case 'stop':
      return state.name === 'idle'
        ? stay(state)
        : { state: IDLE, actions: [{ type: 'disconnect' }, { type: 'disarm' }] };
    default:
      return unreachable(event);
  }
}

type Connecting = Extract<UpstreamState, { name: 'connecting' }>;
type Open = Extract<UpstreamState, { name: 'open' }>;

function onResponse(state: Connecting, head: ResponseHead, moment: Moment): Step {
  const { status } = head;
  if (status === 200) {
    // A proxy's error page comes with 200, too.
    if (!/^text\/event-stream\b/i.test(head.contentType ?? '')) {
      return retryLater(state, NOT_A_STREAM, 0, moment);
    }
    const { now } = moment;
    const open: Open = { name: 'open', attempt: state.attempt, openedAt: now, heardAt: now };
    return { state: open, actions: [{ type: 'arm', ms: CHECK_MS }] };
  }
  const error = head.error ?? {
    code: 'unavailable',
    message: `The server answered with status ${status}.`,
  };
  if (status === 204) return stop(state, 'up-to-date', NOTHING_MORE);
  if (status === 401) return stop(state, 'signed-out', error);
  if (status === 404) return stop(state, 'missing', error);
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    return stop(state, 'refused', error);
  }
  return retryLater(state, error, retryAfterMs(head.retryAfter, moment.now), moment);
}

function onBytes(state: Open, type: 'alive' | 'progress', moment: Moment): Step {
  // The clock jumped over the silence: these bytes may be what was left in a dead socket's buffer (H7).
  if (Math.abs(moment.now - state.heardAt) > SILENCE_MS) {
    return again(state.attempt, null, SILENT, moment);
  }
  const attempt = type === 'progress' ? 0 : settledAttempt(state, moment);
  return { state: { ...state, attempt, heardAt: moment.now }, actions: [] };
}

function onStart(before: Backoff | undefined, moment: Moment): Step {
  const left = before === undefined ? 0 : Math.min(before.floorAt - moment.now, before.wait);
  if (before === undefined || left <= 0) return connect(0, null, moment);
  return arm({ ...before, retryAt: moment.now + left }, left);
}

function onWake(state: Backoff, moment: Moment): Step {
  const early = Math.min(state.floorAt - moment.now, state.wait);
  if (early <= 0) return connect(state.attempt, state.trouble, moment);
  const retryAt = moment.now + early;
  return retryAt < state.retryAt ? arm({ ...state, retryAt }, early) : stay(state);
}

function onTimer(state: UpstreamState, moment: Moment): Step {
  const { now } = moment;
  switch (state.name) {
    case 'idle':
    case 'stopped':
      return stay(state);
    case 'connecting':
      if (Math.abs(now - state.startedAt) < ANSWER_MS) return arm(state, CHECK_MS);
      return retryLater(state, SILENT, 0, moment);
    case 'open': {
      if (Math.abs(now - state.heardAt) < SILENCE_MS) return arm(state, CHECK_MS);
      const trouble = { since: Math.min(state.heardAt, now), error: SILENT };
      return again(settledAttempt(state, moment), trouble, SILENT, moment);
    }
    case 'backoff': {
      const left = Math.min(state.retryAt - now, state.wait);
      return left > 0 ? arm(state, left) : anew(state, moment);
    }
    default:
      return unreachable(state);
  }
}

/** Its socket may be dead, when others are answered meanwhile. */
function hangs({ startedAt }: Connecting, { now }: Moment): boolean {
  return Math.abs(now - startedAt) >= CHECK_MS;
}

function waited({ floorAt, retryAt, wait }: Backoff, { now }: Moment): boolean {
  return now >= floorAt && now - (retryAt - wait) >= LOOKED_AT_MS;
}

/** A connection that lived for a while ends the count, also when it had nothing to tell. */
function settledAttempt(state: Open, { now }: Moment): number {
  return now - state.openedAt >= STABLE_MS ? 0 : state.attempt;
}

function stay(state: UpstreamState): Step {
  return { state, actions: [] };
}

function arm(state: UpstreamState, ms: number): Step {
  return { state, actions: [{ type: 'arm', ms }] };
}

function connect(attempt: number, trouble: Trouble | null, { now }: Moment): Step {
  return {
    state: { name: 'connecting', attempt, startedAt: now, trouble },
    actions: [{ type: 'connect' }, { type: 'arm', ms: CHECK_MS }],
  };
}

function anew({ attempt, trouble }: Connecting | Backoff, moment: Moment): Step {
  return connect(attempt, trouble, moment);
}

/** After an end that is nobody's fault: at once the first time, then with backoff until something new comes. */
function again(attempt: number, trouble: Trouble | null, error: ApiError, moment: Moment): Step {
  return attempt === 0
    ? connect(1, trouble, moment)
    : retryLater({ attempt, trouble }, error, 0, moment);
}

function retryLater(
  before: { attempt: number; trouble: Trouble | null },
  error: ApiError,
  floor: number,
  { now, random }: Moment,
): Step {
  const attempt = before.attempt + 1;
  const wait = Math.max(backoffMs(attempt, random), floor);
  const trouble = { since: before.trouble?.since ?? now, error };
  return {
    state: {
      name: 'backoff',
      attempt,
      retryAt: now + wait,
      floorAt: now + Math.max(floor, WAKE_MS),
      wait,
      trouble,
    },
    actions: [{ type: 'disconnect' }, { type: 'arm', ms: wait }],
  };
}

function stop({ attempt }: Connecting, reason: StopReason, error: ApiError): Step {
  return {
    state: { name: 'stopped', attempt, reason, error },
    actions: [{ type: 'disconnect' }, { type: 'disarm' }],
  };
}
