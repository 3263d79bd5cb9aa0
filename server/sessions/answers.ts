/** Does an answer fit the request it is for? Checked before anything is written (A3). */
import { z } from 'zod';
import type { AnswerOutcome } from '../../shared/commands.ts';
import type { RequestBody, RequestOutcome } from '../../shared/events.ts';
import { unreachable } from '../../shared/errors.ts';
import { ServiceError } from './service.ts';

/** What closes a request that nobody answered: ACP's own word for it. */
export function cancelledOutcome(request: RequestBody): RequestOutcome {
  return request.kind === 'permission' ? { outcome: 'cancelled' } : { action: 'cancel' };
}

/** @throws ServiceError `bad_request`, naming what does not fit */
export function checkAnswer(request: RequestBody, outcome: AnswerOutcome): RequestOutcome {
  switch (request.kind) {
    case 'permission': {
      if (!('outcome' in outcome)) throw misfit('a permission is answered with one of its options');
      if (!request.options.some((option) => option.optionId === outcome.optionId)) {
        throw misfit(`there is no option '${outcome.optionId}'`);
      }
      return outcome;
    }
    case 'question': {
      if (!('action' in outcome)) throw misfit('a question is answered with an action');
      if (outcome.action === 'accept') checkContent(request.schema, outcome.content ?? {});
      return outcome;
    }
    default:
      return unreachable(request);
  }
}

function checkContent(schema: object, content: Record<string, unknown>): void {
  let form: z.ZodType;
  try {
    form = z.fromJSONSchema({ type: 'object', ...withoutPatterns(schema) });
  } catch {
    // The schema is the agent's; when it can't be read, the agent is the judge of the answer.
    return;
  }
  const checked = form.safeParse(content);
  if (checked.success) return;
  const issue = checked.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw misfit(`${field === '' ? 'the answer' : field}: ${issue?.message ?? 'does not fit'}`);
}

/**
 * The agent's patterns are for the page and the agent itself to check: there are ones that a text of some dozen
 * characters keeps busy for hours, and here everybody would wait.
 */
function withoutPatterns(schema: object): object {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    (key === 'pattern' && typeof value === 'string') || key === 'patternProperties'
      ? undefined
      : value,
  ) as object;
}

function misfit(why: string): ServiceError {
  return new ServiceError('bad_request', `This answer does not fit: ${why}.`);
}
