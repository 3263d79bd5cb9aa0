/** One ACP content block, as a part of a message. https://agentclientprotocol.com/protocol/v1/content */
import { useState } from 'preact/hooks';
import { unreachable } from '../../shared/errors.ts';
import type { ContentBlock } from '../../shared/events.ts';
import { Picture } from './picture.tsx';
import { baseName } from './words.ts';

const IMAGE = /^image\/(?:png|gif|jpeg|webp|avif)$/;
const AUDIO = /^audio\/[\w.+-]+$/;
/** Longer text of a file is cut, in UTF-16 units: nobody reads it here, and the browser would lay out all of it. */
const MOST_TEXT = 200_000;

export function ContentBlockView({ block }: { block: ContentBlock }) {
  switch (block.type) {
    case 'text':
      return (
        <p class="plain-text" dir="auto">
          {block.text}
        </p>
      );
    case 'image':
      return IMAGE.test(block.mimeType) ? (
        <Picture
          src={`data:${block.mimeType};base64,${block.data}`}
          name={block.uri == null ? 'Picture' : fileName(block.uri)}
        />
      ) : (
        <p class="hint">A picture of the type {block.mimeType}, which can’t be shown.</p>
      );
    case 'audio':
      return <Sound mimeType={block.mimeType} data={block.data} />;
    case 'resource_link':
      return (
        <p class="resource">
          <ResourceName uri={block.uri} name={block.title ?? block.name} />
          <span class="hint">
            {[block.mimeType, block.size == null ? null : bytes(block.size)]
              .filter((word) => word != null)
              .join(', ')}
          </span>
          {block.description == null ? null : <span class="hint">{block.description}</span>}
        </p>
      );
    case 'resource':
      return <Embedded resource={block.resource} />;
    default:
      return unreachable(block);
  }
}

function Sound({ mimeType, data }: { mimeType: string; data: string }) {
  const [broken, setBroken] = useState(false);
  if (broken || !AUDIO.test(mimeType)) {
    return <p class="hint">Sound of the type {mimeType}, which can’t be played.</p>;
  }
  return (
    <audio
      controls
      preload="metadata"
      aria-label="Sound"
      src={`data:${mimeType};base64,${data}`}
      onError={() => setBroken(true)}
    />
  );
}

type Resource = Extract<ContentBlock, { type: 'resource' }>['resource'];

/** A file that came with the message: a picture is shown, text is folded, anything else is named. */
function Embedded({ resource }: { resource: Resource }) {
  const [open, setOpen] = useState(false);
  const { uri, mimeType } = resource;
  const name = fileName(uri);
  if (!('text' in resource)) {
    if (IMAGE.test(mimeType ?? '')) {
      return <Picture src={`data:${mimeType};base64,${resource.blob}`} name={name} />;
    }
    return (
      <p class="resource">
        <ResourceName uri={uri} name={name} />
        <span class="hint">
          {[mimeType ?? 'binary', bytes((resource.blob.length * 3) / 4)].join(', ')}
        </span>
      </p>
    );
  }
  const { text } = resource;
  return (
    <details
      class="fold resource-text"
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary title={uri}>
        {name} <span class="hint">{bytes(text.length)}</span>
      </summary>
      {open && name !== uri ? <p class="hint">{uri}</p> : null}
      {open ? (
        <pre tabIndex={0} role="group" aria-label={name}>
          {text.slice(0, MOST_TEXT)}
        </pre>
      ) : null}
      {open && text.length > MOST_TEXT ? (
        <p class="hint">The rest ({bytes(text.length - MOST_TEXT)}) is not shown.</p>
      ) : null}
    </details>
  );
}

/** Only web addresses become links; a path or an address of another scheme is text. */
function ResourceName({ uri, name }: { uri: string; name: string }) {
  return /^https?:\/\//i.test(uri) ? (
    <a href={uri} target="_blank" rel="noopener noreferrer">
      {name}
    </a>
  ) : (
    <span class="resource-name" title={uri}>
      {name}
    </span>
  );
}

/** The last part of a path or an address; anything else is no name of a file, and whole. */
function fileName(uri: string): string {
  return /^(?:[a-z][\w+.-]*:\/\/|\/)[^\s<>"']+$/i.test(uri) ? baseName(uri) : uri;
}

function bytes(length: number): string {
  if (length < 1000) return `${Math.round(length)} B`;
  return length < 1e6 ? `${Math.round(length / 1000)} kB` : `${(length / 1e6).toFixed(1)} MB`;
}
