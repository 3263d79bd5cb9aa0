/** The parts of an agent's message, in order. */
import type { PlanEntry, PlanEntryStatus } from '@agentclientprotocol/sdk';
import { useMemo } from 'preact/hooks';
import { unreachable } from '../../shared/errors.ts';
import type { RequestBody, RequestOutcome } from '../../shared/events.ts';
import type { Part, TurnEnd } from '../../shared/state.ts';
import { Markdown } from '../markdown/markdown.tsx';
import type { SessionRef } from '../store/actions.ts';
import { ContentBlockView } from './content-block.tsx';
import { later } from './later.tsx';
import { PermissionCard, permissionTitle } from './permission.tsx';
import { ToolCallView } from './tool-call.tsx';
import { endWords } from './words.ts';

const QuestionCard = later(async () => (await import('./question.tsx')).QuestionCard);

interface PartProps {
  session: SessionRef;
  part: Part;
  /** Its turn runs. */
  live: boolean;
}

/** Rendered again only when the part changed: a token costs the last one. */
export function PartView({ session, part, live }: PartProps) {
  return useMemo(
    () => <PartContent session={session} part={part} live={live} />,
    [session, part, live],
  );
}

function PartContent({ session, part, live }: PartProps) {
  switch (part.kind) {
    case 'text':
      return <Markdown text={part.text} />;
    case 'thought':
      return (
        <details class="fold thought">
          <summary>Thoughts</summary>
          <Markdown text={part.text} />
        </details>
      );
    case 'content':
      return <ContentBlockView block={part.block} />;
    case 'tool':
      return <ToolCallView call={part.call} live={live} />;
    case 'plan':
      return <PlanView entries={part.entries} />;
    case 'notice':
      return (
        <p class="card notice" data-severity={part.notice.severity}>
          <strong>{part.notice.title}</strong>
          {part.notice.description == null ? null : ` ${part.notice.description}`}
        </p>
      );
    case 'request':
      return <RequestView session={session} part={part} live={live} />;
    default:
      return unreachable(part);
  }
}

const PLAN: Record<PlanEntryStatus, { mark: string; word: string }> = {
  pending: { mark: '○', word: 'to do' },
  in_progress: { mark: '◐', word: 'under way' },
  completed: { mark: '●', word: 'done' },
};

function PlanView({ entries }: { entries: PlanEntry[] }) {
  return (
    <div class="card plan">
      <p class="card-head">Plan</p>
      <ul aria-label="Plan">
        {entries.map(({ content, status }, at) => (
          <li key={at} data-status={status}>
            <span class="plan-mark" aria-hidden="true">
              {PLAN[status].mark}
            </span>
            <span class="plan-text">{content}</span>
            <span class="hint">{PLAN[status].word}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function RequestView({
  session,
  part,
  live,
}: PartProps & { part: Extract<Part, { kind: 'request' }> }) {
  const { requestId, request, outcome } = part;
  if (outcome !== null || !live) {
    return (
      <p class="resolved">
        {requestTitle(request)} · <strong>{outcomeWords(request, outcome)}</strong>
      </p>
    );
  }
  return request.kind === 'permission' ? (
    <PermissionCard session={session} requestId={requestId} request={request} />
  ) : (
    <QuestionCard session={session} requestId={requestId} request={request} />
  );
}

function requestTitle(request: RequestBody): string {
  return request.kind === 'permission' ? permissionTitle(request) : request.message;
}

/** How a request was resolved, in a word or two; null is a request whose turn ended without an answer. */
function outcomeWords(request: RequestBody, outcome: RequestOutcome | null): string {
  if (outcome === null) return 'not answered';
  if ('outcome' in outcome) {
    if (!('optionId' in outcome)) return 'not answered';
    const options = request.kind === 'permission' ? request.options : [];
    return options.find(({ optionId }) => optionId === outcome.optionId)?.name ?? 'answered';
  }
  if (outcome.action === 'accept')
    return answerWords('content' in outcome ? outcome.content : null);
  return outcome.action === 'decline' ? 'declined' : 'not answered';
}

function answerWords(content: unknown): string {
  if (typeof content !== 'object' || content === null) return 'answered';
  const values = Object.values(content).map((value: unknown) =>
    Array.isArray(value) ? value.join(', ') : String(value),
  );
  return values.length === 0 ? 'answered' : values.join(' · ');
}

/** How the turn ended, if there is something to tell. */
export function TurnEndView({ end }: { end: TurnEnd }) {
  const words = endWords(end);
  if (end.error === null) {
    if (words === null) return null;
    return <p class={end.reason === 'cancelled' ? 'turn-end' : 'card turn-end'}>{words}</p>;
  }
  return (
    <div class="card turn-error">
      <p>
        <strong>{end.error.message}</strong>
      </p>
      {words === null ? null : <p class="hint">{words}</p>}
      {end.error.detail === undefined ? null : (
        <details class="fold">
          <summary>Details</summary>
          <pre>{end.error.detail}</pre>
        </details>
      )}
    </div>
  );
}
