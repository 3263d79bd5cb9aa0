/** A permission that the turn waits for. The first answer wins (O7): the card closes when the log says so. */
import type { RequestBody } from '../../shared/events.ts';
import { ToolCallBody } from './tool-call.tsx';
import { useAnswer } from './use-answer.ts';
import type { SessionRef } from '../store/actions.ts';

interface Props {
  session: SessionRef;
  requestId: string;
  request: Extract<RequestBody, { kind: 'permission' }>;
}

export function permissionTitle({ toolCall }: Props['request']): string {
  return toolCall.title ?? toolCall.name ?? 'a tool call';
}

export function PermissionCard({ session, requestId, request }: Props) {
  const { answer, sent, problem } = useAnswer(session, requestId);
  const title = permissionTitle(request);
  const { kind, content, locations, rawInput } = request.toolCall;
  const about = {
    ...(content == null ? {} : { content }),
    ...(locations == null ? {} : { locations }),
    ...(rawInput == null ? {} : { rawInput }),
  };
  return (
    <div class="card request" role="group" aria-label={`Permission: ${title}`}>
      <p class="request-head">
        <strong>May the agent do this?</strong>
        {kind == null ? null : <span class="tool-kind">{kind.replaceAll('_', ' ')}</span>}
      </p>
      <p class="request-title">{title}</p>
      {Object.keys(about).length === 0 ? null : <ToolCallBody call={about} />}
      <div class="buttons">
        {request.options.map((option) => (
          <button
            key={option.optionId}
            type="button"
            class={option.kind === 'allow_once' ? 'button primary' : 'button'}
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
