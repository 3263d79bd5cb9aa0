/** The line under a settled turn. */
import type { Turn, TurnEnd } from '../../shared/state.ts';
import { later } from './later.tsx';

const TurnTook = later(async () => (await import('./cards.ts')).TurnTook, null);

/** Beside the agent's message, not in it: no part of what was said. It has its height before it has its words. */
export function TurnFoot({ turn, end }: { turn: Turn; end: TurnEnd }) {
  return (
    <div class="turn-foot">
      <TurnTook turn={turn} end={end} />
    </div>
  );
}
