/** A cursor names the last event a reader has: `<logId>:<seq>`. Readers treat it as opaque; only this file knows its form. */
export interface Cursor {
  logId: string;
  /** The last `seq` the reader has; 0 is before the first event. */
  seq: number;
}

const FORM = /^([A-Za-z0-9_-]{1,64}):(0|[1-9][0-9]{0,14})$/;

/** `{logId, seq}` to its wire form. */
export function formatCursor(cursor: Cursor): string {
  return `${cursor.logId}:${cursor.seq}`;
}

/** The wire form to `{logId, seq}`, or null when it is not a cursor. Never throws. */
export function parseCursor(text: string): Cursor | null {
  const match = FORM.exec(text);
  if (match === null) return null;
  const [, logId, seq] = match;
  return logId === undefined ? null : { logId, seq: Number(seq) };
}
