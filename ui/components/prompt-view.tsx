/** What a person sent, in its order: texts, and what went with them. */
import type { ContentBlock } from '../../shared/events.ts';
import { ContentBlockView } from './content-block.tsx';
import { blockName } from './prompt-words.ts';

/** Images that do nothing but show. */
const SHOWN = /^image\/(?:png|gif|jpeg|webp|avif)$/;

export function PromptView({ prompt }: { prompt: readonly ContentBlock[] }) {
  return runsOf(prompt).map((run, at) =>
    run[0]?.type === 'text' ? (
      run.map((block, index) => <ContentBlockView key={`${at} ${index}`} block={block} />)
    ) : (
      <ul key={at} class="sent-files" aria-label="Sent with it">
        {run.map((block, index) => (
          <li key={index} data-type={block.type}>
            <SentBlock block={block} />
          </li>
        ))}
      </ul>
    ),
  );
}

/** Texts that follow one another, and others that do. */
function runsOf(prompt: readonly ContentBlock[]): ContentBlock[][] {
  const runs: ContentBlock[][] = [];
  for (const block of prompt) {
    const run = runs.at(-1);
    if (run !== undefined && (run[0]?.type === 'text') === (block.type === 'text')) run.push(block);
    else runs.push([block]);
  }
  return runs;
}

function SentBlock({ block }: { block: ContentBlock }) {
  const name = blockName(block);
  switch (block.type) {
    case 'image':
      return SHOWN.test(block.mimeType) ? (
        <img
          class="picture"
          alt={name}
          title={name}
          src={`data:${block.mimeType};base64,${block.data}`}
        />
      ) : (
        <ContentBlockView block={block} />
      );
    case 'audio':
    case 'resource_link':
      return <ContentBlockView block={block} />;
    case 'resource':
      return 'text' in block.resource ? (
        <details class="fold">
          <summary>{name}</summary>
          <pre>{block.resource.text}</pre>
        </details>
      ) : (
        name
      );
    case 'text':
      return null;
  }
}
