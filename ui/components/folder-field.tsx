/** A folder of the server, with what it may be completed to. https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { FolderList } from '../../shared/api.ts';
import { offersOf, type Offer } from '../store/new-session.ts';
import { useStore } from './store-context.ts';
import { useOptions } from './use-options.ts';

/** A pause in typing, milliseconds. */
const PAUSE_MS = 150;

interface Props {
  value: string;
  onChange(path: string): void;
}

export function FolderField({ value, onChange }: Props) {
  const { rows } = useStore();
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const { told, problem } = useFolders(value, open);
  const offers = open ? offersOf(value, rows.sorted.value, told) : [];
  // Another list is gone to anew: Enter never takes what was not there when one looked.
  const of = offers.map(({ path }) => path).join('\n');
  const options = useOptions({ count: offers.length, of, first: -1 });
  const take = ({ path, recent }: Offer) => {
    // What was used before is meant as it is; in a folder one may go on.
    onChange(recent ? path : path.endsWith('/') ? path : `${path}/`);
    setOpen(!recent);
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open && event.key === 'ArrowDown' && !event.isComposing) {
      event.preventDefault();
      setOpen(true);
      return;
    }
    if (options.onKeyDown(event) || event.isComposing || event.keyCode === 229) return;
    const chosen = offers[options.active];
    if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault();
      take(chosen);
    }
    if (event.key === 'Escape' && offers.length > 0) {
      // The list only: the dialog stays.
      event.preventDefault();
      setOpen(false);
    }
  };
  const list = told?.list ?? null;
  const first = list?.roots[0];
  return (
    <div class="folder">
      <label for={id}>Folder</label>
      <input
        ref={box}
        id={id}
        type="text"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={offers.length > 0}
        aria-controls={options.listId}
        aria-activedescendant={options.active === -1 ? undefined : options.optionId(options.active)}
        aria-describedby={`${id}-hint`}
        placeholder={first ?? ''}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        maxLength={4096}
        value={value}
        onInput={(event) => {
          onChange(event.currentTarget.value);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {/* Always there: the placeholder and `aria-controls` name what is. */}
      <div
        class="folder-list"
        role="listbox"
        id={options.listId}
        aria-label="Folders"
        hidden={offers.length === 0}
        // The focus stays in the box.
        onMouseDown={(event) => event.preventDefault()}
      >
        {offers.map((offer, at) => (
          <div
            key={offer.path}
            id={options.optionId(at)}
            role="option"
            aria-selected={at === options.active}
            onClick={() => take(offer)}
          >
            <span class="folder-path">{offer.path}</span>
            {offer.recent ? <span class="hint">used before</span> : null}
          </div>
        ))}
      </div>
      <p class="hint" id={`${id}-hint`}>
        {problem ?? hintOf(list, value)}
      </p>
    </div>
  );
}

function hintOf(list: FolderList | null, typed: string): string {
  if (list === null) return 'The folder that the agent works in.';
  if (list.roots.length === 0) return 'No folder is configured for agents.';
  if (list.more) return 'There are more: type on.';
  const where = list.roots.length === 1 ? list.roots[0] : `one of ${list.roots.join(', ')}`;
  return typed === '' ? `Without one: ${list.roots[0]}` : `In ${where}, or a folder in it.`;
}

/** What the server knows for what is typed, a pause later; the newest answer counts. */
function useFolders(typed: string, open: boolean) {
  const { actions } = useStore();
  const [told, setTold] = useState<{ asked: string; list: FolderList } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const asked = useRef(false);
  useEffect(() => {
    if (!open && asked.current) return undefined;
    let late = false;
    const ask = async () => {
      const wanted = typed.trim();
      const result = await actions.folders(wanted);
      if (late) return;
      if (result.ok) setTold({ asked: wanted, list: result.value });
      setProblem(result.ok ? null : `Folders can’t be looked up now. ${result.error.message}`);
    };
    const timer = setTimeout(() => void ask(), asked.current ? PAUSE_MS : 0);
    asked.current = true;
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [typed, open]);
  return { told, problem };
}
