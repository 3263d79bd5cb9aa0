/** Keeps a scrolled box at its end while the reader is there, and what they see in its place otherwise. */
import { drift, takeHold, type Hold } from './hold.ts';

/** This near to the end, in pixels, counts as at the end. */
const NEAR = 48;

export interface FollowEnd {
  /** `move` scrolls the box: the reader leaves the end, unless that is where it leads. */
  goTo(move: () => void): void;
  /** Twice is fine. */
  close(): void;
}

/**
 * Layout is read when the browser has just made it: after a frame's layout, and at a scroll. Reading it after each
 * change of the text would make the browser lay out more than once per frame, or lay out what it will not draw.
 * @param content what grows in the box
 * @param onAtEnd its last line came into view or went out of it
 */
export function followEnd(
  box: HTMLElement,
  content: HTMLElement,
  onAtEnd: (atEnd: boolean) => void,
): FollowEnd {
  /** As the reader saw it last: what has come since then does not take the reader away from the end. */
  let seen = { content: 0, box: 0 };
  let stick = true;
  let hold: Hold = [];

  const tell = () => {
    stick = seen.content - box.scrollTop - seen.box <= NEAR;
    onAtEnd(stick);
  };
  const note = () => {
    tell();
    hold = stick ? [] : takeHold(box, content);
  };
  const measure = () => {
    seen = { content: box.scrollHeight, box: box.clientHeight };
    const moved = stick ? seen.content : drift(box, hold);
    // Below the browser's own rounding there is nothing to see.
    if (Math.abs(moved) < 1) return tell();
    box.scrollTop += moved;
    note();
  };
  const observer = new ResizeObserver(measure);
  observer.observe(box);
  observer.observe(content);
  box.addEventListener('scroll', note, { passive: true });
  return {
    goTo(move) {
      stick = false;
      hold = [];
      move();
      seen = { content: box.scrollHeight, box: box.clientHeight };
      note();
    },
    close() {
      observer.disconnect();
      box.removeEventListener('scroll', note);
    },
  };
}
