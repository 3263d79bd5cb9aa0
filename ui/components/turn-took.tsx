/** What a turn took: when it ended, how long it ran, what it used; and its text to take along. */
import type { Turn, TurnEnd } from '../../shared/state.ts';
import { CopyText } from './copy-text.tsx';
import { shortTime } from './short-time.ts';
import { momentOf, spokenTime, usageWords, wholeMoment } from './times.ts';

export function TurnTook({ turn, end }: { turn: Turn; end: TurnEnd }) {
  const { startedAt, usage } = turn;
  const took = end.at - startedAt;
  const used = usage === undefined ? { short: [], spoken: [] } : usageWords(usage);
  const moment = momentOf(end.at, Date.now());
  const spoken = [`Ended at ${moment}`, `took ${spokenTime(took)}`, ...used.spoken].join(', ');
  const text = () =>
    turn.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n\n');
  return (
    <>
      <p title={`Asked ${wholeMoment(startedAt)}, ended ${wholeMoment(end.at)}`}>
        <span class="unseen">{spoken}.</span>
        <span aria-hidden="true">{[moment, shortTime(took), ...used.short].join(' · ')}</span>
      </p>
      {turn.parts.some(({ kind }) => kind === 'text') ? (
        <CopyText text={text} what="the agent’s message" />
      ) : null}
    </>
  );
}
