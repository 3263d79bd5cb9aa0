/** Which attached files a browser keeps, purely. All tabs share them (P84). */
import type { Attachment } from '../store/attachments.ts';

/** In a browser, over all boxes. */
export const MAX_KEPT_FILES = 64;
/** As they are sent, over all boxes. */
export const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/** Whose, and of which session's box. */
export interface Box {
  /** The server's opaque word for the person. */
  who: string;
  logId: string;
}

/** What is known of a kept file without its data. */
export interface Kept extends Box {
  id: string;
  name: string;
  bytes: number;
  /** It had to go, and nobody was told yet. */
  gone: boolean;
}

/** What a box has in this browser. */
export interface KeptBox {
  files: Attachment[];
  /** Names of those that had to go; told once. */
  gone: string[];
}

/** The attached files in this browser. Each rejects when the browser refuses it. */
export interface KeptFiles {
  /** Forgets what others left. */
  read(box: Box): Promise<KeptBox>;
  /** Makes room for it at other boxes' cost, the oldest first. */
  put(box: Box, attachment: Attachment, bytes: number): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** All of a session that is gone. */
  forget(logId: string): Promise<void>;
}

/**
 * @param kept the oldest first
 * @param coming what is added
 * @returns what has to go for it; never of its own box, which has bounds of its own
 */
export function goneFor<T extends Kept>(kept: readonly T[], coming: Box & { bytes: number }): T[] {
  const present = kept.filter(({ gone }) => !gone);
  let files = present.length + 1;
  let bytes = present.reduce((sum, one) => sum + one.bytes, coming.bytes);
  const going: T[] = [];
  for (const one of present) {
    if (files <= MAX_KEPT_FILES && bytes <= MAX_KEPT_BYTES) break;
    if (one.who === coming.who && one.logId === coming.logId) continue;
    going.push(one);
    files -= 1;
    bytes -= one.bytes;
  }
  return going;
}
