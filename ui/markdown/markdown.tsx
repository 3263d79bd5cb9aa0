/** An agent's text as markdown. Settled blocks are rendered once; a token costs the tail. */
import type { Token } from 'marked';
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { advanceBlocks, NO_BLOCKS, type Block, type Blocks } from './blocks.ts';
import { isOpenCode } from './grow.ts';
import { createBlockRenderer, type BlockRenderer } from './html.ts';
import { createMarkup, type Markup } from './markup.ts';
import { createTextEnd, type TextEnd } from './text-end.ts';

let renderer: BlockRenderer | null = null;
const renderToken = (token: Token) => {
  renderer ??= createBlockRenderer(window);
  return renderer.render(token);
};

/** A block that stays the same for so long is not being written at, milliseconds. */
const QUIET_MS = 1000;
/** What is worth more than its markup says: colours, math, and boxes that scroll. */
const ENHANCED = '[data-code], [data-math], [data-table]';

function BlockView({ block }: { block: Block }) {
  const box = useRef<HTMLDivElement>(null);
  const markup = useRef<Markup>(null);
  const end = useRef<TextEnd>(null);
  const enhanced = useRef(false);
  const markUp = () => {
    if (box.current === null) return;
    markup.current ??= createMarkup(box.current, renderToken);
    markup.current.set(block.token, enhanced.current);
    enhanced.current = false;
    end.current = createTextEnd(box.current, block);
  };
  useLayoutEffect(markUp, [block.raw]);
  useLayoutEffect(() => {
    if (enhanced.current) markUp();
    end.current?.set(block.added);
  }, [block.raw, block.added]);
  useEffect(() => {
    if (isOpenCode(block)) return;
    let undo = (): void => {};
    let stopped = false;
    const start = async () => {
      if (box.current?.querySelector(ENHANCED) == null) return;
      const { enhance } = await import('./enhance.ts');
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
  // Not `dangerouslySetInnerHTML`: a selection in what stays the same stays, too.
  return <div class="md-block" dir="auto" ref={box} />;
}

/** Blocks in one group. A token costs as many comparisons as there are groups, and blocks in the last one or two. */
const GROUP = 32;

function Group({ blocks }: { blocks: readonly Block[] }) {
  return (
    <div class="md-group">
      {blocks.map((block) => (
        <BlockView key={block.start} block={block} />
      ))}
    </div>
  );
}

const visible = ({ token }: Block) => token.type !== 'space' && token.type !== 'def';
const group = (blocks: readonly Block[], index: number) => (
  <Group key={index} blocks={blocks.slice(index * GROUP, (index + 1) * GROUP)} />
);

interface Kept {
  blocks: Blocks;
  /** Settled blocks that show something. */
  shown: Block[];
  /** Of full groups of them: the same vnode again tells Preact that nothing changed. */
  groups: VNode[];
}

const nothing = (): Kept => ({ blocks: NO_BLOCKS, shown: [], groups: [] });

export function Markdown({ text }: { text: string }) {
  const ref = useRef(nothing());
  const blocks = advanceBlocks(ref.current.blocks, text);
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
    kept.groups.push(group(kept.shown, kept.groups.length));
  }
  // A block that settles stays in its place, and so keeps its element.
  const open = [...kept.shown.slice(kept.groups.length * GROUP), ...blocks.tail.filter(visible)];
  return (
    <div class="md">
      {[
        ...kept.groups,
        ...Array.from({ length: Math.ceil(open.length / GROUP) }, (_, at) => (
          <Group key={kept.groups.length + at} blocks={open.slice(at * GROUP, (at + 1) * GROUP)} />
        )),
      ]}
    </div>
  );
}
