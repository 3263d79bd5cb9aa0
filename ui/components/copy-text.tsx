/** A button that copies a text, and says whether it did. */
import { useEffect, useState } from 'preact/hooks';

const SHOWN_MS = 2000;
type State = 'idle' | 'copied' | 'failed';
const WORDS: Record<State, string> = {
  idle: 'Copy',
  copied: 'Copied',
  failed: 'Not copied',
};

/** @param what follows 'Copy' in its name */
export function CopyText({ text, what }: { text: string | (() => string); what: string }) {
  const [state, setState] = useState<State>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      setState('copied');
    } catch {
      // Not over plain HTTP from another machine, and not where the person forbade it.
      setState('failed');
    }
  };
  return (
    <button type="button" class="copy" data-state={state} onClick={() => void copy()}>
      {WORDS[state]}
      <span class="unseen"> {what}</span>
    </button>
  );
}
