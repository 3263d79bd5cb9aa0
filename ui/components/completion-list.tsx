import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface CompletionOption {
  key: string;
  /** What is written when it is chosen. */
  label: ComponentChildren;
  hint: string;
}

interface Props {
  id: string;
  name: string;
  options: readonly CompletionOption[];
  active: number;
  onChoose(at: number): void;
}

/** What fits what is typed. The focus stays in the textbox, which names the active one. */
export function CompletionList({ id, name, options, active, onChoose }: Props) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active, options]);
  return (
    <ul class="completions" id={id} role="listbox" aria-label={name} ref={list}>
      {options.map(({ key, label, hint }, at) => (
        <li
          key={key}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === active}
          onMouseDown={(event) => {
            event.preventDefault(); // the textbox keeps the focus
            onChoose(at);
          }}
        >
          <code>{label}</code>
          {hint === '' ? null : <span class="hint">{hint}</span>}
        </li>
      ))}
    </ul>
  );
}
