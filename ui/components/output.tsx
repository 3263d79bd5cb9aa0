/** A text that may be long: its beginning or its end, the rest on demand, and a button that copies all of it. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { CopyText } from './copy-text.tsx';
import { countOf } from './times.ts';

/** Shown of a longer text: lines, and UTF-16 units of what is hardly divided into lines. */
export const SHOWN_LINES = 24;
const SHOWN_TEXT = 6000;

interface Props {
  text: string;
  /** What it is, where that is not plain from where it stands. */
  label?: string;
  /** Follows 'Copy' in the button's name. */
  what: string;
}

export function Output({ text, label, what }: Props) {
  const whole = text.replace(/\s+$/, '');
  const lines = whole.split('\n');
  const start = lines.slice(0, SHOWN_LINES).join('\n').slice(0, SHOWN_TEXT);
  return (
    <OutputFrame
      label={label}
      what={what}
      text={text}
      more={start.length < whole.length ? lines.length : 0}
    >
      {(all) => (all ? whole : start)}
    </OutputFrame>
  );
}

interface FrameProps {
  label?: string | undefined;
  what: string;
  text: string;
  /** How many lines there are when not all are shown at first; 0: all are. */
  more: number;
  children(all: boolean): ComponentChildren;
}

/** What long output of every kind has around it. */
export function OutputFrame({ label, what, text, more, children }: FrameProps) {
  const [all, setAll] = useState(false);
  return (
    <div class="output" data-all={all}>
      {label === undefined ? null : <p class="output-label">{label}</p>}
      {/* What scrolls has to be reachable for who uses the keyboard; a landmark for each call would bury the page's own. */}
      <pre tabIndex={0} role="group" aria-label={label ?? 'Output'}>
        {children(all)}
      </pre>
      <CopyText text={text} what={what} />
      {more === 0 ? null : (
        <button type="button" class="button quiet small" onClick={() => setAll(!all)}>
          {all ? 'Show less' : `Show all ${more === 1 ? '' : `${countOf(more)} lines`}`.trim()}
        </button>
      )}
    </div>
  );
}
