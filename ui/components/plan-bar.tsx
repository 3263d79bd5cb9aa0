/** The plan of the turn that runs, in view whatever is read. */
import { useMemo } from 'preact/hooks';
import type { Turn } from '../../shared/state.ts';
import { later } from './later.tsx';

const PlanLine = later(async () => (await import('./cards.ts')).PlanLine, null);

/** Above the composer, while a turn with a plan runs. It takes room from the transcript, which keeps its place. */
export function PlanBar({ live }: { live: Turn | null }) {
  const part = live?.parts.find(({ kind }) => kind === 'plan');
  const entries = part?.kind === 'plan' ? part.entries : [];
  // A token changes nothing of it (T5).
  return useMemo(() => (entries.length === 0 ? null : <PlanLine entries={entries} />), [part]);
}
