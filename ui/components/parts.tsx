/** The parts of an agent's message, in order. */
import { unreachable } from '../../shared/errors.ts';
import type { RequestBody, RequestOutcome } from '../../shared/events.ts';
import type { Part } from '../../shared/state.ts';
import { Markdown } from '../markdown/markdown.tsx';
import type { SessionRef } from '../store/actions.ts';
import { Glyph } from './glyph.tsx';
import { later } from './later.tsx';
import { memo } from '../memo.ts';
import { ThoughtView } from './thought.tsx';
import { ToolCallView } from './tool-call.tsx';
import { permissionTitle } from './words.ts';

const PermissionCard = later(async () => (await import('./cards.ts')).PermissionCard);
const ContentBlockView = later(async () => (await import('./cards.ts')).ContentBlockView);
const PlanView = later(async () => (await import('./cards.ts')).PlanView);
const QuestionCard = later(async () => (await import('./cards.ts')).QuestionCard);

interface PartProps {
  session: SessionRef;
  part: Part;
  /** Its turn runs; of a thought: it goes on. */
  live: boolean;
  /** A name for its card, unique in the session, that holds while its turn goes on. */
  card: string;
  /** Of a long text only its end (P71). */
  endOnly?: boolean;
}

/** Rendered again only when the part changed: a token costs the last one. */
export const PartView = memo(function PartContent({
  session,
  part,
  live,
  card,
  endOnly,
}: PartProps) {
  switch (part.kind) {
    case 'text':
      return <Markdown text={part.text} endOnly={endOnly} />;
    case 'thought':
      return <ThoughtView session={session} part={part} live={live} card={card} />;
    case 'content':
      return <ContentBlockView block={part.block} />;
    case 'tool':
      return <ToolCallView session={session} part={part} live={live} card={card} />;
    case 'plan':
      return <PlanView entries={part.entries} />;
    case 'notice':
      return (
        <p class="notice" data-severity={part.notice.severity}>
          <strong>{part.notice.title}</strong>
          {part.notice.description == null ? null : ` ${part.notice.description}`}
        </p>
      );
    case 'request':
      return <RequestView session={session} part={part} live={live} card={card} />;
    default:
      return unreachable(part);
  }
});

function RequestView({
  session,
  part,
  live,
  card,
}: PartProps & { part: Extract<Part, { kind: 'request' }> }) {
  const { requestId, request, outcome } = part;
  if (outcome !== null || !live) {
    const refused = outcome === null || isRefusal(request, outcome);
    return (
      <p class="resolved">
        <Glyph name={refused ? 'stopping' : 'done'} />
        {requestTitle(request)} · <strong>{outcomeWords(request, outcome)}</strong>
      </p>
    );
  }
  return request.kind === 'permission' ? (
    <PermissionCard session={session} requestId={requestId} request={request} card={card} />
  ) : (
    <QuestionCard session={session} requestId={requestId} request={request} />
  );
}

function requestTitle(request: RequestBody): string {
  return request.kind === 'permission' ? permissionTitle(request) : request.message;
}

function isRefusal(request: RequestBody, outcome: RequestOutcome): boolean {
  if (!('outcome' in outcome)) return outcome.action !== 'accept';
  if (request.kind !== 'permission' || !('optionId' in outcome)) return true;
  const chosen = request.options.find(({ optionId }) => optionId === outcome.optionId);
  return chosen?.kind.startsWith('reject') === true;
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
