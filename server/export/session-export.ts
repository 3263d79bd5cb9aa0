/** A session as a file, in pieces: a turn is read when the piece before it was taken. */
import { unreachable } from '../../shared/errors.ts';
import type { ExportFormat } from '../../shared/commands.ts';
import type { Row } from '../../shared/row.ts';
import type { QueuedPrompt, Turn } from '../../shared/state.ts';
import { markdownHead, markdownQueue, markdownTurn } from './markdown.ts';

/** What is known before the first turn is read. */
export interface ExportHead {
  row: Row;
  /** Its title. */
  agent: string;
  /** When it is exported, milliseconds since the epoch. */
  at: number;
  /** The turn that still runs. */
  unfinished: Turn | null;
  queue: readonly QueuedPrompt[];
}

export interface SessionExport extends ExportHead {
  /** The settled turns, the oldest first. */
  turns: AsyncIterable<Turn>;
}

/** Of the JSON: rises when a reader of an earlier one would misread it. */
const VERSION = 1;

/** The file's text, piece by piece. Throws what `turns` throws: then it is not whole. */
export async function* exportPieces(
  session: SessionExport,
  format: ExportFormat,
): AsyncGenerator<string> {
  const { head, turn, foot } = writerOf(session, format);
  yield head;
  let first = true;
  const { unfinished } = session;
  for await (const settled of session.turns) {
    yield turn(settled, first);
    first = false;
  }
  if (unfinished !== null) yield turn(unfinished, first);
  if (foot !== '') yield foot;
}

interface Writer {
  head: string;
  turn(turn: Turn, first: boolean): string;
  foot: string;
}

function writerOf(session: SessionExport, format: ExportFormat): Writer {
  switch (format) {
    case 'markdown':
      return {
        head: markdownHead(session),
        turn: markdownTurn,
        foot: markdownQueue(session.queue),
      };
    case 'json':
      return jsonWriter(session);
    default:
      return unreachable(format);
  }
}

function jsonWriter({ row, agent, at, unfinished, queue }: ExportHead): Writer {
  const { id, title, cwd, createdAt, updatedAt } = row;
  const head = {
    format: 'tabcast.session',
    version: VERSION,
    exportedAt: at,
    session: { id, title, agent: { id: row.agentId, title: agent }, cwd, createdAt, updatedAt },
    unfinished: unfinished?.turnId ?? null,
    queue: queue.map(({ turnId, prompt, at: queuedAt }) => ({ turnId, prompt, queuedAt })),
  };
  return {
    head: `${JSON.stringify(head).slice(0, -1)},"turns":[`,
    turn: ({ turnId, ordinal, prompt, startedAt, parts, end }, first) =>
      `${first ? '' : ','}\n${JSON.stringify({ turnId, ordinal, prompt, startedAt, parts, end })}`,
    foot: '\n]}\n',
  };
}

const ENDINGS: Record<ExportFormat, string> = { markdown: 'md', json: 'json' };

/** A name that every file system takes. */
export function exportName(
  { row, at }: Pick<ExportHead, 'row' | 'at'>,
  format: ExportFormat,
): string {
  const words = row.title
    .replace(/[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|%;]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[.\-~\s]+/, '');
  // In the longest script 180 bytes: file systems take 255.
  const title = words
    .slice(0, 60)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/[\s.]+$/, '');
  const day = new Date(at).toISOString().slice(0, 10);
  return `${title === '' ? 'Session' : title} ${day}.${ENDINGS[format]}`;
}

/** Both forms of the name: RFC 6266, appendix D. */
export function attachment(name: string): string {
  const ascii = name
    .normalize('NFD')
    .replace(/[^\x20-\x7e]/g, '')
    .replace(/["\\]/g, '');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
