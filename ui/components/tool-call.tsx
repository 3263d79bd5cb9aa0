/** A tool call: a compact line, the rest on demand. https://agentclientprotocol.com/protocol/v1/tool-calls */
import type { ToolCallStatus } from '@agentclientprotocol/sdk';
import type { Part } from '../../shared/state.ts';
import type { SessionRef } from '../store/actions.ts';
import { Glyph, type GlyphName } from './glyph.tsx';
import { later } from './later.tsx';
import { shortTime } from './short-time.ts';
import { useCard } from './use-card.ts';
import { plainTitle } from './words.ts';

/** Most cards are never opened. */
const ToolBody = later(async () => (await import('./cards.ts')).ToolBody);

type Shown = ToolCallStatus | 'unfinished';
const STATUS: Record<Shown, { word: string; glyph: GlyphName }> = {
  pending: { word: 'waiting', glyph: 'todo' },
  in_progress: { word: 'running', glyph: 'running' },
  completed: { word: 'done', glyph: 'done' },
  failed: { word: 'failed', glyph: 'failed' },
  unfinished: { word: 'not finished', glyph: 'stopping' },
};

interface Props {
  session: SessionRef;
  part: Extract<Part, { kind: 'tool' }>;
  /** Its turn runs: a call without an end in a turn that is over did not finish. */
  live: boolean;
  /** Names its card. */
  card: string;
}

export function ToolCallView({ session, part, live, card }: Props) {
  const { call, startedAt, endedAt } = part;
  const { kind = 'other', status = 'pending' } = call;
  const over = status === 'completed' || status === 'failed';
  const shown: Shown = over || live ? status : 'unfinished';
  const { props, needed } = useCard(session.logId, card, !live);
  const { word, glyph } = STATUS[shown];
  // What came and was over at once took no time that anybody knows of.
  const took = startedAt === undefined || endedAt === undefined ? 0 : endedAt - startedAt;
  return (
    <details class="tool" data-status={shown} data-kind={kind} {...props}>
      <summary>
        <span class="tool-title">{plainTitle(call.title)}</span>
        {kind === 'other' ? null : <span class="unseen">{kind.replaceAll('_', ' ')}</span>}
        <span class="tool-status">
          <Glyph name={glyph} />
          {word}
          {took < 50 ? null : <span class="tool-time">{shortTime(took)}</span>}
        </span>
      </summary>
      {needed ? <ToolBody call={call} card={card} /> : null}
    </details>
  );
}
