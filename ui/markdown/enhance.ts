/**
 * What settled markdown gets beyond its markup, when it comes near the window and nothing else is to be done: colours of
 * code, a button that copies it, math, and a tab stop for what scrolls sideways.
 */
import { addCodeBar } from './code-bar.ts';
import { paintCode } from './paint-code.ts';
import { setMath } from './set-math.ts';

/** How far beyond the window, CSS pixels. */
const NEAR = '600px';

type Task = () => Promise<void>;
const waiting: Task[] = [];
let running = false;

const nextIdle: (run: () => void) => void =
  typeof requestIdleCallback === 'function'
    ? (run) => requestIdleCallback(run, { timeout: 500 })
    : (run) => setTimeout(run, 20);

/** One at a time, so that no piece of work is longer than one block's. */
async function work(): Promise<void> {
  if (running) return;
  running = true;
  for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
    await new Promise<void>((idle) => nextIdle(idle));
    // Its code could not be fetched: everything can be read as it is.
    await task().catch(() => {});
  }
  running = false;
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      waiting.push(...tasksOf(target));
    }
    void work();
  },
  { rootMargin: NEAR },
);

/** A box that scrolls is reached by keyboard, and only while it scrolls. */
const scrolling = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (!(target instanceof HTMLElement)) continue;
    if (target.scrollWidth > target.clientWidth) {
      target.tabIndex = 0;
      target.role = 'group';
      target.ariaLabel = target.tagName === 'PRE' ? 'Code' : 'Table';
    } else {
      target.removeAttribute('tabindex');
      target.role = null;
      target.ariaLabel = null;
    }
  }
});

/** @param block a settled block's element @returns stop: what is done stays */
export function enhance(block: Element): () => void {
  const boxes = [...block.querySelectorAll('pre, [data-table]')];
  for (const box of boxes) scrolling.observe(box);
  for (const code of block.querySelectorAll<HTMLElement>('[data-code]')) addCodeBar(code);
  near.observe(block);
  return () => {
    for (const box of boxes) scrolling.unobserve(box);
    near.unobserve(block);
  };
}

function tasksOf(block: Element): Task[] {
  const tasks = [
    ...[...block.querySelectorAll('[data-code]')].map((code) => () => paintCode(code)),
    ...[...block.querySelectorAll('[data-math]')].map((math) => () => setMath(math)),
  ];
  return tasks.map((task) => async () => {
    if (block.isConnected) await unselected(block, task);
  });
}

/** What somebody has selected is left alone until they let go of it. */
function unselected(block: Element, task: Task): Promise<void> {
  const selection = block.ownerDocument.getSelection();
  if (selection === null || selection.isCollapsed || !selection.containsNode(block, true)) {
    return task();
  }
  block.ownerDocument.addEventListener(
    'selectionchange',
    () => {
      waiting.push(() => unselected(block, task));
      void work();
    },
    { once: true },
  );
  return Promise.resolve();
}
