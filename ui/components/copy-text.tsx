/** A button that copies a text, and says whether it did. */
import { useCopy, type Copied } from './use-copy.ts';

const WORDS: Record<Copied, string> = {
  idle: 'Copy',
  copied: 'Copied',
  failed: 'Not copied',
};

/** @param what follows 'Copy' in its name */
export function CopyText({ text, what }: { text: string | (() => string); what: string }) {
  const { copied, copy } = useCopy(() => (typeof text === 'string' ? text : text()));
  return (
    <button type="button" class="copy" data-state={copied} onClick={() => void copy()}>
      {WORDS[copied]}
      <span class="unseen"> {what}</span>
    </button>
  );
}
