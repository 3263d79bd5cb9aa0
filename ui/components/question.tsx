/** A question that the turn waits for: a form made of the agent's schema. */
import { useId, useMemo, useState } from 'preact/hooks';
import type { RequestBody } from '../../shared/events.ts';
import type { SessionRef } from '../store/actions.ts';
import {
  fieldsOf,
  fill,
  initialValues,
  type Problems,
  type Values,
} from '../store/question-form.ts';
import { Glyph } from './glyph.tsx';
import { QuestionField } from './question-field.tsx';
import { useAnswer } from './use-answer.ts';

interface Props {
  session: SessionRef;
  requestId: string;
  request: Extract<RequestBody, { kind: 'question' }>;
}

const NO_PROBLEMS: Problems = new Map();

export function QuestionCard({ session, requestId, request }: Props) {
  const { answer, sent, problem } = useAnswer(session, requestId);
  const fields = useMemo(() => fieldsOf(request.schema), [request]);
  const [values, setValues] = useState<Values>(() => initialValues(fields));
  const [problems, setProblems] = useState<Problems>(NO_PROBLEMS);
  const id = useId();

  const submit = (event: Event) => {
    event.preventDefault();
    const filled = fill(fields, values);
    setProblems(filled.ok ? NO_PROBLEMS : filled.problems);
    if (filled.ok) answer({ action: 'accept', content: filled.content });
    else document.getElementById(`${id}-${filled.problems.keys().next().value}`)?.focus();
  };
  return (
    <form class="request" aria-label={`Question: ${request.message}`} noValidate onSubmit={submit}>
      <p class="request-head">
        <Glyph name="waiting" />
        <strong>The agent asks</strong>
      </p>
      <p class="request-title">{request.message}</p>
      {request.schema.description == null ? null : <p class="hint">{request.schema.description}</p>}
      {fields.map((field) => (
        <QuestionField
          key={field.name}
          id={`${id}-${field.name}`}
          field={field}
          value={values[field.name] ?? field.initial}
          problem={problems.get(field.name) ?? null}
          disabled={sent}
          onChange={(value) => setValues((now) => ({ ...now, [field.name]: value }))}
        />
      ))}
      <div class="buttons">
        <button type="submit" class="button primary" disabled={sent}>
          Answer
        </button>
        <button
          type="button"
          class="button"
          disabled={sent}
          onClick={() => answer({ action: 'decline' })}
        >
          Decline
        </button>
      </div>
      {problem === null ? null : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
