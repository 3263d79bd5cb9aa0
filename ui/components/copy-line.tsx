/** Something to copy: a command for a terminal, a piece of a config. */
import { useCopy, type Copied } from './use-copy.ts';

const WORDS: Record<Copied, string> = { idle: 'Copy', copied: 'Copied', failed: 'Select it' };
const SENTENCES: Record<Copied, string> = {
  idle: '',
  copied: 'Copied',
  failed: 'The browser did not copy it: select the text.',
};

/** @param what names it for the button, as in 'Copy the command' */
export function CopyLine({ text, what }: { text: string; what: string }) {
  const { copied, copy } = useCopy(() => text);
  return (
    <div class="copy-line">
      <pre tabIndex={0}>{text}</pre>
      <button
        type="button"
        class="button small"
        aria-label={`Copy ${what}`}
        onClick={() => void copy()}
      >
        {WORDS[copied]}
      </button>
      <span class="unseen" role="status">
        {SENTENCES[copied]}
      </span>
    </div>
  );
}
