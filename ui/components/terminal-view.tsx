/** What a program wrote to a terminal, as it stood there in the end. */
import { useMemo } from 'preact/hooks';
import { readTerminal, screenText, type Line } from '../output/terminal.ts';
import { OutputFrame, SHOWN_LINES } from './output.tsx';

/** The end of it: that is where a program says how it went. */
export function TerminalView({ text }: { text: string }) {
  const screen = useMemo(() => readTerminal(text), [text]);
  const { lines, cut } = screen;
  const more = lines.length > SHOWN_LINES;
  return (
    <OutputFrame
      what="the output"
      text={useMemo(() => screenText(screen), [screen])}
      more={more ? lines.length : 0}
    >
      {(all) => (
        <span class="terminal">
          {cut > 0 && (all || !more) ? (
            <span class="hint">The beginning is left out.{'\n'}</span>
          ) : null}
          {(all ? lines : lines.slice(-SHOWN_LINES)).map((line, at) => (
            <TerminalLine key={at} line={line} />
          ))}
        </span>
      )}
    </OutputFrame>
  );
}

function TerminalLine({ line }: { line: Line }) {
  return (
    <>
      {line.map(({ text, classes }, at) =>
        classes === '' ? (
          text
        ) : (
          <span key={at} class={classes}>
            {text}
          </span>
        ),
      )}
      {'\n'}
    </>
  );
}
