/** What goes along with the message that is being written. */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Attachment, AttachedFiles } from '../store/attachments.ts';
import type { FileLink } from '../store/mentions.ts';
import { sizeWords } from './prompt-words.ts';
import { ToolIcon } from './tool-icon.tsx';

interface Props {
  files: AttachedFiles;
  /** Files that the text names. */
  links: readonly FileLink[];
  onRemove(id: string): void;
  /** The last one was removed: the focus has to go somewhere. */
  onEmptied(): void;
}

export function Attached({ files, links, onRemove, onEmptied }: Props) {
  const { list, reading, refused } = files;
  const box = useRef<HTMLUListElement>(null);
  const said = useSaid(list);
  /** Where a button was that is gone. */
  const removed = useRef<number | null>(null);
  useLayoutEffect(() => {
    const at = removed.current;
    removed.current = null;
    if (at === null) return;
    const buttons = box.current?.querySelectorAll<HTMLElement>('button') ?? [];
    const next = buttons[Math.min(at, buttons.length - 1)];
    if (next === undefined) onEmptied();
    else next.focus();
  }, [list]);
  return (
    <div class="attached">
      {list.length + links.length + reading === 0 ? null : (
        <ul aria-label="Goes with the message" ref={box}>
          {list.map((attachment, at) => (
            <li key={attachment.id} class="attached-file">
              <Preview attachment={attachment} />
              <span class="attached-name" title={attachment.name}>
                {attachment.name}
              </span>
              <span class="hint">
                {[sizeWords(attachment.size), attachment.note]
                  .filter((words) => words !== '')
                  .join(', ')}
              </span>
              <button
                type="button"
                class="attached-remove"
                aria-label={`Remove ${attachment.name}`}
                onClick={() => {
                  removed.current = at;
                  onRemove(attachment.id);
                }}
              >
                <ToolIcon name="remove" />
              </button>
            </li>
          ))}
          {links.map(({ uri, name }) => (
            <li key={uri} class="attached-link" title={`${name}: sent as a link to this file`}>
              <ToolIcon name={name.endsWith('/') ? 'folder' : 'file'} />
              <span class="attached-name">{name}</span>
            </li>
          ))}
          {reading === 0 ? null : (
            <li class="hint attached-reading">
              <span class="spinner" aria-hidden="true" /> Reading {reading}{' '}
              {reading === 1 ? 'file' : 'files'}…
            </li>
          )}
        </ul>
      )}
      {refused.map((words) => (
        <p key={words} class="problem" role="alert">
          {words}
        </p>
      ))}
      <p class="unseen" aria-live="polite">
        {said}
      </p>
    </div>
  );
}

function Preview({ attachment: { block } }: { attachment: Attachment }) {
  if (block.type !== 'image') return <ToolIcon name={block.type === 'audio' ? 'sound' : 'file'} />;
  return <img alt="" src={`data:${block.mimeType};base64,${block.data}`} />;
}

/** What came and went, for who does not see it. */
function useSaid(list: readonly Attachment[]): string {
  const before = useRef(list);
  const said = useRef('');
  const names = (of: readonly Attachment[], without: readonly Attachment[]) =>
    of
      .filter(({ id }) => !without.some((other) => other.id === id))
      .map(({ name }) => name)
      .join(', ');
  const came = names(list, before.current);
  const went = names(before.current, list);
  if (came !== '') said.current = `Attached: ${came}.`;
  else if (went !== '') said.current = `Removed: ${went}.`;
  useEffect(() => {
    before.current = list;
  }, [list]);
  return said.current;
}
