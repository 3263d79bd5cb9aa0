/** One ACP content block, as a part of a message. https://agentclientprotocol.com/protocol/v1/content */
import { unreachable } from '../../shared/errors.ts';
import type { ContentBlock } from '../../shared/events.ts';

const IMAGE = /^image\/(?:png|gif|jpeg|webp|avif)$/;
const AUDIO = /^audio\/[\w.+-]+$/;

export function ContentBlockView({ block }: { block: ContentBlock }) {
  switch (block.type) {
    case 'text':
      return <p class="plain-text">{block.text}</p>;
    case 'image':
      return IMAGE.test(block.mimeType) ? (
        <img class="picture" alt="" src={`data:${block.mimeType};base64,${block.data}`} />
      ) : (
        <p class="hint">A picture of the type {block.mimeType}, which can’t be shown.</p>
      );
    case 'audio':
      return AUDIO.test(block.mimeType) ? (
        <audio controls src={`data:${block.mimeType};base64,${block.data}`} />
      ) : (
        <p class="hint">Sound of the type {block.mimeType}, which can’t be played.</p>
      );
    case 'resource_link':
      return (
        <p class="resource">
          <ResourceName uri={block.uri} name={block.title ?? block.name} />
          {block.description == null ? null : <span class="hint"> {block.description}</span>}
        </p>
      );
    case 'resource':
      return (
        <details class="fold">
          <summary>{block.resource.uri}</summary>
          {'text' in block.resource ? (
            <pre>{block.resource.text}</pre>
          ) : (
            <p class="hint">Binary content.</p>
          )}
        </details>
      );
    default:
      return unreachable(block);
  }
}

/** Only web addresses become links; a path or an address of another scheme is text. */
function ResourceName({ uri, name }: { uri: string; name: string }) {
  return /^https?:\/\//i.test(uri) ? (
    <a href={uri} target="_blank" rel="noopener noreferrer">
      {name}
    </a>
  ) : (
    <span title={uri}>{name}</span>
  );
}
