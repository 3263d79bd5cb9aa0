/** A choice with words on each of its values, which a browser's own list has no place for (P86). https://www.w3.org/WAI/ARIA/apg/patterns/combobox/examples/combobox-select-only/ */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { afterKey } from './choice-keys.ts';

export interface Choice {
  value: string;
  name: string;
  /** Empty: the agent says no more. */
  about: string;
  /** The name of its group; empty: none. */
  group: string;
}

interface Props {
  /** What is chosen by it. */
  name: string;
  about: string;
  choices: readonly Choice[];
  value: string;
  busy: boolean;
  onChoose(value: string): void;
}

export function ChoiceList({ name, about, choices, value, busy, onChoose }: Props) {
  const id = useId();
  const chosen = choices.findIndex((one) => one.value === value);
  /** The one that Enter takes; null: the list is closed. */
  const [at, setAt] = useState<number | null>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (at === null) return;
    list.current?.querySelectorAll('[role=option]')[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const choose = (index: number) => {
    setAt(null);
    const taken = choices[index];
    if (taken !== undefined && index !== chosen) onChoose(taken.value);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const names = choices.map((one) => one.name);
    const next = afterKey(event, { at, chosen: Math.max(chosen, 0), names });
    if (next === null) return;
    event.preventDefault();
    // An open list's Escape is not the page's.
    event.stopPropagation();
    if (next.chooses && at !== null) choose(at);
    else setAt(next.at);
  };
  return (
    <span class="picker choice-picker" aria-busy={busy}>
      <button
        type="button"
        class="picker-button"
        role="combobox"
        aria-label={name}
        aria-haspopup="listbox"
        aria-expanded={at !== null}
        aria-controls={at === null ? undefined : id}
        aria-activedescendant={at === null ? undefined : `${id}-${at}`}
        aria-describedby={about === '' || at === null ? undefined : `${id}-about`}
        onClick={() => setAt(at === null ? Math.max(chosen, 0) : null)}
        onKeyDown={onKeyDown}
        onBlur={() => setAt(null)}
      >
        {choices[chosen]?.name ?? value}
      </button>
      {at === null ? null : (
        // A press in it does not take the focus away from the button.
        <div class="choices" ref={list} onMouseDown={(event) => event.preventDefault()}>
          {about === '' ? null : (
            <p class="hint" id={`${id}-about`}>
              {about}
            </p>
          )}
          <ul id={id} role="listbox" aria-label={name}>
            {choices.map((one, index) => (
              <ChoiceLine
                key={one.value}
                id={`${id}-${index}`}
                choice={one}
                heads={one.group !== '' && one.group !== choices[index - 1]?.group}
                chosen={index === chosen}
                active={index === at}
                onChoose={() => choose(index)}
              />
            ))}
          </ul>
        </div>
      )}
    </span>
  );
}

interface LineProps {
  id: string;
  choice: Choice;
  /** It is its group's first. */
  heads: boolean;
  chosen: boolean;
  active: boolean;
  onChoose(): void;
}

function ChoiceLine({ id, choice, heads, chosen, active, onChoose }: LineProps) {
  const { name, about, group } = choice;
  return (
    <>
      {heads ? (
        <li class="choices-group" role="presentation">
          {group}
        </li>
      ) : null}
      <li
        id={id}
        role="option"
        aria-selected={chosen}
        data-active={active}
        class="choices-line"
        onClick={onChoose}
      >
        <span class="choices-name">{name}</span>
        {about === '' ? null : <span class="hint">{about}</span>}
      </li>
    </>
  );
}
