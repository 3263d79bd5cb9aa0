/** A prompt in words. */
import type { ContentBlock } from '../../shared/events.ts';

/** The text of a prompt, on one line. */
export function promptText(prompt: readonly ContentBlock[]): string {
  return prompt.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(' ');
}

/** What goes with a text, as '2 images, 1 file'; empty when nothing does. */
export function attachedWords(blocks: readonly Pick<ContentBlock, 'type'>[]): string {
  const count = (type: ContentBlock['type']) => blocks.filter((each) => each.type === type).length;
  return [
    several(count('image'), 'image'),
    several(count('audio'), 'sound'),
    several(count('resource') + count('resource_link'), 'file'),
  ]
    .filter((words) => words !== '')
    .join(', ');
}

function several(n: number, word: string): string {
  return n === 0 ? '' : `${n} ${word}${n === 1 ? '' : 's'}`;
}

/** 1,234 bytes are 1.2 kB. */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const [size, unit] = bytes < 999_500 ? [bytes / 1000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

/** What an attached block is called. */
export function blockName(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return 'Text';
    case 'image':
    case 'audio': {
      const name = block.annotations?._meta?.['tabcast/name'];
      if (typeof name === 'string' && name !== '') return name;
      return block.type === 'image' ? 'Image' : 'Sound';
    }
    case 'resource_link':
      return block.title ?? block.name;
    case 'resource':
      return lastPart(block.resource.uri);
  }
}

function lastPart(uri: string): string {
  const last = uri.split('/').findLast((part) => part !== '') ?? uri;
  try {
    return decodeURIComponent(last);
  } catch {
    // Not an encoded one.
    return last;
  }
}
