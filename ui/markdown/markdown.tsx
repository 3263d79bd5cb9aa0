/** An agent's text as markdown. Settled blocks are rendered once; a token costs the tail. */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { advanceBlocks, NO_BLOCKS, type Block, type Blocks } from './blocks.ts';
import { elementsOf } from './elements.ts';
import { memo } from '../memo.ts';
import { useStill } from '../still.ts';
import { piecesFrom } from '../store/mounting.ts';
import type { Markup } from './markup.ts';
import type * as Streaming from './streaming.ts';
import type { TextEnd } from './text-end.ts';

let streaming: typeof Streaming | null = null;
/** Before a text grows: then it is cheap, and nothing in it is disturbed. Rejects when it can't be had. */
export const fetchStreaming = async (): Promise<void> => {
  streaming ??= await import('./streaming.ts');
};

/** A block that stays the same for so long is not being written at, milliseconds. */
const QUIET_MS = 1000;
/** What is worth more than its markup says: colours, math, and boxes that scroll. */
const ENHANCED = '[data-code], [data-math], [data-table]';

const BlockView = memo(function BlockBox({ block }: { block: Block }) {
  const box = useRef<HTMLDivElement>(null);
  const markup = useRef<Markup>(null);
  const end = useRef<TextEnd>(null);
  const enhanced = useRef(false);
  const markUp = () => {
    if (box.current === null) return;
    markup.current ??= streaming?.createMarkup(box.current) ?? null;
    if (markup.current === null) box.current.replaceChildren(elementsOf(document, block.token));
    else markup.current.set(block.token, enhanced.current);
    enhanced.current = false;
    end.current = null;
  };
  useLayoutEffect(markUp, [block.raw]);
  useLayoutEffect(() => {
    if (enhanced.current) markUp();
    if (block.added === '' && end.current === null) return;
    if (box.current !== null) end.current ??= streaming?.createTextEnd(box.current, block) ?? null;
    end.current?.set(block.added);
  }, [block.raw, block.added]);
  // Not after the next frame, which Preact would ask for with every token.
  useLayoutEffect(() => {
    // Of most blocks there is nothing to do: a timer for each of them would cost more than the look.
    if (box.current?.querySelector(ENHANCED) == null) return;
    let undo = (): void => {};
    let stopped = false;
    const start = async () => {
      const [{ enhance }] = await Promise.all([import('./enhance.ts'), fetchStreaming()]);
      if (streaming?.isOpenCode(block) !== false) return;
      if (stopped || box.current === null) return;
      enhanced.current = true;
      undo = enhance(box.current);
    };
    // Without the code that does it, everything can be read as well.
    const timer = setTimeout(() => void start().catch(() => {}), QUIET_MS);
    return () => {
      stopped = true;
      clearTimeout(timer);
      undo();
    };
  }, [block.raw, block.added]);
  // Its children are not Preact's: a selection in what stays the same stays, too.
  const { token } = block;
  return (
    <div
      class="md-block"
      dir="auto"
      // Of the two upper levels; the stylesheet can't ask for what is in it without a look at it for each token.
      data-heading={token.type === 'heading' && token['depth'] <= 2 ? '' : undefined}
      ref={box}
    />
  );
});

/** Blocks in one group. A token costs as many comparisons as there are groups, and blocks in the last one or two. */
const GROUP = 32;

interface GroupProps {
  blocks: readonly Block[];
  /** No block of it changes any more, and none is added. */
  full: boolean;
}

const Group = memo(function GroupBox({ blocks, full }: GroupProps) {
  const box = useRef<HTMLDivElement>(null);
  useStill(box, full);
  return (
    <div class="md-group" ref={box}>
      {blocks.map((block) => (
        <BlockView key={block.start} block={block} />
      ))}
    </div>
  );
});

const visible = ({ token }: Block) => token.type !== 'space' && token.type !== 'def';

interface Kept {
  blocks: Blocks;
  /** Settled blocks that show something. */
  shown: Block[];
  /** Full groups of them. */
  groups: Block[][];
}

const nothing = (): Kept => ({ blocks: NO_BLOCKS, shown: [], groups: [] });

interface MarkdownProps {
  text: string;
  /** Only as much of its end as fills a window, or a little more (P71). */
  endOnly?: boolean | undefined;
}

export function Markdown({ text, endOnly }: MarkdownProps) {
  const ref = useRef(nothing());
  useEffect(() => void fetchStreaming().catch(() => {}), []);
  const blocks = advanceBlocks(ref.current.blocks, text, streaming);
  const { settled } = ref.current.blocks;
  // Another text in the same place: nothing of the old holds.
  if (
    blocks.settled.length < settled.length ||
    blocks.settled[0] !== (settled[0] ?? blocks.settled[0])
  ) {
    ref.current = nothing();
  }
  const kept = ref.current;
  kept.shown.push(...blocks.settled.slice(kept.blocks.settled.length).filter(visible));
  kept.blocks = blocks;
  while ((kept.groups.length + 1) * GROUP <= kept.shown.length) {
    const from = kept.groups.length * GROUP;
    kept.groups.push(kept.shown.slice(from, from + GROUP));
  }
  // A block that settles stays in its place, and so keeps its element.
  const open = [...kept.shown.slice(kept.groups.length * GROUP), ...blocks.tail.filter(visible)];
  const groups = [...kept.groups];
  for (let at = 0; at < open.length; at += GROUP) groups.push(open.slice(at, at + GROUP));
  const from = endOnly === true ? piecesFrom(groups.map(lengthOf)) : 0;
  return (
    <div class="md">
      {groups.map((own, at) =>
        at < from ? null : <Group key={at} full={at < kept.groups.length} blocks={own} />,
      )}
    </div>
  );
}

const lengthOf = (group: readonly Block[]) =>
  group.reduce((length, { raw }) => length + raw.length, 0);
