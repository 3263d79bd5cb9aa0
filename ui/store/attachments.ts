/**
 * What goes along with a half-typed message besides its text, by session, until it is sent (P44). All tabs of a browser
 * have the same; what is kept there is right (P84).
 */
import { signal } from '@preact/signals';
import type { AgentTakes } from '../../shared/api.ts';
import type { Result } from '../../shared/errors.ts';
import type { ContentBlock } from '../../shared/events.ts';
import type { Commands } from '../../shared/hub-api.ts';
import type { SessionState } from '../../shared/state.ts';
import type { KeptFiles } from '../attachments/keeping.ts';
import type { Env } from '../env.ts';
import type { SessionRef } from './actions.ts';
import { FIRST_BOX } from './new-session.ts';

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
  /** Why some were left out or could not be kept, until the next ones. */
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

/** Why an agent that was chosen later can't be given what is attached; null: it can. */
export function misfit(
  agent: string,
  takes: Result<AgentTakes>,
  attached: readonly Attachment[],
): string | null {
  if (!takes.ok) {
    return `It is not known what ${agent} takes: ${takes.error.message} Remove the files, or choose another agent.`;
  }
  const kind = ({ block }: Attachment) => (block.type === 'resource' ? 'file' : block.type);
  const left = attached.filter((one) => !takes.value[ABILITY[kind(one)]]);
  if (left.length === 0) return null;
  const kinds = [...new Set(left.map((one) => KIND_WORDS[kind(one)]))].join(' and ');
  return `${agent} does not take ${kinds}. Remove ${list(left.map(({ name }) => name))}, or choose another agent.`;
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

/** Of a block's annotations: the log tells by it what was sent. */
export const ATTACHMENT_ID = 'tabcast/id';

/** The attachments that a session's messages have, as far as they are loaded. */
export function attachmentsIn({
  queue,
  live,
  turns,
}: Pick<SessionState, 'queue' | 'live' | 'turns'>): string[] {
  return [...turns, ...(live === null ? [] : [live]), ...queue].flatMap(({ prompt }) =>
    prompt.flatMap(({ annotations }) => {
      const id = annotations?._meta?.[ATTACHMENT_ID];
      return typeof id === 'string' ? [id] : [];
    }),
  );
}

export interface Attachments {
  /** Reads a signal. */
  of(logId: string): AttachedFiles;
  /** The session is shown: its box has what this browser kept, from now on also what other tabs add to it. */
  show(logId: string): void;
  /** Reads files and adds those that the session's agent takes; of the others it is said why not. Never rejects. */
  add(session: SessionRef, agent: string, files: readonly File[]): Promise<void>;
  /** As `add`, to the first message of a session that is not there yet. @param agentId null: the default one */
  addFirst(agentId: string | null, agent: string, files: readonly File[]): Promise<void>;
  /** What goes with the first message goes into its session's box. */
  handOver(logId: string): void;
  /** What an agent takes; null: the default one. */
  takes(agentId: string | null): Promise<Result<AgentTakes>>;
  remove(logId: string, id: string): void;
  /** Empties the box: what it had is on its way. Until `sent` or `putBack` the browser keeps it. */
  take(logId: string): readonly Attachment[];
  /** What could not be sent is there again. */
  putBack(logId: string, attachments: readonly Attachment[]): void;
  /** These are in the log: whatever tab sent them, they are in the box no more. */
  sent(logId: string, ids: readonly string[]): void;
  /** The session was deleted. */
  forget(logId: string): void;
  /** Twice is fine. */
  close(): void;
}

/** @returns why it can't be read, in words that follow the file's name */
export type ReadFile = (file: File, kind: FileKind, id: string) => Promise<Attachment | string>;

export interface AttachmentsDeps {
  commands: Pick<Commands, 'takes' | 'agentTakes'>;
  randomId(): string;
  /** Fetched when the first file is added. */
  loadReader(): Promise<ReadFile>;
  kept: KeptFiles;
  /** Whose they are; null while that is not known. */
  who(): string | null;
  env: Pick<Env, 'storage' | 'onStorage'> & { pageLife: Pick<Env['pageLife'], 'onShow'> };
}

const NONE: AttachedFiles = { list: [], reading: 0, refused: [] };
/** Another value with every change: the other tabs hear of it. */
const CHANGED = 'tabcast.files';

export function createAttachments(deps: AttachmentsDeps): Attachments {
  const { kept, env } = deps;
  const boxes = signal<ReadonlyMap<string, AttachedFiles>>(new Map());
  const get = (logId: string): AttachedFiles => boxes.peek().get(logId) ?? NONE;
  const change = (logId: string, part: Partial<AttachedFiles>) => {
    boxes.value = new Map(boxes.peek()).set(logId, { ...get(logId), ...part });
  };
  const refuse = (logId: string, words: string) => {
    const { refused } = get(logId);
    if (!refused.includes(words)) change(logId, { refused: [...refused, words] });
  };

  /** Not in the database, or not yet: of this tab alone. */
  const own = new Set<string>();
  /** In the database still, and in no box any more. */
  const leaving = new Set<string>();
  let shown: string | null = null;
  let heard = changeOf(env);
  let last: Promise<void> = Promise.resolve();
  /** One after the other: what is read is what was written before. */
  const inLine = (run: () => Promise<void>): Promise<void> => {
    last = last.then(run);
    return last;
  };
  const tellTabs = () => {
    heard = deps.randomId();
    try {
      env.storage?.setItem(CHANGED, heard);
    } catch {
      // Full or refused: they read it when they show the session anew.
    }
  };
  const keep = (logId: string, attachment: Attachment) =>
    inLine(async () => {
      const who = deps.who();
      try {
        if (who === null) throw new Error('nobody is known to be signed in');
        await kept.put({ who, logId }, attachment, dataOf(attachment));
        own.delete(attachment.id);
        tellTabs();
      } catch {
        refuse(logId, `${attachment.name} ${NOT_KEPT}`);
      }
    });
  const drop = (ids: readonly string[]) => {
    for (const id of ids) leaving.add(id);
    return inLine(async () => {
      try {
        await kept.remove(ids);
        for (const id of ids) leaving.delete(id);
        tellTabs();
      } catch {
        // They stay out of this tab's box; the log keeps those that were sent out of every other one.
      }
    });
  };
  const read = (logId: string) =>
    inLine(async () => {
      const who = deps.who();
      if (who === null) return;
      try {
        const { files, gone } = await kept.read({ who, logId });
        const rest = get(logId).list.filter(({ id }) => own.has(id));
        const list = [...files.filter(({ id }) => !leaving.has(id) && !own.has(id)), ...rest];
        if (!same(list, get(logId).list)) change(logId, { list });
        if (gone.length > 0) refuse(logId, goneWords(gone));
      } catch {
        // What this tab has stays.
      }
    });
  const stops = [
    env.onStorage(() => {
      const now = changeOf(env);
      if (now === heard) return;
      heard = now;
      if (shown !== null) void read(shown);
    }),
    env.pageLife.onShow(() => {
      if (shown !== null) void read(shown);
    }),
  ];

  /** Those that the agent takes; of the others it is said. */
  const admit = (
    logId: string,
    agent: string,
    takes: Result<AgentTakes>,
    files: readonly File[],
  ) => {
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

  const readOne = async (logId: string, readFile: ReadFile, file: File) => {
    if (get(logId).list.length >= MAX_FILES) {
      return refuse(logId, `A message takes ${MAX_FILES} files. The rest was left out.`);
    }
    const result =
      file.size > MAX_READ ? TOO_LARGE : await readFile(file, kindOf(file), deps.randomId());
    if (typeof result === 'string') return refuse(logId, `${file.name} ${result}`);
    const { list } = get(logId);
    const whole = [...list, result].reduce((sum, one) => sum + dataOf(one), 0);
    if (whole > MAX_DATA) return refuse(logId, `${file.name} ${TOO_LARGE}`);
    own.add(result.id);
    change(logId, { list: [...list, result] });
    if (logId !== FIRST_BOX) void keep(logId, result);
  };

  const add = async (
    logId: string,
    agent: string,
    ask: () => Promise<Result<AgentTakes>>,
    files: readonly File[],
  ) => {
    if (files.length === 0) return;
    change(logId, { refused: [], reading: get(logId).reading + files.length });
    try {
      const reader = deps.loadReader();
      reader.catch(() => {});
      const taken = admit(logId, agent, await ask(), files);
      for (const file of taken) await readOne(logId, await reader, file);
    } catch {
      refuse(logId, 'The files could not be read. Try again.');
    }
    change(logId, { reading: get(logId).reading - files.length });
  };

  return {
    of: (logId) => boxes.value.get(logId) ?? NONE,
    show(logId) {
      shown = logId;
      void read(logId);
    },
    add: ({ sessionId, logId }, agent, files) =>
      add(logId, agent, () => deps.commands.takes(sessionId), files),
    addFirst: (agentId, agent, files) =>
      add(FIRST_BOX, agent, () => deps.commands.agentTakes(agentId), files),
    handOver(logId) {
      const { list: first } = get(FIRST_BOX);
      change(FIRST_BOX, NONE);
      change(logId, { list: [...get(logId).list, ...first] });
      for (const one of first) void keep(logId, one);
    },
    takes: deps.commands.agentTakes,
    remove(logId, id) {
      const left = get(logId).list.filter((one) => one.id !== id);
      change(logId, { list: left, refused: [] });
      if (logId !== FIRST_BOX) void drop([id]);
    },
    take(logId) {
      const { list: taken, reading } = get(logId);
      for (const { id } of taken) leaving.add(id);
      if (taken.length > 0 || get(logId) !== NONE) change(logId, { ...NONE, reading });
      return taken;
    },
    putBack(logId, attachments) {
      for (const { id } of attachments) leaving.delete(id);
      const since = get(logId).list.filter((one) => !attachments.includes(one));
      if (attachments.length > 0) change(logId, { list: [...attachments, ...since] });
    },
    sent(logId, ids) {
      if (ids.length === 0) return;
      const { list } = get(logId);
      const left = list.filter(({ id }) => !ids.includes(id));
      if (left.length < list.length) change(logId, { list: left });
      void drop(ids);
    },
    forget(logId) {
      change(logId, NONE);
      // What can't be deleted goes when room is made, or at sign-out.
      void inLine(() => kept.forget(logId).catch(() => {}));
    },
    close() {
      for (const stop of stops.splice(0)) stop();
    },
  };
}

const TOO_LARGE =
  'was left out: it is too large for this message. Put it in the session’s folder and name it with @.';
const NOT_KEPT =
  'could not be kept in this browser: it is lost when this page is reloaded or closed.';

function goneWords(names: readonly string[]): string {
  const were = names.length === 1 ? 'was' : 'were';
  return `${list(names)} ${were} left out: other messages’ files took the room in this browser. Attach again what is needed.`;
}

function changeOf({ storage }: Pick<Env, 'storage'>): string | null {
  try {
    return storage?.getItem(CHANGED) ?? null;
  } catch {
    return null;
  }
}

function same(before: readonly Attachment[], now: readonly Attachment[]): boolean {
  return before.length === now.length && before.every(({ id }, at) => id === now[at]?.id);
}
