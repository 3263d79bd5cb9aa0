/**
 * A change of a file, line by line: one under the other, and side by side where there is room. Numbers and signs are
 * drawn by the stylesheet: what is copied is code.
 */
import { useMemo, useState } from 'preact/hooks';
import { diffTexts, foldOf, type DiffBlock, type DiffLine } from '../output/diff-blocks.ts';
import { CopyText } from './copy-text.tsx';
import { countOf } from './times.ts';

interface Props {
  path: string;
  /** Null: there was no such file. */
  oldText: string | null;
  newText: string;
}

/** Changed lines that are shown of a longer change. */
const MOST_LINES = 300;

export function DiffView({ path, oldText, newText }: Props) {
  const diff = useMemo(() => diffTexts(oldText, newText), [oldText, newText]);
  const { blocks, added, removed, exact } = diff;
  const [all, setAll] = useState(false);
  const long = added + removed > MOST_LINES;
  const shown = long && !all ? shortened(blocks) : blocks;
  return (
    <figure class="diff" data-all={all}>
      <figcaption>
        <code>{path}</code>
        {oldText === null ? <span class="hint">new file</span> : null}
        {newText === '' && oldText !== null ? <span class="hint">deleted</span> : null}
        <span class="diff-count">
          <span class="diff-added">
            <span aria-hidden="true">+{countOf(added)}</span>
            <span class="unseen">{lineWords(added, 'added')}</span>
          </span>
          <span class="diff-removed">
            <span aria-hidden="true">−{countOf(removed)}</span>
            <span class="unseen">{lineWords(removed, 'removed')}</span>
          </span>
        </span>
        <CopyText text={newText} what="the new text" />
      </figcaption>
      {/* What scrolls has to be reachable for who uses the keyboard. */}
      <div class="diff-lines" role="group" aria-label={`Changes of ${path}`} tabIndex={0}>
        {shown.length === 0 ? <p class="hint">Nothing changed.</p> : null}
        {shown.map((block, at) =>
          block.kind === 'same' ? (
            <Same
              key={at}
              lines={block.lines}
              first={at === 0}
              last={at === shown.length - 1 && shown === blocks}
            />
          ) : (
            <Change key={at} block={block} whole={oldText === null || newText === ''} />
          ),
        )}
      </div>
      {exact ? null : <p class="hint">The texts are too different to be compared line by line.</p>}
      {long ? (
        <button type="button" class="button quiet small" onClick={() => setAll(!all)}>
          {all ? 'Show less' : `Show all ${countOf(added + removed)} changed lines`}
        </button>
      ) : null}
    </figure>
  );
}

const lineWords = (n: number, what: string): string =>
  `${countOf(n)} ${n === 1 ? 'line' : 'lines'} ${what}. `;

/** The first blocks, up to about so many changed lines. */
function shortened(blocks: readonly DiffBlock[]): DiffBlock[] {
  const shown: DiffBlock[] = [];
  let room = MOST_LINES;
  for (const block of blocks) {
    if (room <= 0) break;
    if (block.kind === 'same') shown.push(block);
    else {
      const half = Math.ceil(room / 2);
      shown.push({ kind: 'change', old: block.old.slice(0, half), new: block.new.slice(0, half) });
      room -= block.old.length + block.new.length;
    }
  }
  return shown;
}

type SameLines = Extract<DiffBlock, { kind: 'same' }>['lines'];

function Same({ lines, first, last }: { lines: SameLines; first: boolean; last: boolean }) {
  const [all, setAll] = useState(false);
  const { head, hidden } = all
    ? { head: lines.length, hidden: 0 }
    : foldOf(lines.length, first, last);
  return (
    <>
      {lines.slice(0, head).map(sameLine)}
      {hidden === 0 ? null : (
        <button type="button" class="diff-fold" onClick={() => setAll(true)}>
          {countOf(hidden)} unchanged lines
        </button>
      )}
      {lines.slice(head + hidden).map(sameLine)}
    </>
  );
}

/** `data-text` is drawn beside it where both texts are shown. */
const sameLine = ({ old, new: next, text }: SameLines[number]) => (
  <div key={next} class="diff-line same" data-old={old} data-new={next}>
    <span class="diff-text">{text === '' ? '\n' : text}</span>
    <span class="diff-copy" aria-hidden="true" data-new={next} data-text={text} />
  </div>
);

/** @param whole the file came or went: there is nothing to stand beside it */
function Change({
  block,
  whole,
}: {
  block: Extract<DiffBlock, { kind: 'change' }>;
  whole: boolean;
}) {
  return (
    <div class="diff-change" data-whole={whole}>
      {block.old.map((line) => (
        <Changed key={`o${line.number}`} line={line} kind="old" />
      ))}
      {block.new.map((line) => (
        <Changed key={`n${line.number}`} line={line} kind="new" />
      ))}
    </div>
  );
}

function Changed({ line, kind }: { line: DiffLine; kind: 'old' | 'new' }) {
  const Word = kind === 'old' ? 'del' : 'ins';
  return (
    <div class={`diff-line ${kind}`} data-number={line.number}>
      <span class="unseen">{kind === 'old' ? 'Removed: ' : 'Added: '}</span>
      <span class="diff-text">
        {line.pieces.map(({ text, marked }, at) =>
          marked ? <Word key={at}>{text}</Word> : text === '' ? '\n' : text,
        )}
      </span>
    </div>
  );
}
