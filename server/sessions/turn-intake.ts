/** Between an agent and a turn's log: bounds what comes, and says in the transcript what was left out (L12). */
import type { RequestBody, SessionUpdate } from '../../shared/events.ts';
import { boundJson } from '../bound-json.ts';
import { createTurnMeter } from './turn-meter.ts';

/** The largest event that an agent can make: about this many bytes of JSON. */
export const MAX_EVENT_BYTES = 1024 * 1024;
/** What a turn may wait for at once. */
export const MAX_OPEN_REQUESTS = 64;

const MIB = 1024 * 1024;

export interface TurnIntake {
  /** What may be stored of an update, in order: nothing, itself or a cut of it, and a notice where something is missing. */
  update(update: SessionUpdate): SessionUpdate[];
  /**
   * @param open how many requests of the turn are open
   * @returns what may be asked; null: the agent is answered 'cancelled'
   */
  request(
    request: RequestBody,
    open: number,
  ): { request: RequestBody | null; notices: SessionUpdate[] };
  /** Bytes that passed since the last call. */
  passed(): number;
}

/** @param turnMegabytes MiB that the turn keeps */
export function createTurnIntake(turnMegabytes: number): TurnIntake {
  const meter = createTurnMeter(turnMegabytes * MIB);
  /** What was told of already: an agent sends a long output again with each line of it. */
  const told = new Set<string>();
  let passed = 0;

  const once = (subject: string, title: string, description: string): SessionUpdate[] => {
    if (told.has(subject)) return [];
    told.add(subject);
    return [{ sessionUpdate: 'notice', severity: 'warning', title, description }];
  };
  const full = (): SessionUpdate[] =>
    once(
      'full',
      `More than ${turnMegabytes} MB came in this turn`,
      'It goes on, but what follows is not kept, and what the agent asks is answered with ‘cancelled’. Wait for its end, or stop it.',
    );

  return {
    update(update) {
      const bounded = boundUpdate(update);
      if (bounded === null) return tooLarge(once);
      const { value, bytes, missing } = bounded;
      passed += bytes;
      if (meter.admit(value, bytes))
        return missing === 0 ? [value] : [value, ...cut(once, value, missing)];
      // A tool call that is shown ends as it ended.
      const status = statusOf(value);
      return status !== null && meter.hasTool(status.toolCallId) ? [status, ...full()] : full();
    },
    request(request, open) {
      if (open >= MAX_OPEN_REQUESTS) {
        const title = `The agent asked for more than ${MAX_OPEN_REQUESTS} things at once`;
        const then = 'What it asked beyond that was answered with ‘cancelled’.';
        return { request: null, notices: once('requests', title, then) };
      }
      const bounded = boundJson(request, MAX_EVENT_BYTES);
      // Half a form is none.
      if (bounded === null || (request.kind === 'question' && bounded.missing > 0)) {
        return { request: null, notices: tooLarge(once) };
      }
      passed += bounded.bytes;
      if (!meter.admitPart(bounded.bytes)) return { request: null, notices: full() };
      const notices = bounded.missing === 0 ? [] : cut(once, null, bounded.missing);
      return { request: bounded.value, notices };
    },
    passed() {
      const bytes = passed;
      passed = 0;
      return bytes;
    },
  };
}

/** As `boundJson`, but quick for what agents send most: short pieces of text. Their length stands for their bytes. */
export function boundUpdate(update: SessionUpdate) {
  if (
    (update.sessionUpdate === 'agent_message_chunk' ||
      update.sessionUpdate === 'agent_thought_chunk') &&
    update.content.type === 'text' &&
    update._meta === undefined &&
    update.content._meta === undefined &&
    // A character can take six bytes in JSON.
    update.content.text.length * 6 < MAX_EVENT_BYTES
  ) {
    return { value: update, bytes: update.content.text.length, missing: 0 };
  }
  return boundJson(update, MAX_EVENT_BYTES);
}

type Once = (subject: string, title: string, description: string) => SessionUpdate[];

function tooLarge(once: Once): SessionUpdate[] {
  return once(
    'too large',
    'Something that the agent sent was left out',
    `It was larger than ${MAX_EVENT_BYTES / MIB} MB, and could not be cut.`,
  );
}

function cut(once: Once, update: SessionUpdate | null, missing: number): SessionUpdate[] {
  const ofTool = update !== null && 'toolCallId' in update;
  const subject = ofTool ? `cut ${update.toolCallId}` : 'cut';
  const size = Number.isFinite(missing) ? `${missing.toLocaleString('en-US')} bytes` : 'A part';
  return once(
    subject,
    'Part of what the agent sent was left out',
    `${size} of it: one piece of output is kept up to ${MAX_EVENT_BYTES / MIB} MB, images whole or not at all.`,
  );
}

function statusOf(update: SessionUpdate) {
  if (update.sessionUpdate !== 'tool_call' && update.sessionUpdate !== 'tool_call_update')
    return null;
  const { toolCallId, status } = update;
  if (status === null || status === undefined) return null;
  return { sessionUpdate: 'tool_call_update', toolCallId, status } as const;
}
