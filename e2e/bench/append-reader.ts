/** A reader of one session's event stream that checks what it gets and notes how late it is. */
import { clock } from './append-lines.mjs';

/**
 * Reads numbered deltas up to the last.
 * @param delays milliseconds from the agent's write to this reader's bytes are added to it
 * @throws Error when a delta is missing, repeated or moved
 */
export async function followNumbers(
  stream: ReadableStream<Uint8Array>,
  last: number,
  delays: number[],
): Promise<void> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let text = '';
  let seen = 0;
  while (seen < last) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended after ${seen} of ${last} deltas`);
    const now = clock();
    text += decoder.decode(value, { stream: true });
    const end = text.lastIndexOf('\n\n');
    if (end === -1) continue;
    for (const [, number, at] of text.slice(0, end).matchAll(/(\d+)@([\d.]+) /g)) {
      seen += 1;
      if (Number(number) !== seen) throw new Error(`expected delta ${seen}, got ${number}`);
      delays.push(now - Number(at));
    }
    text = text.slice(end);
  }
  await reader.cancel();
}
