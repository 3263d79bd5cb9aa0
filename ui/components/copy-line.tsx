/** Something to copy: a command for a terminal, a piece of a config. */
import { useEffect, useState } from 'preact/hooks';

const TOLD_MS = 2_000;

/** @param what names it for the button, as in 'Copy the command' */
export function CopyLine({ text, what }: { text: string; what: string }) {
  const [told, setTold] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (told === null) return;
    const timer = setTimeout(() => setTold(null), TOLD_MS);
    return () => clearTimeout(timer);
  }, [told]);
  const copy = async () => {
    try {
      // Missing where the page is served over plain HTTP from another machine.
      await navigator.clipboard.writeText(text);
      setTold('copied');
    } catch {
      setTold('failed');
    }
  };
  return (
    <div class="copy-line">
      <pre tabIndex={0}>{text}</pre>
      <button
        type="button"
        class="button small"
        aria-label={`Copy ${what}`}
        onClick={() => void copy()}
      >
        {told === null ? 'Copy' : told === 'copied' ? 'Copied' : 'Select it'}
      </button>
      <span class="unseen" role="status">
        {told === null
          ? ''
          : told === 'copied'
            ? 'Copied'
            : 'The browser did not copy it: select the text.'}
      </span>
    </div>
  );
}
