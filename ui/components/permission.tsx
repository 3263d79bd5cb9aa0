/** A permission that the turn waits for. The first answer wins (O7): the card closes when the log says so. */
import type { RequestBody } from '../../shared/events.ts';
import type { SessionRef } from '../store/actions.ts';
import { Glyph } from './glyph.tsx';
import { ToolBody } from './tool-body.tsx';
import { useAnswer } from './use-answer.ts';
import { permissionTitle, plainTitle } from './words.ts';

interface Props {
  session: SessionRef;
  requestId: string;
  request: Extract<RequestBody, { kind: 'permission' }>;
  /** Names its card. */
  card: string;
}

export function PermissionCard({ session, requestId, request, card }: Props) {
  const { answer, sent, problem } = useAnswer(session, requestId);
  const title = permissionTitle(request);
  const { kind, content, locations, rawInput } = request.toolCall;
  const about = {
    ...(content == null ? {} : { content }),
    ...(locations == null ? {} : { locations }),
    ...(rawInput == null ? {} : { rawInput }),
  };
  const shown = Object.keys(about).length > 0;
  const known = kind == null ? {} : { kind };
  return (
    <div class="request" role="group" aria-label={`Permission: ${title}`}>
      <p class="request-head">
        <Glyph name="waiting" />
        <strong>May the agent do this?</strong>
        {kind == null ? null : <span class="request-kind">{kind.replaceAll('_', ' ')}</span>}
      </p>
      <p class="request-title" data-kind={kind ?? undefined}>
        {plainTitle(title)}
      </p>
      {shown ? <ToolBody call={{ ...about, ...known, title }} card={card} /> : null}
      <div class="buttons">
        {request.options.map((option) => (
          <button
            key={option.optionId}
            type="button"
            class={option.kind === 'allow_once' ? 'button primary' : 'button'}
            data-kind={option.kind}
            disabled={sent}
            onClick={() => answer({ outcome: 'selected', optionId: option.optionId })}
          >
            {option.name}
          </button>
        ))}
      </div>
      {problem === null ? null : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
