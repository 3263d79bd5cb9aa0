/** The last that an agent wrote to stderr: what a person needs when it died. */

/** What `text` keeps. */
export const TAIL_LINES = 20;
export const TAIL_CHARS = 4096;

export interface StderrTail {
  /** Any split of the bytes is fine, also within a character. */
  push(bytes: Uint8Array): void;
  /** The last lines, or null when there was nothing. */
  text(): string | null;
}

/** @param onLine gets every line once, without its end; a line beyond `TAIL_CHARS` in pieces */
export function createStderrTail(onLine: (line: string) => void): StderrTail {
  const decoder = new TextDecoder();
  const lines: string[] = [];
  let partial = '';

  const add = (line: string): void => {
    const clean = line.trimEnd();
    if (clean === '') return;
    lines.push(clean);
    if (lines.length > TAIL_LINES) lines.shift();
    onLine(clean);
  };

  return {
    push(bytes) {
      const parts = (partial + decoder.decode(bytes, { stream: true })).split('\n');
      partial = parts.pop() ?? '';
      for (const part of parts) {
        for (let at = 0; at < part.length; at += TAIL_CHARS) add(part.slice(at, at + TAIL_CHARS));
      }
      while (partial.length > TAIL_CHARS) {
        add(partial.slice(0, TAIL_CHARS));
        partial = partial.slice(TAIL_CHARS);
      }
    },
    text() {
      const all = [...lines, partial.trimEnd()].filter((line) => line !== '').slice(-TAIL_LINES);
      const joined = all.join('\n').slice(-TAIL_CHARS);
      return joined === '' ? null : joined;
    },
  };
}
