/** The plan of the turn that runs, in view whatever is read. */
import type { Turn } from '../../shared/state.ts';
import { later } from './later.tsx';
import { memo } from '../memo.ts';

const PlanLine = later(async () => (await import('./cards.ts')).PlanLine, null);
const Line = memo(PlanLine);

/** Above the composer, while a turn with a plan runs. It takes room from the transcript, which keeps its place. */
export function PlanBar({ live }: { live: Turn | null }) {
  const part = live?.parts.find(({ kind }) => kind === 'plan');
  const entries = part?.kind === 'plan' ? part.entries : [];
  return entries.length === 0 ? null : <Line entries={entries} />;
}
