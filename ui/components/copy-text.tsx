/** A button that copies a text, and says whether it did. */
import { useEffect, useState } from 'preact/hooks';
import { copyText } from '../markdown/copy-text.ts';

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
      await copyText(document, typeof text === 'string' ? text : text());
      setState('copied');
    } catch {
      // The browser or the person forbids it.
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
