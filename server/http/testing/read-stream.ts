/** Reads an event stream the way a browser would, frame by frame. */
import type { Readable } from 'node:stream';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

export interface StreamReader {
  /** The next `count` frames, waiting for them; rejects when the stream ends before. */
  frames(count: number): Promise<EventSourceMessage[]>;
  /** Everything up to the end of the stream. */
  rest(): Promise<EventSourceMessage[]>;
  /** The next chunk as text, or null at the end. */
  chunk(): Promise<string | null>;
  cancel(): Promise<void>;
}

export function readStream(response: Response): StreamReader {
  if (response.body === null) throw new Error('no body');
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const queue: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (event) => queue.push(event),
    onError(error) {
      throw error;
    },
  });
  const chunk = async (): Promise<string | null> => {
    const { done, value } = await reader.read();
    return done ? null : decoder.decode(value, { stream: true });
  };
  return {
    chunk,
    async frames(count) {
      while (queue.length < count) {
        const text = await chunk();
        if (text === null) throw new Error(`the stream ended after ${queue.length} of ${count}`);
        parser.feed(text);
      }
      return queue.splice(0, count);
    },
    async rest() {
      for (;;) {
        const text = await chunk();
        if (text === null) return queue.splice(0);
        parser.feed(text);
      }
    },
    cancel: () => reader.cancel(),
  };
}

/** The numbers that the text deltas among these frames count. */
export function numbersOf(frames: readonly EventSourceMessage[]): number[] {
  return frames.flatMap(({ event, data }) => {
    if (event !== undefined) return [];
    const { update } = JSON.parse(data) as { update?: { content?: { text?: string } } };
    const text = update?.content?.text;
    return text === undefined ? [] : [Number(text)];
  });
}

/** Collects what comes over a socket until it contains `part`, and leaves it open. */
export async function readUntil(stream: Readable, part: string): Promise<string> {
  let text = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes(part)) return text;
  }
  throw new Error(`the stream ended without ${part}: ${text}`);
}
