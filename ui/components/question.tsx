/** A question that the turn waits for: a form made of the agent's schema. */
import { useId, useMemo, useState } from 'preact/hooks';
import type { RequestBody } from '../../shared/events.ts';
import type { SessionRef } from '../store/actions.ts';
import { fieldsOf, fill, initialValues, type Values } from '../store/question-form.ts';
import { QuestionField } from './question-field.tsx';
import { useAnswer } from './use-answer.ts';

interface Props {
  session: SessionRef;
  requestId: string;
  request: Extract<RequestBody, { kind: 'question' }>;
}

export function QuestionCard({ session, requestId, request }: Props) {
  const { answer, sent, problem } = useAnswer(session, requestId);
  const fields = useMemo(() => fieldsOf(request.schema), [request]);
  const [values, setValues] = useState<Values>(() => initialValues(fields));
  const [problems, setProblems] = useState<Record<string, string>>({});
  const id = useId();

  const submit = (event: Event) => {
    event.preventDefault();
    const filled = fill(fields, values);
    setProblems(filled.ok ? {} : filled.problems);
    if (filled.ok) answer({ action: 'accept', content: filled.content });
    else document.getElementById(`${id}-${Object.keys(filled.problems)[0]}`)?.focus();
  };
  return (
    <form
      class="card request"
      aria-label={`Question: ${request.message}`}
      noValidate
      onSubmit={submit}
    >
      <p class="request-head">
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
          problem={problems[field.name] ?? null}
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
