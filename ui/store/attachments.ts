/** What goes along with a half-typed message besides its text: kept in this tab, by session, until it is sent (P44). */
import { signal } from '@preact/signals';
import type { AgentTakes } from '../../shared/api.ts';
import type { ContentBlock } from '../../shared/events.ts';
import type { Commands } from '../../shared/hub-api.ts';
import type { SessionRef } from './actions.ts';

/** In one message. */
export const MAX_FILES = 16;
/** Of all data of one message, as it is sent: a body has 8 MiB, and the text needs room besides. */
export const MAX_DATA = 6.5 * 1024 * 1024;
/** A larger file is not even looked at, bytes. */
const MAX_READ = 64 * 1024 * 1024;

export type AttachedBlock = Extract<ContentBlock, { type: 'image' | 'audio' | 'resource' }>;

export interface Attachment {
  id: string;
  name: string;
  /** Bytes, as it is sent. */
  size: number;
  /** What was done to it; empty: nothing. */
  note: string;
  block: AttachedBlock;
}

/** What the box of a session has. */
export interface AttachedFiles {
  list: readonly Attachment[];
  /** How many are being read. */
  reading: number;
  /** Why some were left out, until the next ones. */
  refused: readonly string[];
}

/** What is known of a file before it is read. */
export type FileFacts = Pick<File, 'name' | 'type' | 'size'>;
export type FileKind = 'image' | 'audio' | 'file';

/** A drawing in SVG is a text, and no agent's image. */
export function kindOf({ type }: FileFacts): FileKind {
  if (type.startsWith('image/') && !type.startsWith('image/svg')) return 'image';
  return type.startsWith('audio/') ? 'audio' : 'file';
}

const KINDS: readonly FileKind[] = ['image', 'audio', 'file'];
const ABILITY = { image: 'image', audio: 'audio', file: 'embeddedContext' } as const;
const KIND_WORDS = { image: 'images', audio: 'sound', file: 'files' } as const;

/** Why an agent can't be given these; null: it can. */
export function refusal(
  agent: string,
  takes: AgentTakes,
  kind: FileKind,
  names: readonly string[],
): string | null {
  if (takes[ABILITY[kind]]) return null;
  const left = `${list(names)} ${names.length === 1 ? 'was' : 'were'} left out.`;
  const instead =
    kind === 'file' ? ' Paste the text, or name a file of the session’s folder with @.' : '';
  return `${agent} does not take ${KIND_WORDS[kind]}. ${left}${instead}`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3);
  const rest = names.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`;
}

/** The length of what is sent of it. */
export function dataOf({ block }: Attachment): number {
  if (block.type !== 'resource') return block.data.length;
  return 'text' in block.resource
    ? // In JSON a line's end takes two, and another letter up to three bytes.
      new TextEncoder().encode(JSON.stringify(block.resource.text)).length
    : block.resource.blob.length;
}

export interface Attachments {
  /** Reads a signal. */
  of(logId: string): AttachedFiles;
  /** Reads files and adds those that the session's agent takes; of the others it is said why not. Never rejects. */
  add(session: SessionRef, agent: string, files: readonly File[]): Promise<void>;
  remove(logId: string, id: string): void;
  /** Empties the box: what it had is on its way. */
  take(logId: string): readonly Attachment[];
  /** What could not be sent is there again. */
  putBack(logId: string, attachments: readonly Attachment[]): void;
}

/** @returns why it can't be read, in words that follow the file's name */
export type ReadFile = (file: File, kind: FileKind, id: string) => Promise<Attachment | string>;

export interface AttachmentsDeps {
  commands: Pick<Commands, 'takes'>;
  randomId(): string;
  /** Fetched when the first file is added. */
  loadReader(): Promise<ReadFile>;
}

const NONE: AttachedFiles = { list: [], reading: 0, refused: [] };

export function createAttachments(deps: AttachmentsDeps): Attachments {
  const boxes = signal<ReadonlyMap<string, AttachedFiles>>(new Map());
  const get = (logId: string): AttachedFiles => boxes.peek().get(logId) ?? NONE;
  const change = (logId: string, part: Partial<AttachedFiles>) => {
    boxes.value = new Map(boxes.peek()).set(logId, { ...get(logId), ...part });
  };
  const refuse = (logId: string, words: string) => {
    const { refused } = get(logId);
    if (!refused.includes(words)) change(logId, { refused: [...refused, words] });
  };

  /** Those that the agent takes; of the others it is said. */
  const admit = async (session: SessionRef, agent: string, files: readonly File[]) => {
    const { logId } = session;
    const takes = await deps.commands.takes(session.sessionId);
    if (!takes.ok) {
      refuse(
        logId,
        `It is not known what ${agent} takes: ${takes.error.message} Nothing was added.`,
      );
      return [];
    }
    for (const kind of KINDS) {
      const names = files.filter((file) => kindOf(file) === kind).map(({ name }) => name);
      const words = names.length === 0 ? null : refusal(agent, takes.value, kind, names);
      if (words !== null) refuse(logId, words);
    }
    return files.filter((file) => takes.value[ABILITY[kindOf(file)]]);
  };

  const readOne = async (logId: string, read: ReadFile, file: File) => {
    if (get(logId).list.length >= MAX_FILES) {
      return refuse(logId, `A message takes ${MAX_FILES} files. The rest was left out.`);
    }
    const result =
      file.size > MAX_READ ? TOO_LARGE : await read(file, kindOf(file), deps.randomId());
    if (typeof result === 'string') return refuse(logId, `${file.name} ${result}`);
    const { list } = get(logId);
    const whole = [...list, result].reduce((sum, one) => sum + dataOf(one), 0);
    if (whole > MAX_DATA) return refuse(logId, `${file.name} ${TOO_LARGE}`);
    change(logId, { list: [...list, result] });
  };

  return {
    of: (logId) => boxes.value.get(logId) ?? NONE,
    async add(session, agent, files) {
      if (files.length === 0) return;
      const { logId } = session;
      change(logId, { refused: [], reading: get(logId).reading + files.length });
      try {
        const reader = deps.loadReader();
        reader.catch(() => {});
        const taken = await admit(session, agent, files);
        for (const file of taken) await readOne(logId, await reader, file);
      } catch {
        refuse(logId, 'The files could not be read. Try again.');
      }
      change(logId, { reading: get(logId).reading - files.length });
    },
    remove(logId, id) {
      const left = get(logId).list.filter((one) => one.id !== id);
      change(logId, { list: left, refused: [] });
    },
    take(logId) {
      const { list: taken, reading } = get(logId);
      if (taken.length > 0 || get(logId) !== NONE) change(logId, { ...NONE, reading });
      return taken;
    },
    putBack(logId, attachments) {
      if (attachments.length > 0) change(logId, { list: [...attachments, ...get(logId).list] });
    },
  };
}

const TOO_LARGE =
  'was left out: it is too large for this message. Put it in the session’s folder and name it with @.';
