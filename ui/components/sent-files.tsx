/** What went with a message besides its text. */
import type { ContentBlock } from '../../shared/events.ts';
import { ContentBlockView } from './content-block.tsx';
import { blockName } from './prompt-words.ts';

/** Images that do nothing but show. */
const SHOWN = /^image\/(?:png|gif|jpeg|webp|avif)$/;

export function SentFiles({ blocks }: { blocks: readonly ContentBlock[] }) {
  return (
    <ul class="sent-files" aria-label="Sent with it">
      {blocks.map((block, index) => (
        <li key={index} data-type={block.type}>
          <SentBlock block={block} />
        </li>
      ))}
    </ul>
  );
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
