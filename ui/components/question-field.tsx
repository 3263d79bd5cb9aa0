import { unreachable } from '../../shared/errors.ts';
import type { Field, Option, Value } from '../store/question-form.ts';

interface Props {
  id: string;
  field: Field;
  value: Value;
  problem: string | null;
  disabled: boolean;
  onChange(value: Value): void;
}

/** A field with its label, its description and what is wrong with it. */
export function QuestionField(props: Props) {
  const { id, field, problem } = props;
  const about = `${id}-about`;
  const label = (
    <>
      {field.label}
      {field.required || field.kind === 'boolean' ? null : <span class="hint"> (optional)</span>}
    </>
  );
  const notes = (
    <span id={about}>
      {field.description === '' ? null : <span class="hint">{field.description}</span>}
      {problem === null ? null : <span class="problem">{problem}</span>}
    </span>
  );
  if (field.kind === 'many') {
    return (
      <fieldset class="field" aria-describedby={about}>
        <legend>{label}</legend>
        <Control {...props} describedBy={about} />
        {notes}
      </fieldset>
    );
  }
  return (
    <div class={field.kind === 'boolean' ? 'field tick' : 'field'}>
      <label for={id}>{label}</label>
      <Control {...props} describedBy={about} />
      {notes}
    </div>
  );
}

function Control({
  id,
  field,
  value,
  problem,
  disabled,
  onChange,
  describedBy,
}: Props & { describedBy: string }) {
  const common = {
    id,
    disabled,
    'aria-describedby': describedBy,
    'aria-invalid': problem !== null,
    'aria-required': field.required,
  };
  const typed = typeof value === 'string' ? value : '';
  switch (field.kind) {
    case 'text': {
      // The types tell inputs apart by attributes that are not used here.
      const type = field.input as 'text';
      return (
        <input
          {...common}
          type={type}
          value={typed}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      );
    }
    case 'number':
      return (
        <input
          {...common}
          type="number"
          step={field.integer ? 1 : 'any'}
          min={field.min ?? undefined}
          max={field.max ?? undefined}
          value={typed}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'boolean':
      return (
        <input
          {...common}
          type="checkbox"
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <select {...common} value={typed} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{field.required ? 'Choose…' : 'None'}</option>
          {field.options.map(({ value: option, label }) => (
            <option key={option} value={option}>
              {label}
            </option>
          ))}
        </select>
      );
    case 'many':
      return (
        <Ticks
          id={id}
          options={field.options}
          chosen={Array.isArray(value) ? value : []}
          disabled={disabled}
          onChange={onChange}
        />
      );
    default:
      return unreachable(field);
  }
}

interface TicksProps {
  id: string;
  options: Option[];
  chosen: string[];
  disabled: boolean;
  onChange(value: Value): void;
}

function Ticks({ id, options, chosen, disabled, onChange }: TicksProps) {
  return (
    <>
      {options.map(({ value: option, label }, at) => (
        <label key={option} class="tick">
          <input
            id={at === 0 ? id : undefined}
            type="checkbox"
            disabled={disabled}
            checked={chosen.includes(option)}
            onChange={(event) =>
              onChange(
                event.currentTarget.checked
                  ? [...chosen, option]
                  : chosen.filter((one) => one !== option),
              )
            }
          />
          {label}
        </label>
      ))}
    </>
  );
}
