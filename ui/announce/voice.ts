/** How a page says something to assistive technology. */

type Notifying = Document & { ariaNotify?(words: string): void };

/** Says it politely, after what is being said. */
export type Say = (words: string) => void;

/**
 * By `ariaNotify` where there is one (https://w3c.github.io/aria/#ARIANotifyMixin): nothing of it is in the page, so
 * nothing is found twice. Else by a live region that is emptied again.
 */
export function createVoice(document: Notifying): Say {
  if (typeof document.ariaNotify === 'function') return (words) => document.ariaNotify?.(words);
  let region: HTMLElement | null = null;
  return (words) => {
    if (region === null) {
      region = document.createElement('div');
      region.className = 'unseen';
      region.setAttribute('aria-live', 'polite');
      document.body.append(region);
    }
    const line = document.createElement('p');
    line.textContent = words;
    region.replaceChildren(line);
  };
}
