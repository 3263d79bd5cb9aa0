/** The button that copies a block of code. It is no part of the text: not selected, not copied, not found. */
import { createVoice, type Say } from '../announce/voice.ts';
import { copyText } from './copy-text.ts';

const SVG = 'http://www.w3.org/2000/svg';
const COPY =
  'M5 1h8a2 2 0 0 1 2 2v8h-1.5V3a.5.5 0 0 0-.5-.5H5zM3 4h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zm0 1.5a.5.5 0 0 0-.5.5v7c0 .3.2.5.5.5h7a.5.5 0 0 0 .5-.5V6a.5.5 0 0 0-.5-.5z';
const DONE = 'M13.4 3.6 14.6 4.8 6.4 13 1.9 8.5l1.2-1.2 3.3 3.3z';
/** How long it says that it has copied, milliseconds. */
const SAID_MS = 2000;

let voice: Say | null = null;

/** @param box the element around a block of code; twice is fine */
export function addCodeBar(box: HTMLElement): void {
  if (box.querySelector(':scope > .copy-code') !== null) return;
  const document = box.ownerDocument;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy-code';
  const path = document.createElementNS(SVG, 'path');
  const icon = document.createElementNS(SVG, 'svg');
  icon.setAttribute('viewBox', '0 0 16 16');
  icon.setAttribute('aria-hidden', 'true');
  icon.append(path);
  button.append(icon);
  const say = (label: string, shape: string) => {
    button.ariaLabel = label;
    button.title = label;
    path.setAttribute('d', shape);
  };
  say('Copy code', COPY);
  let said: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener('click', () => {
    const code = box.querySelector('code')?.textContent ?? '';
    copyText(document, code.replace(/\n$/, '')).then(
      () => {
        say('Copied', DONE);
        voice ??= createVoice(document);
        voice('Copied.');
        clearTimeout(said);
        said = setTimeout(() => say('Copy code', COPY), SAID_MS);
      },
      () => say('Copying is not allowed here', COPY),
    );
  });
  box.append(button);
}
