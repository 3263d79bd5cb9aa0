/** What commands do on the page itself. */
import type { CommandEnv } from './commands.ts';

export const pageDoings: Pick<CommandEnv, 'focusMessage' | 'download'> = { focusMessage, download };

const MESSAGE = 'main textarea[aria-label="Message"]';
/** After that long somebody has gone on to something else, milliseconds. */
const PATIENCE_MS = 5_000;

/** The box comes with its session's transcript; whoever does something else meanwhile is left there. */
function focusMessage(): void {
  const focus = (): boolean => {
    const box = document.querySelector<HTMLElement>(MESSAGE);
    box?.focus();
    return box !== null;
  };
  // The address has changed, and is drawn with the next frame.
  requestAnimationFrame(() => {
    if (focus()) return;
    const stop = () => {
      observer.disconnect();
      clearTimeout(timer);
      for (const type of ['pointerdown', 'keydown']) removeEventListener(type, stop);
    };
    const observer = new MutationObserver(() => {
      if (focus()) stop();
    });
    observer.observe(document.body, { childList: true, subtree: true });
    const timer = setTimeout(stop, PATIENCE_MS);
    for (const type of ['pointerdown', 'keydown']) addEventListener(type, stop);
  });
}

/** As a click on a link would. */
function download(path: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = '';
  link.click();
}
