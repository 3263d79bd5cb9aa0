/** What came with a prompt's text, in words: so that sending it can be tried. */
import type { ContentBlock } from '@agentclientprotocol/sdk';

export function attached(prompt: readonly ContentBlock[]): string[] {
  return prompt.flatMap((block): string[] => {
    switch (block.type) {
      case 'text':
        return [];
      case 'image':
        return [`an image (${block.mimeType}, ${kilobytes(bytesOf(block.data))})`];
      case 'audio':
        return [`a sound (${block.mimeType}, ${kilobytes(bytesOf(block.data))})`];
      case 'resource_link':
        return [`a link to \`${block.name}\``];
      case 'resource': {
        const { resource } = block;
        const size = 'text' in resource ? Buffer.byteLength(resource.text) : bytesOf(resource.blob);
        return [`the file \`${nameOf(resource.uri)}\` (${kilobytes(size)})`];
      }
    }
  });
}

const bytesOf = (base64: string): number => Buffer.byteLength(base64, 'base64');

const kilobytes = (bytes: number): string =>
  bytes < 1000 ? `${bytes} bytes` : `${Math.round(bytes / 1000)} kB`;

function nameOf(uri: string): string {
  const last = uri.split('/').findLast((part) => part !== '') ?? uri;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
