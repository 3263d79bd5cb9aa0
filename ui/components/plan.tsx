/** The agent's plan: a checklist in its message, and a line that stays in view while it is worked on. */
import type { PlanEntry, PlanEntryStatus } from '@agentclientprotocol/sdk';
import { Glyph, type GlyphName } from './glyph.tsx';

const PLAN: Record<PlanEntryStatus, { glyph: GlyphName; word: string }> = {
  pending: { glyph: 'todo', word: 'to do' },
  in_progress: { glyph: 'running', word: 'under way' },
  completed: { glyph: 'done', word: 'done' },
};

export function PlanView({ entries }: { entries: PlanEntry[] }) {
  return (
    <div class="plan">
      <p class="plan-head">
        <strong>Plan</strong> <span class="hint">{doneWords(entries)}</span>
      </p>
      <PlanList entries={entries} />
    </div>
  );
}

function PlanList({ entries }: { entries: PlanEntry[] }) {
  return (
    <ul class="plan-list" aria-label="Plan">
      {entries.map(({ content, status }, at) => (
        <li key={at} data-status={status}>
          <Glyph name={PLAN[status].glyph} />
          <span class="plan-text">{content}</span>
          <span class="plan-word">{PLAN[status].word}</span>
        </li>
      ))}
    </ul>
  );
}

const doneWords = (entries: readonly PlanEntry[]): string =>
  `${entries.filter(({ status }) => status === 'completed').length} of ${entries.length} done`;

/** The step that is worked on; it opens to the list. */
export function PlanLine({ entries }: { entries: PlanEntry[] }) {
  const at = entries.findIndex(({ status }) => status === 'in_progress');
  return (
    <details class="plan-bar">
      <summary>
        <Glyph name={at < 0 ? 'todo' : 'running'} />
        <span class="plan-step">
          <strong>{at < 0 ? doneWords(entries) : `${at + 1} of ${entries.length}`}</strong>
          {at < 0 ? null : `: ${entries[at]?.content ?? ''}`}
        </span>
        <span class="unseen">Plan</span>
      </summary>
      <PlanList entries={entries} />
    </details>
  );
}
