/** Copying, and for a moment what became of it. */
import { useEffect, useState } from 'preact/hooks';
import { copyText } from '../markdown/copy-text.ts';

const SHOWN_MS = 2000;

export type Copied = 'idle' | 'copied' | 'failed';

/** @param text called when it is copied */
export function useCopy(text: () => string): { copied: Copied; copy: () => Promise<void> } {
  const [copied, setCopied] = useState<Copied>('idle');
  useEffect(() => {
    if (copied === 'idle') return undefined;
    const timer = setTimeout(() => setCopied('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await copyText(document, text());
      setCopied('copied');
    } catch {
      // The browser or the person forbids it.
      setCopied('failed');
    }
  };
  return { copied, copy };
}
