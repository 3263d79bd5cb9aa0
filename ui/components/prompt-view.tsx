/** What a person sent, in its order: texts, and what went with them. */
import type { ContentBlock } from '../../shared/events.ts';
import { ContentBlockView } from './content-block.tsx';
import { blockName } from './prompt-words.ts';

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
    case 'audio':
      return (
        <figure>
          <ContentBlockView block={block} />
          <figcaption class="hint">{name}</figcaption>
        </figure>
      );
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
