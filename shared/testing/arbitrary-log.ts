/** Random but valid logs for property tests: what a session's writer could have written. */
import fc from 'fast-check';
import { optionsUpdate } from '../config-options.ts';
import type { EventBody, SessionEvent, SessionUpdate } from '../events.ts';
import { applyEvent } from '../reducer.ts';
import { nextQueued, emptyState, openRequests, type SessionState } from '../state.ts';

/** One step of a writer; `pick` chooses among what is possible in the state it meets. */
interface Step {
  kind:
    | 'queue'
    | 'edit'
    | 'move'
    | 'release'
    | 'start'
    | 'text'
    | 'thought'
    | 'tool'
    | 'plan'
    | 'commands'
    | 'options'
    | 'mode'
    | 'notice'
    | 'usage'
    | 'open'
    | 'resolve'
    | 'cancel'
    | 'end'
    | 'remove';
  pick: number;
  text: string;
}

const KINDS: Step['kind'][] = [
  'queue',
  'edit',
  'move',
  'release',
  'start',
  'text',
  'text',
  'text',
  'text',
  'thought',
  'tool',
  'plan',
  'commands',
  'options',
  'mode',
  'notice',
  'usage',
  'thought',
  'thought',
  'open',
  'resolve',
  'cancel',
  'end',
  'remove',
];

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...KINDS),
  pick: fc.nat(5),
  text: fc.string({ maxLength: 8, unit: 'grapheme' }),
});

const TOOL_STATUS = ['in_progress', 'completed', 'failed', 'pending'] as const;

/** A gapless log of one session, from `seq` 1. */
export function arbitraryLog(maxLength = 80): fc.Arbitrary<SessionEvent[]> {
  return fc.array(step, { maxLength, size: 'max' }).map((steps) => {
    const events: SessionEvent[] = [];
    let state = emptyState('log');
    for (const [index, next] of steps.entries()) {
      for (const body of bodiesOf(state, next, index)) {
        // Not always rising: a server's clock may be set back.
        const at = 1000 + index + (next.pick === 5 ? -3 : 0);
        const event: SessionEvent = { seq: state.seq + 1, at, ...body };
        const applied = applyEvent(state, event);
        if (applied.kind === 'applied') state = applied.state;
        events.push(event);
      }
    }
    return events;
  });
}

/** Most prompts start at once, as they do when nothing runs. */
function bodiesOf(state: SessionState, next: Step, index: number): EventBody[] {
  const body = bodyOf(state, next, index);
  if (body === null) return [];
  const idle = state.live === null && body.type === 'turn.queued' && next.pick > 1;
  return idle ? [body, { type: 'turn.started', turnId: body.turnId }] : [body];
}

function bodyOf(state: SessionState, { kind, pick, text }: Step, index: number): EventBody | null {
  const turnId = state.live?.turnId ?? null;
  switch (kind) {
    case 'queue': {
      const prompt = [{ type: 'text' as const, text }];
      const mode = pick === 0 ? 'interrupt' : 'queue';
      return { type: 'turn.queued', turnId: `t${index}`, key: `k${index}`, prompt, mode };
    }
    case 'start': {
      const next = pick === 0 ? state.queue[0] : nextQueued(state);
      return turnId !== null || !next ? null : { type: 'turn.started', turnId: next.turnId };
    }
    case 'edit': {
      const edited = state.queue[pick % Math.max(1, state.queue.length)];
      const prompt = [{ type: 'text' as const, text }];
      return edited === undefined ? null : { type: 'turn.edited', turnId: edited.turnId, prompt };
    }
    case 'move': {
      const moved = state.queue[pick % Math.max(1, state.queue.length)];
      const before = state.queue.find((entry) => entry !== moved && entry.turnId.length % 2 === 0);
      if (moved === undefined) return null;
      return { type: 'turn.moved', turnId: moved.turnId, before: before?.turnId ?? null };
    }
    case 'release': {
      const held = state.queue.find((entry) => entry.held);
      return held === undefined ? null : { type: 'turn.released', turnId: held.turnId };
    }
    case 'remove': {
      const queued = state.queue[pick % Math.max(1, state.queue.length)];
      return queued === undefined
        ? null
        : { type: 'turn.ended', turnId: queued.turnId, reason: 'removed' };
    }
    case 'commands':
      return {
        type: 'update',
        turnId,
        update: {
          sessionUpdate: 'available_commands_update',
          availableCommands: [{ name: `c${pick}`, description: text }],
        },
      };
    case 'options': {
      const modes = {
        currentModeId: 'm0',
        availableModes: [0, 1, 2, 3, 4, 5].map((n) => ({ id: `m${n}`, name: text })),
      };
      const update = optionsUpdate({ configOptions: null, modes });
      return update === null ? null : { type: 'update', turnId, update };
    }
    case 'mode':
      return {
        type: 'update',
        turnId,
        update: { sessionUpdate: 'current_mode_update', currentModeId: `m${pick}` },
      };
    default:
      return turnId === null ? null : turnBody(state, turnId, { kind, pick, text }, index);
  }
}

function turnBody(
  state: SessionState,
  turnId: string,
  { kind, pick, text }: Step,
  index: number,
): EventBody | null {
  const update = (value: SessionUpdate): EventBody => ({ type: 'update', turnId, update: value });
  switch (kind) {
    case 'text':
    case 'thought': {
      const sessionUpdate = kind === 'text' ? 'agent_message_chunk' : 'agent_thought_chunk';
      const messageId = pick === 0 ? { messageId: 'other' } : {};
      return update({ sessionUpdate, content: { type: 'text', text }, ...messageId });
    }
    case 'tool':
      return pick % 2 === 0
        ? update({ sessionUpdate: 'tool_call', toolCallId: `tool${pick}`, title: text })
        : update({
            sessionUpdate: 'tool_call_update',
            toolCallId: `tool${pick - 1}`,
            status: TOOL_STATUS[index % TOOL_STATUS.length] ?? 'completed',
          });
    case 'plan':
      return update({
        sessionUpdate: 'plan',
        entries: [{ content: text, priority: 'high', status: 'pending' }],
      });
    case 'usage':
      return update({
        sessionUpdate: 'usage_update',
        used: index,
        size: 100,
        ...(pick === 0 ? {} : { cost: { amount: index / 100, currency: 'EUR' } }),
      });
    case 'notice':
      return update({ sessionUpdate: 'notice', severity: 'info', title: text });
    case 'open':
      return {
        type: 'request.opened',
        turnId,
        requestId: `r${index}`,
        request: {
          kind: 'permission',
          toolCall: { toolCallId: `tool${pick}`, title: text },
          options: [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }],
        },
      };
    case 'resolve': {
      const open = openRequests(state)[0];
      const outcome = { outcome: 'selected' as const, optionId: 'yes' };
      return open === undefined
        ? null
        : { type: 'request.resolved', turnId, requestId: open.requestId, outcome };
    }
    case 'cancel':
      return state.live?.cancelling === true ? null : { type: 'turn.cancelling', turnId };
    case 'end': {
      const reason = (['end_turn', 'cancelled', 'failed', 'interrupted', 'refusal'] as const)[
        pick % 5
      ];
      return { type: 'turn.ended', turnId, reason: reason ?? 'end_turn' };
    }
    default:
      return null;
  }
}
