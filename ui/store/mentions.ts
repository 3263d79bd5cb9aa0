/** Files that a message names with `@`: found while it is typed, and sent along as links (P43). */
import { signal } from '@preact/signals';
import type { FileHit, FileHits } from '../../shared/api.ts';
import type { ContentBlock } from '../../shared/events.ts';
import type { Commands } from '../../shared/hub-api.ts';
import type { SessionRef } from './actions.ts';

/** A name that is being typed. */
export interface Mention {
  /** Where its `@` is. */
  start: number;
  query: string;
}

export type FileLink = Extract<ContentBlock, { type: 'resource_link' }>;

const TYPED = /(?:^|[\s(])@(?:"([^"\n]*)|([^\s"@]*))$/;
const NAMED = /(?<=^|[\s(])@(?:"([^"\n]+)"|([^\s"@]+))/g;
/** Of a message not more are looked up, and not more become links: a prompt has 64 blocks, of them 16 attachments. */
const MOST = 40;
/** The longest name of a link that the server takes. */
const NAME_CHARS = 200;

/** The name that the caret stands at the end of. */
export function mentionAt(text: string, caret: number): Mention | null {
  const match = TYPED.exec(text.slice(0, caret));
  if (match === null) return null;
  const [, quoted, plain] = match;
  const query = quoted ?? plain ?? '';
  return { start: caret - query.length - (quoted === undefined ? 1 : 2), query };
}

/** The text and its caret after a file was chosen; a folder stays open for what is in it. */
export function withMention(
  text: string,
  caret: number,
  { start }: Mention,
  path: string,
): { text: string; caret: number } {
  const open = path.endsWith('/');
  const spaced = /[\s"]/.test(path);
  const name = spaced ? `@"${path}${open ? '' : '"'}` : `@${path}`;
  const rest = text.slice(caret);
  const gap = open || /^\s/.test(rest) ? '' : ' ';
  const before = text.slice(0, start) + name + gap;
  return { text: before + rest, caret: before.length + (gap === '' && !open ? 1 : 0) };
}

/** Everything that a text names with `@`, each once. */
export function pathsIn(text: string): string[] {
  if (!text.includes('@')) return [];
  const paths = [...text.matchAll(NAMED)].flatMap(([, quoted, plain]) =>
    // The end of a sentence is none of the name.
    quoted !== undefined ? [quoted] : [plain ?? '', (plain ?? '').replace(/[.,;:!?)]+$/, '')],
  );
  return [...new Set(paths)].filter((path) => path !== '').slice(0, MOST);
}

/** @param folder absolute */
export function linkTo(folder: string, { path, size }: FileHit): FileLink {
  const whole = `${folder === '/' ? '' : folder}/${path}`;
  const uri = `file://${whole.split('/').map(encodeURIComponent).join('/')}`;
  const name = path.length <= NAME_CHARS ? path : path.slice(-NAME_CHARS);
  return { type: 'resource_link', uri, name, ...(size === null ? {} : { size }) };
}

export interface Mentions {
  /** The files that a text names, as far as they are known. Reads a signal. */
  linksIn(logId: string, text: string): FileLink[];
  /** @returns what fits, the best first; null when it could not be had */
  find(session: SessionRef, query: string): Promise<FileHits | null>;
  /** Looks up what a text names and nobody has chosen: it was typed whole, sent before, or written in another tab. */
  check(session: SessionRef, text: string): void;
}

export function createMentions({ commands }: { commands: Pick<Commands, 'files'> }): Mentions {
  /** By log and path. */
  const known = signal<ReadonlyMap<string, FileLink>>(new Map());
  const asked = new Set<string>();
  const keyOf = (logId: string, path: string) => `${logId} ${path.replace(/\/$/, '')}`;

  const find: Mentions['find'] = async ({ sessionId, logId }, query) => {
    const result = await commands.files(sessionId, query);
    if (!result.ok) return null;
    const { folder, files } = result.value;
    const next = new Map(known.peek());
    for (const hit of files) next.set(keyOf(logId, hit.path), linkTo(folder, hit));
    known.value = next;
    return result.value;
  };
  return {
    linksIn(logId, text) {
      const paths = pathsIn(text);
      if (paths.length === 0) return [];
      const links = paths.flatMap((path) => known.value.get(keyOf(logId, path)) ?? []);
      return [...new Map(links.map((link) => [link.uri, link])).values()];
    },
    find,
    check(session, text) {
      for (const path of pathsIn(text)) {
        const key = keyOf(session.logId, path);
        if (known.peek().has(key) || asked.has(key)) continue;
        asked.add(key);
        // One that could not be asked is asked again.
        void find(session, path).then((found) => found ?? asked.delete(key));
      }
    },
  };
}
