/** Goes to any session and does what can be done, by a few letters of its name. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Row } from '../../shared/row.ts';
import { commandsOf, type PageCommand } from '../palette/commands.ts';
import { pageDoings } from '../palette/doings.ts';
import { find, type Found } from '../palette/find.ts';
import { keysOf } from '../palette/shortcuts.ts';
import { sessionPath } from '../store/route.ts';
import { Glyph } from './glyph.tsx';
import { Keys } from './keys.tsx';
import { useStore } from './store-context.ts';
import { useOptions } from './use-options.ts';
import { rowGlyph, rowWords, titleOf } from './words.ts';

export function Palette({ onClose }: { onClose(): void }) {
  const box = useRef<HTMLDialogElement>(null);
  const [renaming, setRenaming] = useState<Row | null>(null);
  // Closing it gives the focus back to where it was.
  useLayoutEffect(() => box.current?.showModal(), []);
  const close = () => box.current?.close();
  return (
    <dialog
      ref={box}
      class="palette"
      aria-label={renaming === null ? 'Go to a session, or do something' : 'Rename this session'}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && close()}
      onKeyDown={(event) => {
        if (event.key !== 'k' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        close();
      }}
    >
      {renaming === null ? (
        <Chooser close={close} rename={setRenaming} />
      ) : (
        <Rename row={renaming} close={close} />
      )}
    </dialog>
  );
}

interface ChooserProps {
  close(): void;
  rename(row: Row): void;
}

type Entry = { kind: 'session'; row: Row } | { kind: 'command'; command: PageCommand };

function Chooser({ close, rename }: ChooserProps) {
  const store = useStore();
  const [query, setQuery] = useState('');
  const rows = store.rows.sorted.value;
  const agents = store.agents.value;
  const current = store.paneRow.value;
  const found = useMemo(() => {
    const titles = new Map(agents.map(({ id, title }) => [id, title]));
    const commands = commandsOf(store, { ...pageDoings, rename });
    return find({
      query,
      rows,
      commands,
      current: current?.logId ?? null,
      about: (row) => `${rowWords(row)} ${titles.get(row.agentId) ?? row.agentId}`,
    });
  }, [query, rows, agents, current]);
  const entries = entriesOf(found);
  const list = useOptions({ count: entries.length, of: query, first: 0 });

  const take = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    if (entry.kind === 'command' && entry.command.id === 'rename') return entry.command.run();
    close();
    if (entry.kind === 'command') return entry.command.run();
    store.router.navigate(sessionPath(entry.row.id));
    pageDoings.focusMessage();
  };
  const option = (entry: Entry, at: number) => (
    <div
      key={entry.kind === 'session' ? entry.row.logId : entry.command.id}
      id={list.optionId(at)}
      role="option"
      class="palette-option"
      aria-selected={at === list.active}
      onPointerMove={() => at !== list.active && list.setActive(at)}
      onClick={() => take(entry)}
    >
      {entry.kind === 'session' ? (
        <SessionLine row={entry.row} agent={agentOf(entry.row)} />
      ) : (
        <CommandLine command={entry.command} />
      )}
    </div>
  );
  const agentOf = ({ agentId }: Row) =>
    agents.length < 2 ? null : (agents.find(({ id }) => id === agentId)?.title ?? agentId);
  const [one, two] = groupsOf(found);
  return (
    <>
      <input
        class="palette-box"
        role="combobox"
        aria-label="Session or command"
        aria-expanded={entries.length > 0}
        aria-autocomplete="list"
        aria-controls={list.listId}
        aria-activedescendant={list.active === -1 ? undefined : list.optionId(list.active)}
        placeholder="Go to a session, or do something"
        autocomplete="off"
        spellcheck={false}
        maxLength={200}
        value={query}
        onInput={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (list.onKeyDown(event)) return;
          if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229) return;
          event.preventDefault();
          take(entries[list.active]);
        }}
      />
      <div class="palette-list" role="listbox" id={list.listId} aria-label="Sessions and commands">
        {[one, two].map(({ name, length, from }) =>
          length === 0 ? null : (
            <div key={name} role="group" aria-label={name}>
              <p class="palette-group" aria-hidden="true">
                {name}
              </p>
              {entries.slice(from, from + length).map((entry, at) => option(entry, from + at))}
            </div>
          ),
        )}
      </div>
      <p class="palette-foot hint" role="status">
        {footWords(entries.length, found.more)}
      </p>
    </>
  );
}

function entriesOf({ sessions, commands, first }: Found<PageCommand>): Entry[] {
  const own = sessions.map((row) => ({ kind: 'session' as const, row }));
  const done = commands.map((command) => ({ kind: 'command' as const, command }));
  return first === 'sessions' ? [...own, ...done] : [...done, ...own];
}

interface Group {
  name: string;
  from: number;
  length: number;
}

function groupsOf({ sessions, commands, first }: Found<PageCommand>): [Group, Group] {
  const before = first === 'sessions' ? sessions.length : commands.length;
  const own = {
    name: 'Sessions',
    from: first === 'sessions' ? 0 : before,
    length: sessions.length,
  };
  const done = {
    name: 'Commands',
    from: first === 'sessions' ? before : 0,
    length: commands.length,
  };
  return first === 'sessions' ? [own, done] : [done, own];
}

function footWords(count: number, more: number): string {
  if (count === 0) return 'Nothing has this in its name.';
  if (more > 0)
    return `${more} more ${more === 1 ? 'session' : 'sessions'}: type a part of the title.`;
  return '';
}

function SessionLine({ row, agent }: { row: Row; agent: string | null }) {
  const words = rowWords(row);
  const rest = [row.archived ? 'archived' : '', agent ?? ''].filter(Boolean).join(' · ');
  return (
    <>
      <span class="palette-sign" data-words={words.replace(/\W.*/, '')}>
        {words === '' ? null : <Glyph name={rowGlyph(row)} />}
      </span>
      <span class="palette-title">{titleOf(row)}</span>
      {words === '' ? null : (
        <span class="palette-words" data-words={words.replace(/\W.*/, '')}>
          {words}
        </span>
      )}
      {rest === '' ? null : <span class="hint">{rest}</span>}
    </>
  );
}

function CommandLine({ command: { id, title } }: { command: PageCommand }) {
  const keys = keysOf(id);
  return (
    <>
      <span class="palette-sign" />
      <span class="palette-title">{title}</span>
      {keys === null ? null : <Keys keys={keys} />}
    </>
  );
}

function Rename({ row, close }: { row: Row; close(): void }) {
  const { actions, rows } = useStore();
  const [title, setTitle] = useState(row.title);
  const [wanted, setWanted] = useState<string | null>(null);
  const box = useRef<HTMLInputElement>(null);
  // Before the next key: what is typed at once is the title.
  useLayoutEffect(() => {
    box.current?.focus();
    box.current?.select();
  }, []);
  const save = async (event: Event) => {
    event.preventDefault();
    const trimmed = title.trim();
    if (trimmed === '') return;
    setWanted(trimmed);
    const saved = await actions.patch({ sessionId: row.id, logId: row.logId }, { title: trimmed });
    if (saved) close();
  };
  // The row may tell it before the answer does.
  const isSaved = wanted !== null && rows.byLog(row.logId)?.title === wanted;
  useEffect(() => {
    if (isSaved) close();
  }, [isSaved]);
  return (
    <form onSubmit={(event) => void save(event)}>
      <input
        ref={box}
        class="palette-box"
        aria-label="Title"
        maxLength={200}
        value={title}
        onInput={(event) => setTitle(event.currentTarget.value)}
      />
      <p class="palette-foot hint">Enter saves the title, Escape keeps the old one.</p>
    </form>
  );
}
