/** The frames that the server makes itself; those of a log come encoded from its feed. (WHATWG HTML, 9.2.6) */
import type { StreamFrames } from '../../shared/api.ts';

const encoder = new TextEncoder();

/** Opens every stream: how long an EventSource waits before it reconnects, in milliseconds. */
export const RETRY = encoder.encode('retry: 1000\n\n');

/** A comment: readers see that the connection lives. */
export const HEARTBEAT = encoder.encode(':\n\n');

/** A named frame. JSON has no line breaks, so one `data:` line is enough. */
export function namedFrame<Name extends keyof StreamFrames>(
  name: Name,
  body: StreamFrames[Name],
  id?: string,
): Uint8Array {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return encoder.encode(`event: ${name}\n${idLine}data: ${JSON.stringify(body)}\n\n`);
}
