/** What completes the text in the message's box: the agent's commands, or files that are named with `@`. */
import type { AvailableCommand } from '@agentclientprotocol/sdk';
import { useEffect, useState } from 'preact/hooks';
import type { FileHits } from '../../shared/api.ts';
import type { SessionRef } from '../store/actions.ts';
import { mentionAt, withMention, type Mentions } from '../store/mentions.ts';
import { completeCommand, isWhole, matchCommands } from '../store/slash.ts';
import type { CompletionOption } from './completion-list.tsx';

/** From a letter to the question which files fit, milliseconds. */
const ASK_MS = 60;

export interface Completion {
  name: string;
  options: CompletionOption[];
  active: number;
  /** Enter should send what is typed, and not complete it. */
  whole: boolean;
  step(by: number): void;
  close(): void;
  /** @returns the text and where the caret goes */
  choose(at: number): { text: string; caret: number } | null;
}

interface Typed {
  session: SessionRef;
  mentions: Pick<Mentions, 'find'>;
  text: string;
  /** Null while the box does not have the focus. */
  caret: number | null;
  commands: readonly AvailableCommand[];
}

/** Null while nothing fits, or once it was closed for this text. */
export function useCompletion({
  session,
  mentions,
  text,
  caret,
  commands,
}: Typed): Completion | null {
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const [chosen, setChosen] = useState({ text: '', at: 0 });
  const open = closedFor !== text && caret !== null;
  const mention = open ? mentionAt(text, caret) : null;
  const files = useFiles(mentions, session, mention?.query ?? null);
  const found = open ? matchCommands(commands, text) : [];
  const count = found.length > 0 ? found.length : mention === null ? 0 : files.length;
  if (count === 0 || caret === null) return null;
  const active = chosen.text === text ? Math.min(chosen.at, count - 1) : 0;
  const movable = {
    active,
    step: (by: number) => setChosen({ text, at: (active + by + count) % count }),
    close: () => setClosedFor(text),
  };
  const [first] = found;
  if (first !== undefined) {
    return {
      ...movable,
      name: 'Commands',
      options: found.map(({ name, input, description }) => ({
        key: name,
        label: `/${name}${input == null ? '' : ` ${input.hint}`}`,
        hint: description,
      })),
      whole: isWhole(found[active] ?? first, text),
      choose(at) {
        const command = found[at];
        if (command === undefined) return null;
        const next = completeCommand(command);
        setClosedFor(next);
        return { text: next, caret: next.length };
      },
    };
  }
  return {
    ...movable,
    name: 'Files',
    options: files.map(({ path }) => ({ key: path, ...inTwo(path) })),
    whole: false,
    choose(at) {
      const file = files[at];
      return file === undefined || mention === null
        ? null
        : withMention(text, caret, mention, file.path);
    },
  };
}

/** A name, and where it is. */
function inTwo(path: string): { label: string; hint: string } {
  const at = path.lastIndexOf('/', path.length - 2) + 1;
  return { label: path.slice(at), hint: path.slice(0, at) };
}

/** @param query null: nobody asks. Until the answer comes, what fitted before stays. */
function useFiles(
  mentions: Typed['mentions'],
  session: SessionRef,
  query: string | null,
): FileHits['files'] {
  const [files, setFiles] = useState<FileHits['files']>([]);
  useEffect(() => {
    if (query === null) {
      setFiles([]);
      return;
    }
    let stale = false;
    const ask = async () => {
      const found = await mentions.find(session, query);
      if (!stale) setFiles(found?.files ?? []);
    };
    const timer = setTimeout(() => void ask(), ASK_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [session, query]);
  return files;
}
