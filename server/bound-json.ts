/** JSON of any shape and depth, cut down to a size: what an agent sends is bounded before it is stored (L12). */

/** Deeper than any ACP message; what is deeper overflows the stack where it is written as JSON. */
export const MAX_DEPTH = 48;

/** What a cut leaves of each text (in UTF-16 units) and each list, from gentle to harsh; texts as a share of the bound. */
const ROOMS = [
  { share: 15 / 16, items: 16_384 },
  { share: 1 / 4, items: 4096 },
  { share: 1 / 16, items: 1024 },
  { share: 1 / 64, items: 256 },
  { share: 1 / 512, items: 16 },
];
const MAX_NAME = 256;

export interface Bounded<T> {
  value: T;
  /** About the bytes of its JSON. */
  bytes: number;
  /** How many bytes are missing: 0 when it is whole; Infinity when it was too deep to be counted. */
  missing: number;
}

/**
 * The same value when its JSON has at most `maxBytes`, else one with long texts and lists cut, and images, sounds
 * and files replaced by a text that says what is missing.
 * @returns null when no cut is small enough
 */
export function boundJson<T>(value: T, maxBytes: number): Bounded<T> | null {
  const whole = jsonBytes(value);
  if (whole <= maxBytes) return { value, bytes: whole, missing: 0 };
  for (const { share, items } of ROOMS) {
    const cut = shorten(value, { text: Math.floor(share * maxBytes), items }, 0) as T;
    const bytes = jsonBytes(cut);
    if (bytes <= maxBytes) return { value: cut, bytes, missing: whole - bytes };
  }
  return null;
}

/** About the bytes of its JSON, never fewer; Infinity when it is too deep. */
export function jsonBytes(value: unknown, depth = 0): number {
  if (typeof value === 'string') return textBytes(value);
  if (typeof value !== 'object' || value === null) return 24;
  if (depth >= MAX_DEPTH) return Infinity;
  let bytes = 2;
  if (Array.isArray(value)) {
    for (const item of value) bytes += jsonBytes(item, depth + 1) + 1;
  } else {
    for (const [name, item] of Object.entries(value)) {
      bytes += textBytes(name) + jsonBytes(item, depth + 1) + 2;
    }
  }
  return bytes;
}

/** Quotes and escapes are in it. */
function textBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

interface Room {
  text: number;
  items: number;
}

function shorten(value: unknown, room: Room, depth: number): unknown {
  if (typeof value === 'string') return cutText(value, room.text);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH - 1) return '[left out: too deep]';
  if (Array.isArray(value)) {
    return value.slice(0, room.items).map((item) => shorten(item, room, depth + 1));
  }
  const missing = binary(value, room.text);
  if (missing !== null) return { type: 'text', text: missing };
  const entries = Object.entries(value)
    .filter(([name]) => name.length <= MAX_NAME)
    .slice(0, room.items)
    .map(([name, item]) => [name, shorten(item, room, depth + 1)] as const);
  return Object.fromEntries(entries);
}

/** The beginning, and how much is missing; never through the middle of a surrogate pair. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
  return `${kept}\n[… ${number(text.length - kept.length)} characters were left out]`;
}

/** For a content block whose data can't be cut: what stands in its place. https://agentclientprotocol.com/protocol/v1/content */
function binary(value: object, most: number): string | null {
  const { type, data, mimeType, resource } = value as Record<string, unknown>;
  if ((type === 'image' || type === 'audio') && typeof data === 'string' && data.length > most) {
    const what = typeof mimeType === 'string' ? cutText(mimeType, MAX_NAME) : type;
    return `[${what} of ${number(data.length)} characters was left out]`;
  }
  if (type === 'resource' && typeof resource === 'object' && resource !== null) {
    const { blob, uri } = resource as Record<string, unknown>;
    if (typeof blob !== 'string' || blob.length <= most) return null;
    const what = typeof uri === 'string' ? cutText(uri, MAX_NAME) : 'a file';
    return `[${what} of ${number(blob.length)} characters was left out]`;
  }
  return null;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
