/** A session as a file of the person's own. */
import type { ExportFormat } from '../../shared/commands.ts';
import { exportPath } from '../store/export-path.ts';

const KINDS: readonly { kind: ExportFormat; name: string; what: string }[] = [
  { kind: 'markdown', name: 'Markdown', what: 'to read' },
  { kind: 'json', name: 'JSON', what: 'with all details' },
];

interface Props {
  sessionId: string;
  onFollow?(): void;
}

/** Nothing is shared by it: the server answers its owner only. */
export function ExportLinks({ sessionId, onFollow }: Props) {
  return (
    <div class="export-links">
      {KINDS.map(({ kind, name, what }) => (
        <a key={kind} href={exportPath(sessionId, kind)} download="" onClick={() => onFollow?.()}>
          {name} <span class="hint">{what}</span>
        </a>
      ))}
      <p class="hint">A file for you alone: nothing is shared.</p>
    </div>
  );
}
